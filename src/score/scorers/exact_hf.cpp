#include "options.h"
#include "python_text.h"
#include "scores.h"
#include "table.h"

#include <faceoff/base/regex.h>
#include <faceoff/base/unicode.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

struct Rules {
  std::vector<Regex> ignored;
  bool ignore_case = false;
  bool ignore_punctuation = false;
  bool ignore_numbers = false;
};

class ExactHf final : public Scorer {
 public:
  explicit ExactHf(Rules rules) : rules_(std::move(rules)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto answer = prepared(input.completion.text);
    if (!answer) {
      return not_judged("exact/hf", Verdict::unscored, answer.error().message);
    }
    const bool equal = std::ranges::any_of(input.item.targets, [&](const std::string& target) {
      const auto wanted = prepared(target);
      return wanted && *wanted == *answer;
    });
    return passed_or_not("exact/hf",
                         equal,
                         *answer,
                         fmt::format("the answer '{}' {} {}",
                                     clip(*answer, 60),
                                     equal ? "equals" : "does not equal",
                                     name_targets(input.item)));
  }

  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    for (const std::string& target : item.targets) {
      if (const auto wanted = prepared(target); !wanted) {
        return fmt::format("the target '{}': {}", clip(target, 60), wanted.error().message);
      }
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] Result<std::string> prepared(std::string_view text) const {
    std::string out(text);
    for (const Regex& pattern : rules_.ignored) {
      FACEOFF_TRY_ASSIGN(out, pattern.replace_all(out, ""));
    }
    if (rules_.ignore_case) {
      out = lower(out);
    }
    std::erase_if(out, [&](char c) {
      return (rules_.ignore_punctuation && is_punctuation(c)) ||
             (rules_.ignore_numbers && c >= '0' && c <= '9');
    });
    return out;
  }

  Rules rules_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Rules rules;
  for (const std::string& pattern : options.texts("regexes_to_ignore")) {
    auto regex = Regex::compile(pattern);
    if (regex) {
      rules.ignored.push_back(*std::move(regex));
    } else {
      options.wrong("regexes_to_ignore",
                    fmt::format("'{}': {}", clip(pattern, 60), regex.error().message));
    }
  }
  rules.ignore_case = options.flag("ignore_case", false);
  rules.ignore_punctuation = options.flag("ignore_punctuation", false);
  rules.ignore_numbers = options.flag("ignore_numbers", false);
  return options.finish() ? std::make_unique<ExactHf>(std::move(rules)) : nullptr;
}

}  // namespace

constinit const Info exact_hf_scorer{
    .name = "exact/hf",
    .summary = "the answer equals a target byte by byte, as exact_match of HF evaluate and lm-eval",
    .options = "regexes_to_ignore, ignore_case, ignore_punctuation, ignore_numbers",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
