#include "../options.h"
#include "../scores.h"
#include "../table.h"

#include <faceoff/base/units.h>

#include <array>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

enum class Of : std::uint8_t { e2e, ttft };
constexpr std::array<std::string_view, 2> kOf{"e2e", "ttft"};

class Latency final : public Scorer {
 public:
  Latency(Duration max, Of of) : max_(max), of_(of) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto& took = of_ == Of::e2e ? input.measured.e2e : input.measured.ttft;
    const std::string_view what = kOf.at(static_cast<std::size_t>(of_));
    if (!took) {
      return not_judged(
          "latency",
          Verdict::unscored,
          fmt::format("there is no {} of this answer (replayed, cached, or not measured)", what));
    }
    const bool kept = *took <= max_;
    return passed_or_not("latency",
                         kept,
                         format_duration(*took),
                         fmt::format("{} {}: {} the {} allowed",
                                     what,
                                     format_duration(*took),
                                     kept ? "within" : "more than",
                                     format_duration(max_)));
  }

 private:
  Duration max_;
  Of of_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Duration max{0};
  if (const doc::Node* node = options.required("max")) {
    max = doc::as_duration(options.context(), *node, "max").value_or(Duration{1});
    if (max <= Duration{0}) {
      options.wrong("max", "'max' must be more than 0");
    }
  }
  const auto of = static_cast<Of>(options.word("of", kOf, 0));
  return options.finish() ? std::make_unique<Latency>(max, of) : nullptr;
}

}  // namespace

constinit const Info latency_scorer{.name = "latency",
                                    .summary = "the answer came within a time",
                                    .options = "max, of",
                                    .version = 1,
                                    .needs_target = false,
                                    .create = create};

}  // namespace faceoff::score
