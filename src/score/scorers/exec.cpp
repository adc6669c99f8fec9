#include "json_value.h"
#include "options.h"
#include "scores.h"
#include "table.h"
#include "words.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <optional>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr double kMaxSeconds = 3600;
constexpr std::size_t kShown = 200;
constexpr int kProtocol = 1;

std::string json_text(std::string_view text) {
  JsonValue value;
  value.kind = JsonKind::string;
  value.text = to_valid_utf8(text);
  return write_json(value);
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    out += (out.empty() ? "" : ",") + json_text(text);
  }
  return "[" + out + "]";
}

// What the program answered; docs/exec-scorers.md describes both lines.
class Outsider final : public Scorer {
 public:
  Outsider(Helper helper, std::string options, Duration time)
      : helper_(std::move(helper)), options_(std::move(options)), time_(time) {}

  [[nodiscard]] Score score(const Input& input) const override {
    if (input.outside == nullptr) {
      return not_judged("exec", Verdict::unscored, "no program may be run here");
    }
    const auto line = input.outside->ask(helper_, question(input), time_);
    if (!line) {
      return not_judged("exec", Verdict::unscored, line.error().message);
    }
    auto score = read(*line);
    if (score) {
      return *std::move(score);
    }
    input.outside->forget(helper_);
    return not_judged("exec",
                      Verdict::unscored,
                      fmt::format("the program answered '{}': {}",
                                  clip(to_valid_utf8(*line), 60),
                                  score.error().message));
  }

  void add_needs(Needs& needs) const override { needs.helpers.insert(helper_); }

 private:
  [[nodiscard]] std::string question(const Input& input) const {
    std::string messages;
    for (const auto& message : input.item.messages) {
      messages += fmt::format(R"({}{{"role":{},"content":{}}})",
                              messages.empty() ? "" : ",",
                              json_text(chat::to_string(message.role)),
                              json_text(message.text));
    }
    return fmt::format(
        R"({{"version":{},"case":{},"answer":{},"targets":{},"messages":[{}],"tags":{},"finish_reason":{},"options":{}}})",
        kProtocol,
        json_text(input.item.id),
        json_text(input.completion.text),
        json_list(input.item.targets),
        messages,
        json_list(input.item.tags),
        json_text(chat::to_string(input.completion.finish)),
        options_);
  }

  static std::string text_of(const JsonValue& object, std::string_view key) {
    const JsonValue* part = find_member(object, key);
    return part != nullptr && part->kind == JsonKind::string ? clip(part->text, kShown)
                                                             : std::string();
  }

  static bool says(const JsonValue& object, std::string_view key) {
    const JsonValue* part = find_member(object, key);
    return part != nullptr && part->kind == JsonKind::boolean && part->boolean;
  }

  static Result<Score> read(std::string_view line) {
    FACEOFF_TRY_ASSIGN(const JsonValue object, parse_json_value(line));
    if (object.kind != JsonKind::object) {
      return fail(ErrorKind::protocol, "that is no JSON object");
    }
    const std::string reason = text_of(object, "reason");
    if (says(object, "unscored") || says(object, "no_extraction")) {
      const Verdict verdict = says(object, "unscored") ? Verdict::unscored : Verdict::no_extraction;
      return not_judged("exec", verdict, reason.empty() ? "the program says so" : reason);
    }
    const JsonValue* value = find_member(object, "value");
    if (value == nullptr || value->kind != JsonKind::number) {
      return fail(ErrorKind::protocol, "it has no number 'value'");
    }
    const auto number = parse_double(value->text);
    if (!number || !(*number >= 0 && *number <= 1)) {
      return fail(ErrorKind::protocol, "'value' is not between 0 and 1");
    }
    return graded("exec",
                  *number,
                  text_of(object, "answer"),
                  reason.empty() ? "the program gave no reason" : reason);
  }

  Helper helper_;
  std::string options_;  // JSON
  Duration time_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Helper helper;
  helper.command = options.texts("command");
  if (const auto name = options.texts("program"); !name.empty()) {
    helper.name = name.front();
  }
  if (spec.options.find("command") == nullptr && spec.options.find("program") == nullptr) {
    options.context().error(spec.span, "missing-key", "'exec' needs 'command' or 'program'");
  } else if (!helper.name.empty() && !helper.command.empty()) {
    options.wrong("program", "'program' and 'command' exclude each other");
  }
  helper.folder = std::filesystem::path(spec.source->name).parent_path();
  const doc::Node* own = options.node("options");
  if (own != nullptr && !own->is_mapping()) {
    options.wrong("options", "'options' must be a mapping; the program reads it as JSON");
  }
  const double seconds = options.number("seconds", 10, 0.1, kMaxSeconds);
  return options.finish() ? std::make_unique<Outsider>(std::move(helper),
                                                       own == nullptr ? "{}" : doc::to_json(*own),
                                                       from_ms(1000 * seconds))
                          : nullptr;
}

}  // namespace

constinit const Info exec_scorer{
    .name = "exec",
    .summary = "what a program of your own says; it reads and writes lines of JSON",
    .options = "command, program, options, seconds",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
