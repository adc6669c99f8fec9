#include "words.h"

#include <faceoff/score/scorer.h>

#include <algorithm>
#include <array>
#include <utility>

namespace faceoff::score {
namespace {

using Name = std::pair<Outcome, std::string_view>;
constexpr std::array<Name, 7> kNames{{{Outcome::scored, "scored"},
                                      {Outcome::no_extraction, "no_extraction"},
                                      {Outcome::empty, "empty"},
                                      {Outcome::truncated, "truncated"},
                                      {Outcome::refused, "refused"},
                                      {Outcome::unscored, "unscored"},
                                      {Outcome::failed, "failed"}}};

bool is_refused(const chat::Completion& completion) {
  return (completion.refusal.has_value() && !is_blank(*completion.refusal)) ||
         completion.finish == chat::Finish::content_filter;
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

// The lowest value of those that count; nullopt when none does.
std::optional<double> lowest(const std::vector<Score>& scores) {
  std::optional<double> value;
  for (const Score& score : scores) {
    if (score.counts && (!value || score.value < *value)) {
      value = score.value;
    }
  }
  return value;
}

}  // namespace

std::string_view to_string(Outcome outcome) noexcept {
  const auto it = std::ranges::find(kNames, outcome, &Name::first);
  return it == kNames.end() ? std::string_view() : it->second;
}

std::optional<Outcome> parse_outcome(std::string_view text) noexcept {
  const auto it = std::ranges::find(kNames, text, &Name::second);
  return it == kNames.end() ? std::nullopt : std::optional(it->first);
}

Judgement judge(const Input& input, std::span<const std::shared_ptr<const Scorer>> scorers) {
  Judgement result;
  result.value = 0.0;
  if (is_refused(input.completion)) {
    result.outcome = Outcome::refused;
    return result;
  }
  if (is_blank(input.completion.text) && input.completion.tool_calls.empty()) {
    result.outcome = Outcome::empty;
    return result;
  }
  for (const auto& scorer : scorers) {
    result.scores.push_back(scorer->score(input));
  }
  if (is_truncated(input)) {
    result.outcome = Outcome::truncated;
  } else if (!lowest(result.scores) || any(result.scores, Verdict::unscored)) {
    result.outcome = Outcome::unscored;
    result.value.reset();
  } else if (any(result.scores, Verdict::no_extraction)) {
    result.outcome = Outcome::no_extraction;
  } else {
    result.outcome = Outcome::scored;
    result.value = lowest(result.scores);
  }
  return result;
}

}  // namespace faceoff::score
