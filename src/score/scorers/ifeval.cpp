#include "ifeval.h"

#include "options.h"
#include "python_text.h"
#include "scores.h"
#include "table.h"

#include <array>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::array<std::string_view, 2> kModes{"strict", "loose"};
constexpr std::array<std::string_view, 2> kMeasures{"prompt", "instructions"};
constexpr std::size_t kMaxInstructions = 100;

struct Named {
  std::string id;
  std::unique_ptr<Instruction> instruction;
};

class IfEval final : public Scorer {
 public:
  IfEval(std::vector<Named> instructions, bool loose, bool each)
      : instructions_(std::move(instructions)), loose_(loose), each_(each) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto forms =
        loose_ ? loose_forms(input.completion.text) : std::vector{input.completion.text};
    std::size_t followed = 0;
    std::string missed;
    for (const Named& named : instructions_) {
      const auto found = any_form(*named.instruction, forms);
      if (!found) {
        return not_judged("ifeval", Verdict::unscored, named.id + ": " + found.error().message);
      }
      followed += *found ? 1U : 0U;
      if (!*found && missed.empty()) {
        missed = named.id;
      }
    }
    const auto all = static_cast<double>(instructions_.size());
    const double share = static_cast<double>(followed) / all;
    Score score = graded(
        "ifeval",
        each_                              ? share
        : followed == instructions_.size() ? 1.0
                                           : 0.0,
        input.completion.text,
        missed.empty()
            ? fmt::format("all {} instructions are followed", all)
            : fmt::format("{} of {} instructions are followed, not {}", followed, all, missed));
    score.statistics = Statistics{"share", {static_cast<double>(followed), all}};
    return score;
  }

 private:
  [[nodiscard]] static Result<bool> any_form(const Instruction& instruction,
                                             const std::vector<std::string>& forms) {
    for (const std::string& form : forms) {
      if (strip(form).empty()) {
        continue;
      }
      FACEOFF_TRY_ASSIGN(const bool followed, instruction.followed(form));
      if (followed) {
        return true;
      }
    }
    return false;
  }

  std::vector<Named> instructions_;
  bool loose_;
  bool each_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  std::vector<Named> instructions;
  if (const doc::Node* list = options.required("instructions")) {
    if (!list->is_sequence() || list->items.empty() || list->items.size() > kMaxInstructions) {
      options.wrong("instructions",
                    fmt::format("'instructions' must be a list of 1 to {}", kMaxInstructions));
    } else {
      for (const doc::Node& item : list->items) {
        if (auto made = read_instruction(options.context(), item)) {
          instructions.push_back({item.find("id")->text, std::move(made)});
        }
      }
    }
  }
  const bool loose = options.word("mode", kModes, 0) == 1;
  const bool each = options.word("measure", kMeasures, 0) == 1;
  return options.finish() ? std::make_unique<IfEval>(std::move(instructions), loose, each)
                          : nullptr;
}

}  // namespace

constinit const Info ifeval_scorer{
    .name = "ifeval",
    .summary = "the answer follows the instructions of IFEval, strictly or loosely",
    .options = "instructions, mode, measure",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
