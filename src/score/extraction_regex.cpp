#include "extraction_steps.h"

#include <faceoff/base/regex.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

enum class Pick : std::uint8_t { nth, last, all };

struct RegexRules {
  Pick pick = Pick::nth;
  std::size_t number = 1;
  std::optional<std::size_t> group;
};

std::optional<std::string> captured(const Regex::Match& match, std::optional<std::size_t> group) {
  if (group) {
    return match.groups.at(*group).value_or(std::string());
  }
  if (match.groups.size() <= 2) {
    return match.groups.back().value_or(std::string());
  }
  // Of several groups the first that holds something, as lm-evaluation-harness takes them.
  for (std::size_t i = 1; i < match.groups.size(); ++i) {
    if (match.groups[i] && !match.groups[i]->empty()) {
      return match.groups[i];
    }
  }
  return std::nullopt;
}

class RegexStep final : public Step {
 public:
  RegexStep(Regex regex, const RegexRules& rules) : regex_(std::move(regex)), rules_(rules) {}

  [[nodiscard]] Result<std::vector<std::string>> apply(
      const std::vector<std::string>& values) const override {
    std::vector<std::string> out;
    for (const std::string& value : values) {
      const std::size_t most = rules_.pick == Pick::nth ? rules_.number : Regex::kMaxMatches + 1;
      FACEOFF_TRY_ASSIGN(const auto found, regex_.match_all(value, most));
      if (found.size() > Regex::kMaxMatches) {
        return fail(ErrorKind::protocol,
                    fmt::format("the pattern matches more than {} times", Regex::kMaxMatches));
      }
      if (rules_.pick == Pick::all) {
        for (const auto& match : found) {
          add(match, out);
        }
      } else if (found.size() >= rules_.number) {
        add(found.back(), out);
      }
    }
    return out;
  }

 private:
  void add(const Regex::Match& match, std::vector<std::string>& out) const {
    if (auto text = captured(match, rules_.group)) {
      out.push_back(*std::move(text));
    }
  }

  Regex regex_;
  RegexRules rules_;
};

class RemoveStep final : public Step {
 public:
  explicit RemoveStep(Regex regex) : regex_(std::move(regex)) {}
  [[nodiscard]] Result<std::vector<std::string>> apply(
      const std::vector<std::string>& values) const override {
    std::vector<std::string> out;
    for (const std::string& value : values) {
      FACEOFF_TRY_ASSIGN(auto kept, regex_.replace_all(value, ""));
      out.push_back(std::move(kept));
    }
    return out;
  }

 private:
  Regex regex_;
};

void read_pick(const doc::Context& context, const doc::Node& node, RegexRules& rules) {
  if (node.is_scalar() && (node.text == "first" || node.text == "last" || node.text == "all")) {
    rules.pick = node.text == "last" ? Pick::last : node.text == "all" ? Pick::all : Pick::nth;
    return;
  }
  const char* end = node.text.data() + node.text.size();
  const auto parsed = std::from_chars(node.text.data(), end, rules.number);
  if (!node.is_scalar() || parsed.ec != std::errc() || parsed.ptr != end || rules.number < 1 ||
      rules.number > Regex::kMaxMatches) {
    context.error(node.span,
                  "wrong-value",
                  fmt::format("'pick' must be first, last, all or a number from 1 to {}",
                              Regex::kMaxMatches));
  }
}

std::optional<Regex> compile(const doc::Context& context,
                             const doc::Node& node,
                             Regex::Options options) {
  const auto pattern = doc::as_string(context, node, "pattern");
  if (!pattern) {
    return std::nullopt;
  }
  auto regex = Regex::compile(*pattern, options);
  if (!regex) {
    context.error(node.span, "bad-pattern", regex.error().message);
    return std::nullopt;
  }
  return *std::move(regex);
}

}  // namespace

std::unique_ptr<const Step> read_regex_step(const doc::Context& context,
                                            const doc::Node& at,
                                            const doc::Node* value) {
  if (value == nullptr) {
    context.error(at.span, "missing-value", "the step 'regex' needs a pattern");
    return nullptr;
  }
  RegexRules rules;
  if (!value->is_mapping()) {
    auto regex = compile(context, *value, {});
    return regex ? std::make_unique<RegexStep>(*std::move(regex), rules) : nullptr;
  }
  doc::MappingReader reader(context, *value, "the step 'regex'");
  const doc::Node* pattern = reader.require("pattern");
  Regex::Options options;
  const auto flag = [&](std::string_view key) {
    const doc::Node* node = reader.get(key);
    return node != nullptr && doc::as_bool(context, *node, key).value_or(false);
  };
  options.ignore_case = flag("ignore_case");
  options.multi_line = flag("multi_line");
  options.dot_all = flag("dot_all");
  if (const doc::Node* pick = reader.get("pick")) {
    read_pick(context, *pick, rules);
  }
  const doc::Node* group = reader.get("group");
  reader.finish();
  auto regex = pattern == nullptr ? std::nullopt : compile(context, *pattern, options);
  if (regex && group != nullptr) {
    const auto number = doc::as_integer(context, *group, "group");
    const auto most = static_cast<std::int64_t>(regex->groups());
    if (number && (*number < 0 || *number > most)) {
      context.error(group->span,
                    "wrong-value",
                    fmt::format("the pattern has no group {}", *number),
                    {},
                    fmt::format("groups run from 0 (the whole match) to {}", most));
      return nullptr;
    }
    rules.group = number ? std::optional(static_cast<std::size_t>(*number)) : std::nullopt;
  }
  return regex ? std::make_unique<RegexStep>(*std::move(regex), rules) : nullptr;
}

std::unique_ptr<const Step> read_remove_step(const doc::Context& context,
                                             const doc::Node& at,
                                             const doc::Node* value) {
  if (value == nullptr) {
    context.error(at.span, "missing-value", "the step 'remove' needs a pattern");
    return nullptr;
  }
  auto regex = compile(context, *value, {});
  return regex ? std::make_unique<RemoveStep>(*std::move(regex)) : nullptr;
}

}  // namespace faceoff::score
