#include "../judge_menu.h"
#include "../judge_scorer.h"
#include "../options.h"
#include "../table.h"

#include <utility>

namespace faceoff::score {
namespace {

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Grading grading{.name = "judge/class",
                  .version = "class/1",
                  .judges = read_judge_options(options),
                  .task = "You sort one answer to a task into one of several classes.",
                  .criteria = {},
                  .menu = {},
                  .values = {}};
  if (const doc::Node* question = options.required("question")) {
    grading.criteria = doc::as_string(options.context(), *question, "question").value_or("");
  }
  ValuedMenu menu;
  if (const doc::Node* classes = options.required("classes")) {
    menu = read_menu(options, "classes", *classes, Bare::yes);
  }
  grading.reference = options.flag("reference", true);
  if (!options.finish()) {
    return nullptr;
  }
  grading.menu = std::move(menu.items);
  grading.values = std::move(menu.values);
  return std::make_unique<JudgeScorer>(std::move(grading));
}

}  // namespace

constinit const Info judge_class_scorer{
    .name = "judge/class",
    .summary = "a model sorts the answer into a class, which has a value or is the target",
    .options = "question, classes, reference, judge, judges, params, schema, canaries",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
