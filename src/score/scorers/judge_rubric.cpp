#include "../judge_menu.h"
#include "../judge_scorer.h"
#include "../options.h"
#include "../table.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace faceoff::score {
namespace {

// Best first, as the judge reads it and as its agreement with people is counted.
void sort_by_value(ValuedMenu& menu) {
  std::vector<std::size_t> order(menu.items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(
      order, [&menu](std::size_t a, std::size_t b) { return menu.values[a] > menu.values[b]; });
  ValuedMenu sorted;
  for (const std::size_t i : order) {
    sorted.items.push_back(std::move(menu.items[i]));
    sorted.values.push_back(menu.values[i]);
  }
  menu = std::move(sorted);
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Grading grading{.name = "judge/rubric",
                  .version = "rubric/1",
                  .judges = read_judge_options(options),
                  .task = "You grade one answer to a task.",
                  .criteria = {},
                  .menu = {},
                  .values = {},
                  .ordered = true};
  if (const doc::Node* rubric = options.required("rubric")) {
    grading.criteria = doc::as_string(options.context(), *rubric, "rubric").value_or("");
  }
  ValuedMenu menu;
  if (const doc::Node* grades = options.node("grades")) {
    menu = read_menu(options, "grades", *grades, Bare::no);
  }
  grading.reference = options.flag("reference", true);
  if (!options.finish()) {
    return nullptr;
  }
  if (menu.items.empty()) {
    menu = {.items = {{"good", "meets the criteria"},
                      {"fair", "meets them in part"},
                      {"poor", "does not meet them"}},
            .values = {1.0, 0.5, 0.0}};
  }
  sort_by_value(menu);
  grading.menu = std::move(menu.items);
  grading.values = std::move(menu.values);
  return std::make_unique<JudgeScorer>(std::move(grading));
}

}  // namespace

constinit const Info judge_rubric_scorer{
    .name = "judge/rubric",
    .summary = "a model grades the answer by a rubric",
    .options = "rubric, grades, reference, judge, judges, params, schema, canaries",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
