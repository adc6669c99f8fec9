#include "words.h"

#include <faceoff/base/digest.h>
#include <faceoff/score/asking.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

using suite::Combine;

bool is_refused(const chat::Completion& completion) {
  return (completion.refusal.has_value() && !is_blank(*completion.refusal)) ||
         completion.finish == chat::Finish::content_filter;
}

bool is_empty(const chat::Completion& completion) {
  return is_blank(completion.text) && completion.tool_calls.empty();
}

bool is_truncated(const Input& input) {
  const chat::Finish finish = input.completion.finish;
  return finish == chat::Finish::none ||
         (finish == chat::Finish::length && input.item.on_truncated == suite::OnTruncated::zero);
}

bool any(const std::vector<Score>& scores, Verdict verdict) {
  return std::ranges::any_of(
      scores, [&](const Score& score) { return score.counts && score.verdict == verdict; });
}

Combine how(const suite::Case& item, const std::vector<Score>& scores) {
  const bool weighted = std::ranges::any_of(
      scores, [](const Score& score) { return score.counts && score.weight.has_value(); });
  return item.combine.value_or(weighted ? Combine::mean : Combine::lowest);
}

// Of those that count; nullopt when none does.
std::optional<double> combined(const std::vector<Score>& scores, Combine combine) {
  std::optional<double> lowest;
  double sum = 0.0;
  double weights = 0.0;
  for (const Score& score : scores) {
    if (score.counts) {
      lowest = std::min(lowest.value_or(score.value), score.value);
      const double weight = score.weight.value_or(1.0);
      sum += weight * score.value;
      weights += weight;
    }
  }
  return combine == Combine::mean && weights > 0.0 ? std::optional(sum / weights) : lowest;
}

Score waiting(std::string_view scorer, std::string_view why) {
  Score score;
  score.scorer = scorer;
  score.verdict = Verdict::unscored;
  score.reason = why;
  score.judged = Judged{};
  score.judged->awaits = true;
  return score;
}

}  // namespace

std::optional<std::string_view> forfeits(const Input& input) {
  if (is_refused(input.completion)) {
    return "was refused";
  }
  if (is_empty(input.completion)) {
    return "is empty";
  }
  return is_truncated(input) ? std::optional<std::string_view>("was cut off") : std::nullopt;
}

bool Examination::advance(const Input& input, Scorers scorers) {
  scores_.resize(scorers.size());
  exchanges_.resize(scorers.size());
  if (is_refused(input.completion) || is_empty(input.completion)) {
    over_ = true;
    return false;
  }
  for (std::size_t i = 0; i < scorers.size(); ++i) {
    if (scores_[i] || scorers[i]->pairing() != nullptr) {
      continue;
    }
    const AskingScorer* asking = scorers[i]->asking();
    if (asking == nullptr) {
      scores_[i] = scorers[i]->score(input);
      continue;
    }
    auto next = asking->next(input, exchanges_[i]);
    if (auto* score = std::get_if<Score>(&next)) {
      scores_[i] = std::move(*score);
      continue;
    }
    for (auto& question : std::get<std::vector<Question>>(next)) {
      open_.push_back({.scorer = i, .question = std::move(question)});
    }
  }
  return !open_.empty();
}

Judgement Examination::judgement(const Input& input, Scorers scorers) const {
  Judgement result;
  result.value = 0.0;
  if (is_refused(input.completion)) {
    result.outcome = Outcome::refused;
    return result;
  }
  if (is_empty(input.completion)) {
    result.outcome = Outcome::empty;
    return result;
  }
  for (std::size_t i = 0; i < scorers.size(); ++i) {
    result.scores.push_back(scores_[i] ? *scores_[i] : scorers[i]->score(input));
  }
  result.combined = how(input.item, result.scores);
  const auto value = combined(result.scores, result.combined);
  if (is_truncated(input)) {
    result.outcome = Outcome::truncated;
  } else if (!value || any(result.scores, Verdict::unscored)) {
    result.outcome = Outcome::unscored;
    result.value.reset();
  } else if (any(result.scores, Verdict::no_extraction)) {
    result.outcome = Outcome::no_extraction;
  } else {
    result.outcome = Outcome::scored;
    result.value = value;
    if (input.item.threshold) {
      result.graded = value;
      result.value = *value >= *input.item.threshold ? 1.0 : 0.0;
    }
  }
  return result;
}

Score AskingScorer::score(const Input& /*input*/) const {
  return waiting(name(), "no model has been asked");
}

Score PairScorer::score(const Input& /*input*/) const {
  return waiting(name(), "the answers of the backends have not been compared");
}

std::string question_digest(const chat::Request& request) {
  std::string text = request.wants == chat::Wants::embeddings ? "embeddings\n" : "answer\n";
  for (const auto& message : request.messages) {
    text +=
        fmt::format("{}:{}:{}\n", chat::to_string(message.role), message.text.size(), message.text);
  }
  const chat::Params& p = request.params;
  const auto put = [&text](std::string_view name, const auto& value) {
    if (value) {
      text += fmt::format("{}={}\n", name, *value);
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
  put("response_format", p.response_format);
  for (const auto& stop : p.stop) {
    text += fmt::format("stop={}:{}\n", stop.size(), stop);
  }
  return sha256_hex(text);
}

}  // namespace faceoff::score
