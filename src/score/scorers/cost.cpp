#include "../options.h"
#include "../scores.h"
#include "../table.h"

#include <faceoff/base/units.h>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

class Cost final : public Scorer {
 public:
  explicit Cost(Money max) : max_(max) {}

  [[nodiscard]] Score score(const Input& input) const override {
    if (!input.measured.cost) {
      return not_judged("cost",
                        Verdict::unscored,
                        "the cost of this answer is not known (no price, or no usage reported)");
    }
    const bool kept = *input.measured.cost <= max_;
    return passed_or_not("cost",
                         kept,
                         format_money(*input.measured.cost),
                         fmt::format("{}: {} the {} allowed",
                                     format_money(*input.measured.cost),
                                     kept ? "within" : "more than",
                                     format_money(max_)));
  }

 private:
  Money max_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Money max;
  if (const doc::Node* node = options.required("max")) {
    const auto text = doc::as_string(options.context(), *node, "max");
    const std::string_view amount = text ? std::string_view(*text) : std::string_view();
    const auto money = parse_dollars(amount.substr(amount.starts_with('$') ? 1 : 0));
    if (text && (!money || money->picodollars < 0)) {
      options.wrong("max", "'max' must be an amount of dollars such as $0.002");
    }
    max = money.value_or(Money{});
  }
  return options.finish() ? std::make_unique<Cost>(max) : nullptr;
}

}  // namespace

constinit const Info cost_scorer{.name = "cost",
                                 .summary = "the answer cost no more than allowed",
                                 .options = "max",
                                 .version = 1,
                                 .needs_target = false,
                                 .create = create};

}  // namespace faceoff::score
