#include "html_trial.h"

#include "html_text.h"

#include <faceoff/base/units.h>
#include <faceoff/store/json_line.h>

#include <cmath>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using store::JsonLine;

constexpr std::size_t kMostText = 4096;
constexpr std::size_t kMostReason = 1000;

// "t": text, "n": bytes of the whole where it was cut
void put_text(JsonLine& out,
              std::string_view name,
              std::string_view length,
              const std::string& text) {
  if (text.empty()) {
    return;
  }
  out.member(name, cut_text(text, kMostText));
  if (text.size() > kMostText) {
    out.member(length, text.size());
  }
}

void put_ms(JsonLine& out, std::string_view name, const std::optional<Duration>& time) {
  if (time) {
    out.member(name, std::round(to_ms(*time) * 100) / 100);
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

void write_score(JsonLine& out, const score::Score& score) {
  out.open('{').member("n", cut_text(scorer_name(score), 200));
  if (score.verdict == score::Verdict::scored) {
    out.member("v", score.value);
  } else {
    out.member("d", verdict_word(score.verdict));
  }
  if (score.answer) {
    out.member("a", cut_text(*score.answer, kMostReason));
  }
  if (!score.reason.empty()) {
    out.member("w", cut_text(score.reason, kMostReason));
  }
  if (!score.counts) {
    out.member("x", 1);
  }
  if (!score.trace.empty()) {
    out.key("tr").open('[');
    for (const score::TraceStep& step : score.trace) {
      out.open('[').value(cut_text(step.step, 200));
      if (step.taken) {
        out.value(cut_text(*step.taken, kMostReason));
      } else {
        out.null();
      }
      out.close(']');
    }
    out.close(']');
  }
  out.close('}');
}

void write_attempt(JsonLine& out, const store::Attempt& attempt) {
  out.open('{').member("h", attempt.http_status).member("s", cut_text(attempt.started_utc, 40));
  if (attempt.failure) {
    out.member("k", backend::to_string(*attempt.failure));
  }
  if (attempt.waited.count() > 0) {
    out.member("w", std::round(to_ms(attempt.waited)));
  }
  out.member("t", std::round(to_ms(attempt.took)));
  const std::string& message = attempt.message.empty() ? attempt.note : attempt.message;
  if (!message.empty()) {
    out.member("m", cut_text(message, kMostReason));
  }
  out.close('}');
}

void write_completion(JsonLine& out, const chat::Completion& completion) {
  put_text(out, "t", "tn", completion.text);
  put_text(out, "R", "Rn", completion.reasoning);
  if (completion.refusal) {
    out.member("f", cut_text(*completion.refusal, kMostReason));
  }
  if (!completion.tool_calls.empty()) {
    out.key("tc").open('[');
    for (const chat::ToolCall& call : completion.tool_calls) {
      out.open('[')
          .value(cut_text(call.name, 200))
          .value(cut_text(call.arguments, kMostText))
          .close(']');
    }
    out.close(']');
  }
  if (!completion.finish_text.empty()) {
    out.member("fin", cut_text(completion.finish_text, 100));
  }
  if (!completion.model.empty()) {
    out.member("mo", cut_text(completion.model, 200));
  }
  const chat::Usage& u = completion.usage;
  out.key("u")
      .open('[')
      .value(u.prompt_tokens)
      .value(u.completion_tokens)
      .value(u.cached_tokens)
      .value(u.reasoning_tokens)
      .close(']');
}

void write_trial(JsonLine& out, const store::Record& record) {
  out.open('{').member("o", score::to_string(record.outcome)).member("v", record.value);
  if (record.repeat > 0) {
    out.member("r", record.repeat);
  }
  write_completion(out, record.completion);
  if (!record.scores.empty()) {
    out.key("s").open('[');
    for (const score::Score& score : record.scores) {
      write_score(out, score);
    }
    out.close(']');
  }
  if (record.error) {
    out.key("e")
        .open('[')
        .value(backend::to_string(*record.error))
        .value(cut_text(record.error_message, kMostReason))
        .close(']');
  }
  put_ms(out, "ttft", record.timing.ttft);
  put_ms(out, "e2e", record.timing.e2e);
  put_ms(out, "tpot", record.timing.tpot);
  if (record.cost) {
    out.member("c", decimal_dollars(*record.cost));
  }
  if (record.attempts.size() > 1 || (record.error && !record.attempts.empty())) {
    out.key("at").open('[');
    for (const store::Attempt& attempt : record.attempts) {
      write_attempt(out, attempt);
    }
    out.close(']');
  }
  if (!record.warnings.empty()) {
    out.key("w").open('[');
    for (const std::string& warning : record.warnings) {
      out.value(cut_text(warning, kMostReason));
    }
    out.close(']');
  }
  if (record.cached) {
    out.member("ca", 1);
  }
  if (record.suspended) {
    out.member("su", 1);
  }
  out.close('}');
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
  put("top_logprobs", p.top_logprobs);
  put("reasoning_effort", p.reasoning_effort);
  return text.empty() ? "the server's own" : text;
}

std::string case_json(const CaseView& view) {
  JsonLine out;
  out.open('{').key("m").open('[');
  for (const chat::Message& message : view.messages) {
    out.open('[')
        .value(cut_text(chat::to_string(message.role), 20))
        .value(cut_text(message.text, kMostText));
    if (message.text.size() > kMostText) {
      out.value(message.text.size());
    }
    out.close(']');
  }
  out.close(']').key("g").open('[');
  for (const std::string& target : view.targets) {
    out.value(cut_text(target, kMostReason));
  }
  out.close(']').key("a").open('[');
  for (const auto& trials : view.answers) {
    out.open('[');
    for (const store::Record& record : trials) {
      write_trial(out, record);
    }
    out.close(']');
  }
  out.close(']');
  if (!view.cluster.empty()) {
    out.member("cl", cut_text(view.cluster, 200));
  }
  if (!view.same_prompt) {
    out.member("dp", 1);
  }
  return out.close('}').take();
}

}  // namespace faceoff::report
