#include "json_schema.h"
#include "options.h"
#include "scores.h"
#include "table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::size_t kMaxCalls = 64;
constexpr std::array<std::string_view, 2> kOrders{"any", "given"};

struct Expected {
  std::string name;
  std::optional<JsonValue> arguments;  // these keys with these values; others are allowed
  std::optional<JsonSchema> schema;
};

class ToolCalls final : public Scorer {
 public:
  ToolCalls(std::vector<Expected> calls, bool in_order, bool exact)
      : calls_(std::move(calls)), in_order_(in_order), exact_(exact) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto& made = input.completion.tool_calls;
    std::string shown;
    for (std::size_t i = 0; i < std::min<std::size_t>(made.size(), kMaxCalls); ++i) {
      shown += (shown.empty() ? "" : ", ") + made[i].name + made[i].arguments.substr(0, 200);
    }
    const auto missing = first_missing(made);
    if (!missing) {
      return not_judged("tool_calls", Verdict::unscored, missing.error().message);
    }
    std::string reason = *missing;
    if (reason.empty() && exact_ && made.size() != calls_.size()) {
      reason = fmt::format("{} calls in place of {}", made.size(), calls_.size());
    }
    return passed_or_not("tool_calls",
                         reason.empty(),
                         shown,
                         reason.empty() ? "the calls are those expected" : reason);
  }

 private:
  // Why `call` is not what is expected; empty when it is.
  static Result<std::string> mismatch(const Expected& expected, const chat::ToolCall& call) {
    if (call.name != expected.name) {
      return fmt::format("'{}' is called, not '{}'", clip(call.name, 60), expected.name);
    }
    const auto arguments = parse_json_value(call.arguments.empty() ? "{}" : call.arguments);
    if (!arguments) {
      return fmt::format("the arguments of '{}': {}", expected.name, arguments.error().message);
    }
    if (expected.arguments) {
      for (const JsonMember& member : expected.arguments->members) {
        const JsonValue* value = find_member(*arguments, member.key);
        if (value == nullptr || !score::equal(*value, member.value, std::nullopt)) {
          return fmt::format("argument '{}' of '{}' is {}, not {}",
                             clip(member.key, 40),
                             expected.name,
                             value == nullptr ? "missing" : describe(*value),
                             describe(member.value));
        }
      }
    }
    if (expected.schema) {
      FACEOFF_TRY_ASSIGN(auto mistake, expected.schema->mistake(*arguments));
      if (mistake) {
        return fmt::format("the arguments of '{}': {}", expected.name, *mistake);
      }
    }
    return std::string();
  }

  // Each expected call takes the first free call that fits it, behind the last one when the order
  // counts.
  [[nodiscard]] Result<std::string> first_missing(const std::vector<chat::ToolCall>& made) const {
    const std::size_t size = std::min(made.size(), kMaxCalls);
    std::vector<bool> taken(size);
    std::size_t from = 0;
    for (const Expected& expected : calls_) {
      std::string why = fmt::format("'{}' is not called", expected.name);
      bool found = false;
      for (std::size_t i = in_order_ ? from : 0; i < size && !found; ++i) {
        if (taken[i]) {
          continue;
        }
        FACEOFF_TRY_ASSIGN(auto wrong, mismatch(expected, made[i]));
        found = wrong.empty();
        if (found) {
          taken[i] = true;
          from = i + 1;
        } else if (made[i].name == expected.name) {
          why = std::move(wrong);
        }
      }
      if (!found) {
        return why;
      }
    }
    return std::string();
  }

  std::vector<Expected> calls_;
  bool in_order_;
  bool exact_;
};

std::optional<Expected> read_call(const doc::Context& context, const doc::Node& node) {
  const std::size_t before = context.diagnostics->size();
  doc::MappingReader reader(context, node, "a call");
  Expected call;
  if (const doc::Node* name = reader.require("name")) {
    call.name = doc::as_string(context, *name, "name").value_or("");
  }
  if (const doc::Node* arguments = reader.get("arguments")) {
    auto value = parse_json_value(doc::to_json(*arguments));
    if (!arguments->is_mapping() || !value) {
      context.error(arguments->span, "wrong-type", "'arguments' must be a mapping");
    } else {
      call.arguments = *std::move(value);
    }
  }
  if (const doc::Node* schema = reader.get("schema")) {
    auto compiled = JsonSchema::compile(doc::to_json(*schema));
    if (compiled) {
      call.schema = *std::move(compiled);
    } else {
      context.error(schema->span, "bad-schema", compiled.error().message);
    }
  }
  reader.finish();
  return context.diagnostics->size() == before ? std::optional(std::move(call)) : std::nullopt;
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  std::vector<Expected> calls;
  if (const doc::Node* list = options.required("calls")) {
    if (!list->is_sequence() || list->items.size() > kMaxCalls) {
      options.wrong("calls", fmt::format("'calls' must be a list of at most {}", kMaxCalls));
    } else {
      for (const doc::Node& item : list->items) {
        if (auto call = read_call(options.context(), item)) {
          calls.push_back(*std::move(call));
        }
      }
    }
  }
  const bool in_order = options.word("order", kOrders, 0) == 1;
  const bool exact = !options.flag("more", false);
  return options.finish() ? std::make_unique<ToolCalls>(std::move(calls), in_order, exact)
                          : nullptr;
}

}  // namespace

constinit const Info tool_calls_scorer{
    .name = "tool_calls",
    .summary = "the model calls the tools expected, with arguments by value or by schema",
    .options = "calls, order, more",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
