#include "options.h"
#include "scores.h"
#include "table.h"
#include "words.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

struct Rules {
  std::vector<std::string> any;
  std::vector<std::string> all;
  std::vector<std::string> none;
  bool ignore_case = false;
  bool whole_words = false;
};

class Contains final : public Scorer {
 public:
  explicit Contains(Rules rules) : rules_(std::move(rules)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const std::string text = prepared(input.completion.text);
    const auto missing = std::ranges::find_if(
        rules_.all, [&](const std::string& wanted) { return !holds(text, wanted); });
    if (missing != rules_.all.end()) {
      return fails(fmt::format("the answer lacks '{}'", clip(*missing, 60)));
    }
    const auto forbidden = std::ranges::find_if(
        rules_.none, [&](const std::string& unwanted) { return holds(text, unwanted); });
    if (forbidden != rules_.none.end()) {
      return fails(fmt::format("the answer holds the forbidden '{}'", clip(*forbidden, 60)));
    }
    const auto& any = uses_targets() ? input.item.targets : rules_.any;
    const auto found =
        std::ranges::find_if(any, [&](const std::string& wanted) { return holds(text, wanted); });
    if (found != any.end()) {
      return passed_or_not(
          "contains", true, *found, fmt::format("the answer holds '{}'", clip(*found, 60)));
    }
    if (!any.empty()) {
      return fails(any.size() == 1 ? fmt::format("the answer lacks '{}'", clip(any.front(), 60))
                                   : fmt::format("the answer holds none of {} texts", any.size()));
    }
    return passed_or_not(
        "contains", true, {}, "the answer holds what it must and nothing forbidden");
  }

  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    if (uses_targets() && rules_.none.empty() && item.targets.empty()) {
      return "scorer 'contains' needs a target, or one of the options 'any', 'all' and 'none'";
    }
    if (uses_targets() && std::ranges::any_of(item.targets, &std::string::empty)) {
      return "the target is empty, and every answer contains nothing";
    }
    return std::nullopt;
  }

 private:
  static Score fails(std::string reason) {
    Score score = passed_or_not("contains", false, {}, std::move(reason));
    score.answer.reset();
    return score;
  }

  [[nodiscard]] bool uses_targets() const { return rules_.any.empty() && rules_.all.empty(); }

  [[nodiscard]] std::string prepared(std::string_view text) const {
    return rules_.ignore_case ? casefold(text) : nfc(text);
  }

  [[nodiscard]] bool holds(std::string_view text, const std::string& wanted) const {
    const std::string phrase = prepared(wanted);
    for (std::size_t at = text.find(phrase); at != std::string_view::npos;
         at = text.find(phrase, at + 1)) {
      if (!rules_.whole_words || stands_alone(text, at, phrase.size())) {
        return true;
      }
    }
    return false;
  }

  // A border is asked for only where the phrase itself ends in a word character: "30%" has none.
  static bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
    const std::string_view phrase = text.substr(at, size);
    const std::string_view before = text.substr(0, at);
    const std::string_view after = text.substr(at + size);
    const bool joined_before =
        !before.empty() && is_word(back(before).value) && is_word(front(phrase).value);
    const bool joined_after =
        !after.empty() && is_word(front(after).value) && is_word(back(phrase).value);
    return !joined_before && !joined_after;
  }

  Rules rules_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Rules rules{.any = options.texts("any"),
              .all = options.texts("all"),
              .none = options.texts("none"),
              .ignore_case = options.flag("ignore_case", false),
              .whole_words = options.flag("whole_words", false)};
  return options.finish() ? std::make_unique<Contains>(std::move(rules)) : nullptr;
}

}  // namespace

constinit const Info contains_scorer{
    .name = "contains",
    .summary = "the answer contains a target, or the texts that are listed, and none forbidden",
    .options = "any, all, none, ignore_case, whole_words",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
