#pragma once

// The scorer behind judge/rubric and judge/class: one verdict of a menu on one answer. Private to
// score.

#include "judge_prompt.h"

#include <string>
#include <vector>

namespace faceoff::score {

struct Grading {
  std::string name;     // of the scorer
  std::string version;  // of its instructions: "rubric/1"
  JudgeOptions judges;
  std::string task;
  std::string criteria;
  std::vector<MenuItem> menu;
  std::vector<double> values;  // one a menu item; empty: 1 where the verdict is a target
  bool ordered = false;        // best first
  bool reference = true;       // the judge sees the targets
};

class JudgeScorer final : public AskingScorer {
 public:
  explicit JudgeScorer(Grading grading) : grading_(std::move(grading)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return grading_.name; }
  [[nodiscard]] std::vector<Asks> asks() const override;
  [[nodiscard]] Next<Score> next(const Input& input,
                                 std::span<const Exchange> so_far) const override;
  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override;

 private:
  [[nodiscard]] Brief brief(const Input& input, std::string_view answer) const;
  [[nodiscard]] double value_of(const std::string& verdict, const suite::Case& item) const;
  [[nodiscard]] bool on_menu(std::string_view label) const;
  [[nodiscard]] Score result(const Input& input,
                             const std::vector<Inquiry>& inquiries,
                             const std::vector<Inquiry::State>& states,
                             Judged judged) const;

  Grading grading_;
};

}  // namespace faceoff::score
