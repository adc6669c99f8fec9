#include "html_trial.h"

#include "html_text.h"

#include <faceoff/base/units.h>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

constexpr std::size_t kMostText = 4096;
constexpr std::size_t kMostReason = 1000;

// {"t": text, "n": bytes of the whole where it was cut}
void put_text(Json& out, const char* name, const char* length, const std::string& text) {
  if (text.empty()) {
    return;
  }
  out[name] = cut_text(text, kMostText);
  if (text.size() > kMostText) {
    out[length] = text.size();
  }
}

void put_ms(Json& out, const char* name, const std::optional<Duration>& time) {
  if (time) {
    out[name] = std::round(to_ms(*time) * 100) / 100;
  }
}

std::string_view verdict_word(score::Verdict verdict) {
  switch (verdict) {
    case score::Verdict::scored:
      return "scored";
    case score::Verdict::no_extraction:
      return "no extractable answer";
    case score::Verdict::unscored:
      return "could not decide";
  }
  return "";
}

Json score_json(const score::Score& score) {
  Json out{{"n", cut_text(scorer_name(score), 200)}};
  if (score.verdict == score::Verdict::scored) {
    out["v"] = number(score.value);
  } else {
    out["d"] = verdict_word(score.verdict);
  }
  if (score.answer) {
    out["a"] = cut_text(*score.answer, kMostReason);
  }
  if (!score.reason.empty()) {
    out["w"] = cut_text(score.reason, kMostReason);
  }
  if (!score.counts) {
    out["x"] = 1;
  }
  for (const score::TraceStep& step : score.trace) {
    out["tr"].push_back({cut_text(step.step, 200),
                         step.taken ? Json(cut_text(*step.taken, kMostReason)) : Json(nullptr)});
  }
  return out;
}

Json attempt_json(const store::Attempt& attempt) {
  Json out{{"h", attempt.http_status}, {"s", attempt.started_utc}};
  if (attempt.failure) {
    out["k"] = backend::to_string(*attempt.failure);
  }
  if (attempt.waited.count() > 0) {
    out["w"] = std::round(to_ms(attempt.waited));
  }
  out["t"] = std::round(to_ms(attempt.took));
  const std::string& message = attempt.message.empty() ? attempt.note : attempt.message;
  if (!message.empty()) {
    out["m"] = cut_text(message, kMostReason);
  }
  return out;
}

void put_completion(Json& out, const chat::Completion& completion) {
  put_text(out, "t", "tn", completion.text);
  put_text(out, "R", "Rn", completion.reasoning);
  if (completion.refusal) {
    out["f"] = cut_text(*completion.refusal, kMostReason);
  }
  for (const chat::ToolCall& call : completion.tool_calls) {
    out["tc"].push_back({cut_text(call.name, 200), cut_text(call.arguments, kMostText)});
  }
  if (!completion.finish_text.empty()) {
    out["fin"] = cut_text(completion.finish_text, 100);
  }
  if (!completion.model.empty()) {
    out["mo"] = cut_text(completion.model, 200);
  }
  Json tokens = Json::array();
  const chat::Usage& u = completion.usage;
  for (const auto& count :
       {u.prompt_tokens, u.completion_tokens, u.cached_tokens, u.reasoning_tokens}) {
    tokens.push_back(count ? Json(*count) : Json(nullptr));
  }
  out["u"] = std::move(tokens);
}

Json trial_json(const store::Record& record) {
  Json out{{"o", score::to_string(record.outcome)}, {"v", number(record.value)}};
  if (record.repeat > 0) {
    out["r"] = record.repeat;
  }
  put_completion(out, record.completion);
  for (const score::Score& score : record.scores) {
    out["s"].push_back(score_json(score));
  }
  if (record.error) {
    out["e"] = {backend::to_string(*record.error), cut_text(record.error_message, kMostReason)};
  }
  put_ms(out, "ttft", record.timing.ttft);
  put_ms(out, "e2e", record.timing.e2e);
  put_ms(out, "tpot", record.timing.tpot);
  if (record.cost) {
    out["c"] = decimal_dollars(*record.cost);
  }
  if (record.attempts.size() > 1 || record.error) {
    for (const store::Attempt& attempt : record.attempts) {
      out["at"].push_back(attempt_json(attempt));
    }
  }
  for (const std::string& warning : record.warnings) {
    out["w"].push_back(cut_text(warning, kMostReason));
  }
  if (record.cached) {
    out["ca"] = 1;
  }
  if (record.suspended) {
    out["su"] = 1;
  }
  return out;
}

}  // namespace

std::string scorer_name(const score::Score& score) {
  return score.label.empty() ? score.scorer : fmt::format("{} ({})", score.label, score.scorer);
}

std::string parameters_text(const chat::Params& p) {
  std::string text;
  const auto put = [&text](std::string_view name, const auto& value) {
    if (value) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, *value);
    }
  };
  put("temperature", p.temperature);
  put("top_p", p.top_p);
  put("top_k", p.top_k);
  put("min_p", p.min_p);
  put("repeat_penalty", p.repeat_penalty);
  put("presence_penalty", p.presence_penalty);
  put("frequency_penalty", p.frequency_penalty);
  put("max_tokens", p.max_tokens);
  put("seed", p.seed);
  put("reasoning_effort", p.reasoning_effort);
  return text.empty() ? "the server's own" : text;
}

Json case_json(const CaseView& view) {
  Json messages = Json::array();
  for (const chat::Message& message : view.messages) {
    Json row{cut_text(chat::to_string(message.role), 20), cut_text(message.text, kMostText)};
    if (message.text.size() > kMostText) {
      row.push_back(message.text.size());
    }
    messages.push_back(std::move(row));
  }
  Json targets = Json::array();
  for (const std::string& target : view.targets) {
    targets.push_back(cut_text(target, kMostReason));
  }
  Json answers = Json::array();
  for (const auto& trials : view.answers) {
    Json column = Json::array();
    for (const store::Record& record : trials) {
      column.push_back(trial_json(record));
    }
    answers.push_back(std::move(column));
  }
  Json out{{"m", std::move(messages)}, {"g", std::move(targets)}, {"a", std::move(answers)}};
  if (!view.cluster.empty()) {
    out["cl"] = cut_text(view.cluster, 200);
  }
  if (!view.same_prompt) {
    out["dp"] = 1;
  }
  return out;
}

}  // namespace faceoff::report
