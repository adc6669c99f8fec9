#include <faceoff/score/asking.h>

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
  Examination examination;
  examination.advance(input, scorers);
  return examination.judgement(input, scorers);
}

}  // namespace faceoff::score
