#include "chat_request.h"
#include "script_reader.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/doc/reader.h>
#include <faceoff/simulate/script.h>
#include <faceoff/suite/suite.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

struct DialectName {
  Dialect dialect;
  std::string_view name;
};
constexpr std::array kDialects{DialectName{Dialect::openai, "openai"},
                               DialectName{Dialect::llama_server, "llama-server"},
                               DialectName{Dialect::ollama, "ollama"}};

struct FinishName {
  chat::Finish finish;
  std::string_view name;
};
constexpr std::array kFinishes{FinishName{chat::Finish::stop, "stop"},
                               FinishName{chat::Finish::length, "length"},
                               FinishName{chat::Finish::tool_calls, "tool_calls"},
                               FinishName{chat::Finish::content_filter, "content_filter"}};

constexpr IntegerRange kCounts{1, std::numeric_limits<std::int32_t>::max()};

void read_dialect(const doc::Context& context, doc::MappingReader& mapping, Script& script) {
  const doc::Node* node = mapping.get("dialect");
  if (node == nullptr) {
    return;
  }
  const auto word = doc::as_string(context, *node, "dialect");
  const auto* const row = std::ranges::find(kDialects, word.value_or(""), &DialectName::name);
  if (row != kDialects.end()) {
    script.dialect = row->dialect;
  } else if (word) {
    unknown_word(context, *node, "dialect", {"openai", "llama-server", "ollama"});
  }
}

void read_finish(const doc::Context& context, doc::MappingReader& mapping, Answer& answer) {
  const doc::Node* node = mapping.get("finish");
  if (node == nullptr) {
    return;
  }
  const auto word = doc::as_string(context, *node, "finish");
  const auto* const row = std::ranges::find(kFinishes, word.value_or(""), &FinishName::name);
  if (row != kFinishes.end()) {
    answer.finish = row->finish;
  } else if (word) {
    unknown_word(context, *node, "finish", {"stop", "length", "tool_calls", "content_filter"});
  }
}

void read_tool_call(const doc::Context& context, doc::MappingReader& rule, Answer& answer) {
  const doc::Node* node = rule.get("tool_call");
  if (node == nullptr) {
    return;
  }
  doc::MappingReader mapping(context, *node, "a tool call");
  chat::ToolCall call{.id = "call_simulated", .name = {}, .arguments = "{}"};
  if (const doc::Node* name = mapping.require("name")) {
    call.name = doc::as_string(context, *name, "name").value_or("");
  }
  if (const doc::Node* arguments = mapping.get("arguments")) {
    call.arguments = arguments->is_mapping()
                         ? doc::to_json(*arguments)
                         : doc::as_string(context, *arguments, "arguments").value_or("{}");
    if (!is_json_object(call.arguments)) {
      context.error(arguments->span,
                    "bad-arguments",
                    fmt::format("'arguments' must be a JSON object, found '{}'", call.arguments));
    }
  }
  mapping.finish();
  answer.tool_call = std::move(call);
  answer.finish = chat::Finish::tool_calls;
}

void read_rule(const doc::Context& context, const doc::Node& node, Script& script) {
  doc::MappingReader mapping(context, node, "a rule");
  Rule rule;
  const doc::Node* match = mapping.get("match");
  const doc::Node* regex = mapping.get("match_regex");
  if (node.is_mapping() && (match == nullptr) == (regex == nullptr)) {
    context.error(node.span,
                  "rule-pattern",
                  "a rule needs either 'match' or 'match_regex'",
                  match == nullptr ? "neither is here" : "both are here");
  }
  if (match != nullptr) {
    rule.match = doc::as_string(context, *match, "match").value_or("");
  } else if (regex != nullptr) {
    rule.regex = read_regex(context, *regex);
  }
  read_text(context, mapping, "answer", rule.answer.text);
  read_text(context, mapping, "reasoning", rule.answer.reasoning);
  read_tool_call(context, mapping, rule.answer);
  read_finish(context, mapping, rule.answer);
  if (const doc::Node* refusal = mapping.get("refusal")) {
    rule.answer.refusal = doc::as_string(context, *refusal, "refusal");
  }
  mapping.finish();
  script.rules.push_back(std::move(rule));
}

void read_default(const doc::Context& context, doc::MappingReader& mapping, Script& script) {
  read_text(context, mapping, "default", script.fallback.text);
  script.echo = script.fallback.text == "echo";
  script.clock = script.fallback.text == "clock";
}

void read_odds(const doc::Context& context,
               doc::MappingReader& mapping,
               std::string_view key,
               double& share) {
  const doc::Node* node = mapping.get(key);
  const auto value = node == nullptr ? std::nullopt : doc::as_number(context, *node, key);
  if (!value) {
    return;
  }
  if (*value < 0.0 || *value > 1.0) {
    context.error(node->span,
                  "out-of-range",
                  fmt::format("'{}' must be from 0 to 1, found {}", key, node->text));
    return;
  }
  share = *value;
}

void read_judge(const doc::Context& context, doc::MappingReader& script, JudgeRole& role) {
  const doc::Node* node = script.get("judge");
  if (node == nullptr) {
    return;
  }
  doc::MappingReader mapping(context, *node, "'judge'");
  read_odds(context, mapping, "first_slot", role.first_slot);
  read_odds(context, mapping, "ties", role.ties);
  read_odds(context, mapping, "obeys", role.obeys);
  read_text(context, mapping, "prefers", role.prefers);
  read_text(context, mapping, "right", role.right);
  read_text(context, mapping, "wrong", role.wrong);
  mapping.finish();
}

void read_latency(const doc::Context& context, doc::MappingReader& script, Latency& latency) {
  const doc::Node* node = script.get("latency");
  if (node == nullptr) {
    return;
  }
  doc::MappingReader mapping(context, *node, "'latency'");
  read_duration(context, mapping, "first_token", latency.first_token);
  read_duration(context, mapping, "jitter", latency.jitter);
  read_duration(context, mapping, "per_token", latency.per_token);
  mapping.finish();
}

void read_limits(const doc::Context& context, doc::MappingReader& root, Script& script) {
  const doc::Node* node = root.get("limits");
  if (node == nullptr) {
    return;
  }
  doc::MappingReader mapping(context, *node, "'limits'");
  script.requests_per_minute = read_integer(context, mapping, "requests_per_minute", kCounts);
  script.tokens_per_minute = read_integer(context, mapping, "tokens_per_minute", kCounts);
  mapping.finish();
}

void read_words(const doc::Context& context,
                doc::MappingReader& mapping,
                std::string_view key,
                std::vector<std::string>& target) {
  if (const doc::Node* node = mapping.get(key)) {
    target = doc::as_strings(context, *node, key).value_or(std::vector<std::string>{});
  }
}

template <class Read>
void for_each_item(const doc::Context& context,
                   doc::MappingReader& mapping,
                   std::string_view key,
                   Read read) {
  const doc::Node* node = mapping.get(key);
  if (node == nullptr) {
    return;
  }
  if (!node->is_sequence()) {
    context.error(node->span,
                  "wrong-type",
                  fmt::format("'{}' must be a list, found {}", key, doc::describe(*node)));
    return;
  }
  for (const doc::Node& item : node->items) {
    read(item);
  }
}

// The last user message decides: what the stand-in compares with a request's.
std::string last_user_text(const suite::Case& one) {
  for (auto message = one.messages.rbegin(); message != one.messages.rend(); ++message) {
    if (message->role == chat::Role::user) {
      return message->text;
    }
  }
  return {};
}

Status read_answers(const doc::Context& context,
                    const doc::Node& node,
                    const std::filesystem::path& folder,
                    Script& script) {
  const auto name = doc::as_string(context, node, "answers");
  if (!name) {
    return {};
  }
  // Opened once to be sure that no link leads out of the folder; the suite is read by its path.
  if (const auto beneath = open_beneath(folder, *name); !beneath) {
    context.error(node.span, "answers-file", beneath.error().message);
    return {};
  }
  FACEOFF_TRY_ASSIGN(const auto suite, suite::load(folder / *name, *context.diagnostics));
  if (!suite) {
    return {};
  }
  const auto cases = suite->open();
  while (true) {
    FACEOFF_TRY_ASSIGN(auto one, cases->next(*context.diagnostics));
    if (!one) {
      return {};
    }
    if (!one->targets.empty()) {
      script.answers.push_back(
          {.case_id = one->id, .prompt = last_user_text(*one), .targets = std::move(one->targets)});
    }
  }
}

Status read_script(const doc::Context& context,
                   const doc::Node& root,
                   const std::filesystem::path& folder,
                   Script& script) {
  doc::MappingReader mapping(context, root, "a script");
  read_text(context, mapping, "simulate", script.name);
  read_text(context, mapping, "model", script.model);
  read_words(context, mapping, "models", script.models);
  read_dialect(context, mapping, script);
  const doc::Node* answers = mapping.get("answers");
  script.accuracy = read_share(context, mapping, "accuracy").value_or(script.accuracy);
  constexpr IntegerRange kSeeds{0, std::numeric_limits<std::int64_t>::max()};
  if (const auto seed = read_integer(context, mapping, "seed", kSeeds)) {
    script.seed = static_cast<std::uint64_t>(*seed);
  }
  for_each_item(
      context, mapping, "rules", [&](const doc::Node& item) { read_rule(context, item, script); });
  read_default(context, mapping, script);
  read_latency(context, mapping, script.latency);
  read_judge(context, mapping, script.judge);
  script.slots = read_integer(context, mapping, "slots", {1, 4096});
  script.context = read_integer(context, mapping, "context", kCounts);
  read_duration(context, mapping, "startup", script.startup);
  read_words(context, mapping, "keys", script.keys);
  read_limits(context, mapping, script);
  for_each_item(context, mapping, "faults", [&](const doc::Node& item) {
    if (auto fault = read_fault(context, item)) {
      script.faults.push_back(*std::move(fault));
    }
  });
  mapping.finish();
  return answers == nullptr ? Status{} : read_answers(context, *answers, folder, script);
}

}  // namespace

std::string_view to_string(Dialect dialect) noexcept {
  return std::ranges::find(kDialects, dialect, &DialectName::dialect)->name;
}

std::shared_ptr<const Regex> read_regex(const doc::Context& context, const doc::Node& node) {
  const auto pattern = doc::as_string(context, node, "match_regex");
  if (!pattern) {
    return nullptr;
  }
  auto regex = Regex::compile(*pattern);
  if (!regex) {
    context.error(node.span, "bad-regex", regex.error().message);
    return nullptr;
  }
  return std::make_shared<const Regex>(*std::move(regex));
}

void read_text(const doc::Context& context,
               doc::MappingReader& mapping,
               std::string_view key,
               std::string& target) {
  if (const doc::Node* node = mapping.get(key)) {
    if (auto text = doc::as_string(context, *node, key)) {
      target = *std::move(text);
    }
  }
}

void read_duration(const doc::Context& context,
                   doc::MappingReader& mapping,
                   std::string_view key,
                   Duration& target) {
  constexpr Duration kLongest = std::chrono::hours(24);
  const doc::Node* node = mapping.get(key);
  if (node == nullptr) {
    return;
  }
  const auto value = doc::as_duration(context, *node, key);
  if (value && (*value < Duration::zero() || *value > kLongest)) {
    context.error(node->span, "out-of-range", fmt::format("'{}' must lie between 0s and 24h", key));
  } else if (value) {
    target = *value;
  }
}

std::optional<std::int64_t> read_integer(const doc::Context& context,
                                         doc::MappingReader& mapping,
                                         std::string_view key,
                                         IntegerRange range) {
  const doc::Node* node = mapping.get(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto value = doc::as_integer(context, *node, key);
  if (value && (*value < range.low || *value > range.high)) {
    context.error(
        node->span,
        "out-of-range",
        fmt::format(
            "'{}' must lie between {} and {}, found {}", key, range.low, range.high, *value));
    return std::nullopt;
  }
  return value;
}

std::optional<double> read_share(const doc::Context& context,
                                 doc::MappingReader& mapping,
                                 std::string_view key) {
  const doc::Node* node = mapping.get(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto value = doc::as_number(context, *node, key);
  if (value && !(*value >= 0.0 && *value <= 1.0)) {
    context.error(node->span,
                  "out-of-range",
                  fmt::format("'{}' must lie between 0 and 1, found {}", key, *value));
    return std::nullopt;
  }
  return value;
}

void unknown_word(const doc::Context& context,
                  const doc::Node& node,
                  std::string_view what,
                  const std::vector<std::string_view>& allowed) {
  const auto near = closest(node.text, allowed);
  context.error(node.span,
                fmt::format("unknown-{}", what),
                fmt::format("unknown {} '{}'", what, node.text),
                near ? fmt::format("did you mean '{}'?", *near) : std::string(),
                fmt::format("allowed: {}", fmt::join(allowed, ", ")));
}

Result<std::optional<Script>> decode_script(const std::filesystem::path& path,
                                            doc::Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  FACEOFF_TRY_ASSIGN(const auto document, doc::load(path, diagnostics));
  if (!document) {
    return std::optional<Script>();
  }
  Script script;
  const doc::Context context{
      .source = document->source, .area = "simulate", .diagnostics = &diagnostics};
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  FACEOFF_TRY(read_script(context, document->root, folder, script));
  if (diagnostics.size() != before) {
    return std::optional<Script>();
  }
  return std::optional(std::move(script));
}

}  // namespace faceoff::simulate
