#include "options.h"
#include "scores.h"
#include "table.h"
#include "words.h"

#include <faceoff/base/regex.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::size_t kMaxMatches = Regex::kMaxMatches;

enum class Pick : std::uint8_t { first, last, all, nth };

struct Rules {
  Pick pick = Pick::first;
  std::size_t number = 1;            // for nth
  std::optional<std::size_t> group;  // absent: the first that took part, else the whole match
  TextRules text;
};

class Regexp final : public Scorer {
 public:
  Regexp(Regex regex, Rules rules) : regex_(std::move(regex)), rules_(rules) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto found = captures(input.completion.text);
    if (!found) {
      return not_judged("regex", Verdict::unscored, found.error().message);
    }
    const std::size_t wanted = rules_.pick == Pick::nth ? rules_.number : 1;
    if (found->size() < wanted) {
      return no_match(input, found->size());
    }
    const auto picked = pick(*found);
    if (input.item.targets.empty()) {
      return passed_or_not("regex", true, picked.front(), "the pattern matches");
    }
    const auto differs = std::ranges::find_if(
        picked, [&](const std::string& text) { return !equals_target(input.item, text); });
    const std::string& shown = differs == picked.end() ? picked.front() : *differs;
    return passed_or_not("regex",
                         differs == picked.end(),
                         shown,
                         fmt::format("the captured '{}' {} {}",
                                     clip(shown, 60),
                                     differs == picked.end() ? "equals" : "does not equal",
                                     name_targets(input.item)));
  }

 private:
  // What every match captured, up to the last one that `pick` can ask for.
  [[nodiscard]] Result<std::vector<std::string>> captures(std::string_view answer) const {
    const std::string text = to_valid_utf8(answer);
    const std::size_t enough = rules_.pick == Pick::first ? 1
                               : rules_.pick == Pick::nth ? rules_.number
                                                          : kMaxMatches + 1;
    FACEOFF_TRY_ASSIGN(const auto matches, regex_.match_all(text, enough));
    if (matches.size() > kMaxMatches) {
      return fail(ErrorKind::protocol,
                  fmt::format("the pattern matches more than {} times", kMaxMatches));
    }
    std::vector<std::string> found;
    found.reserve(matches.size());
    for (const Regex::Match& match : matches) {
      found.push_back(captured(match));
    }
    return found;
  }

  [[nodiscard]] std::string captured(const Regex::Match& match) const {
    if (rules_.group) {
      return match.groups.at(*rules_.group).value_or(std::string());
    }
    const auto took_part = std::find_if(match.groups.begin() + 1,
                                        match.groups.end(),
                                        [](const auto& group) { return group.has_value(); });
    return took_part == match.groups.end() ? match.groups.front().value_or(std::string())
                                           : **took_part;
  }

  [[nodiscard]] std::vector<std::string> pick(const std::vector<std::string>& found) const {
    switch (rules_.pick) {
      case Pick::first:
        return {found.front()};
      case Pick::last:
        return {found.back()};
      case Pick::nth:
        return {found[rules_.number - 1]};
      case Pick::all:
        break;
    }
    return found;
  }

  [[nodiscard]] Score no_match(const Input& input, std::size_t count) const {
    std::string reason =
        count == 0
            ? std::string("the pattern does not match")
            : fmt::format("the pattern matches {} times, not {} times", count, rules_.number);
    if (!input.item.targets.empty()) {
      return not_judged("regex", Verdict::no_extraction, std::move(reason));
    }
    Score score = passed_or_not("regex", false, {}, std::move(reason));
    score.answer.reset();
    return score;
  }

  [[nodiscard]] bool equals_target(const suite::Case& item, const std::string& text) const {
    const std::string prepared = normalize(text, rules_.text);
    return std::ranges::any_of(item.targets, [&](const std::string& target) {
      return normalize(target, rules_.text) == prepared;
    });
  }

  Regex regex_;
  Rules rules_;
};

void read_pick(Options& options, Rules& rules) {
  const doc::Node* node = options.node("pick");
  if (node == nullptr) {
    return;
  }
  if (node->is_scalar() && (node->text == "first" || node->text == "last" || node->text == "all")) {
    rules.pick = node->text == "first"  ? Pick::first
                 : node->text == "last" ? Pick::last
                                        : Pick::all;
    return;
  }
  const char* end = node->text.data() + node->text.size();
  const auto parsed = std::from_chars(node->text.data(), end, rules.number);
  rules.pick = Pick::nth;
  if (!node->is_scalar() || parsed.ec != std::errc() || parsed.ptr != end || rules.number < 1 ||
      rules.number > kMaxMatches) {
    options.wrong(
        "pick",
        fmt::format("'pick' must be first, last, all or a number from 1 to {}", kMaxMatches));
  }
}

void check_group(Options& options, std::int64_t group, const Regex& regex, Rules& rules) {
  const auto count = static_cast<std::int64_t>(regex.groups());
  if (group < 0 || group > count) {
    options.wrong("group",
                  fmt::format("the pattern has no group {}", group),
                  fmt::format("groups run from 0 (the whole match) to {}", count));
  } else {
    rules.group = static_cast<std::size_t>(group);
  }
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  const doc::Node* node = options.required("pattern");
  const auto group = options.integer("group");
  Rules rules;
  read_pick(options, rules);
  Regex::Options flags;
  flags.multi_line = options.flag("multi_line", false);
  flags.dot_all = options.flag("dot_all", false);
  rules.text = read_text_rules(options);
  flags.ignore_case = rules.text.ignore_case;
  const auto pattern =
      node == nullptr ? std::nullopt : doc::as_string(options.context(), *node, "pattern");
  auto regex = Regex::compile(pattern.value_or(""), flags);
  if (!regex) {
    options.context().error(node->span, "bad-pattern", regex.error().message);
  } else if (pattern && group) {
    check_group(options, *group, *regex, rules);
  }
  return options.finish() ? std::make_unique<Regexp>(*std::move(regex), rules) : nullptr;
}

}  // namespace

constinit const Info regex_scorer{
    .name = "regex",
    .summary = "a pattern matches the answer, and what it captures equals a target",
    .options =
        "pattern, group, pick, dot_all, multi_line, trim, ignore_case, ignore_punctuation, "
        "ignore_final_period, collapse_space, nfc",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
