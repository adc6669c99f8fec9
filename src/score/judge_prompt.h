#pragma once

// What judging scorers say to a judge, and how its reply is read. Private to score.

#include <faceoff/score/asking.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

class Options;

// One verdict that a judge may give.
struct MenuItem {
  std::string label;
  std::string when;  // what it stands for; may be empty
};

// What one question is about.
struct Brief {
  std::string task;      // "You grade one answer."
  std::string criteria;  // the suite's own words
  std::vector<MenuItem> menu;
  struct Part {
    std::string name;  // "the answer"
    std::string text;  // foreign: goes behind the fence as a JSON string
  };
  std::vector<Part> parts;
};

// Options that all judging scorers share.
struct JudgeOptions {
  std::vector<std::string> judges;
  chat::Params params;
  bool schema = true;      // ask for JSON by a schema; else for a last line
  double canaries = 0.05;  // share of answers that are judged once more with an instruction in them
};
// Reads judge, judges, params, schema and canaries.
[[nodiscard]] JudgeOptions read_judge_options(Options& options);
inline constexpr std::string_view kJudgeOptionNames = "judge, judges, params, schema, canaries";

// Beside the instructions that stand in code, so that a changed text is another version.
[[nodiscard]] std::string prompt_version(std::string_view name, const Brief& brief);

// One verdict wanted of one judge: what must be asked for it, given what has been answered.
class Inquiry {
 public:
  Inquiry(const JudgeOptions& options, std::string judge, std::string purpose, const Brief& brief);

  enum class State : std::uint8_t { open, verdict, off_menu, failed };
  // Looks for its own exchanges among `so_far`. While open, question() is to be asked: at first,
  // once more in plain text where the server refuses the schema, and once more where the verdict is
  // not on the menu.
  State look(std::span<const Exchange> so_far);

  [[nodiscard]] const Question& question() const noexcept { return question_; }
  [[nodiscard]] const std::string& judge() const noexcept { return judge_; }
  [[nodiscard]] const std::string& verdict() const noexcept { return verdict_; }
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }
  // What was asked for it.
  [[nodiscard]] const std::vector<Asked>& asked() const noexcept { return asked_; }

 private:
  enum class Form : std::uint8_t { json, line };
  [[nodiscard]] chat::Request request(Form form) const;
  [[nodiscard]] std::string wanted(Form form) const;
  [[nodiscard]] std::string read(std::string_view reply, Form form) const;
  [[nodiscard]] std::string on_menu(std::string_view said) const;
  [[nodiscard]] const Exchange* find(std::span<const Exchange> so_far,
                                     std::string_view purpose,
                                     Form form);

  const JudgeOptions& options_;
  std::string judge_;
  std::string purpose_;
  const Brief& brief_;
  std::string fence_;
  std::string token_;
  Question question_;
  std::string verdict_;
  std::string failure_;
  std::vector<Asked> asked_;
};

// A question of an exchange as the record has it, without its verdict.
[[nodiscard]] Asked asked_of(const Exchange& exchange);
// The case's messages as one text.
[[nodiscard]] std::string task_text(const suite::Case& item);
// What people said of this case for this scorer.
[[nodiscard]] std::optional<std::string> human_label(const suite::Case& item,
                                                     std::string_view scorer);
// About the tokens of a brief without its foreign parts.
[[nodiscard]] std::int64_t own_tokens(const Brief& brief);

// More than half of those that are there; nullopt for none or a split.
[[nodiscard]] std::optional<std::string> majority(std::span<const std::string> verdicts);

// Whether this case also serves as a canary: a fixed draw.
[[nodiscard]] bool is_canary(const JudgeOptions& options,
                             const suite::Case& item,
                             std::string_view answer);
// The answer with an instruction to give `demanded`.
[[nodiscard]] std::string with_canary(std::string_view answer, std::string_view demanded);

}  // namespace faceoff::score
