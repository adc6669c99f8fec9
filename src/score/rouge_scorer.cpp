#include "rouge_scorer.h"

#include "options.h"
#include "scores.h"

#include <array>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::array<std::string_view, 3> kMeasures{"f1", "precision", "recall"};

class Rouge final : public Scorer {
 public:
  Rouge(std::string_view name, RougeMeasure compare, Stem stem, std::size_t measure)
      : name_(name), compare_(compare), stem_(stem), measure_(measure) {}

  [[nodiscard]] Score score(const Input& input) const override {
    std::optional<Overlap> best;
    for (const std::string& target : input.item.targets) {
      const auto found = compare_(target, input.completion.text, stem_);
      if (!found) {
        return not_judged(name_, Verdict::unscored, "the texts are too long to be aligned");
      }
      if (!best || found->f1 > best->f1) {
        best = found;
      }
    }
    const Overlap shown = best.value_or(Overlap{});
    return graded(
        name_,
        measure_ == 1   ? shown.precision
        : measure_ == 2 ? shown.recall
                        : shown.f1,
        input.completion.text,
        fmt::format(
            "precision {:.4f}, recall {:.4f}, F1 {:.4f}", shown.precision, shown.recall, shown.f1));
  }

 private:
  std::string_view name_;
  RougeMeasure compare_;
  Stem stem_;
  std::size_t measure_;
};

}  // namespace

std::unique_ptr<Scorer> create_rouge(std::string_view name,
                                     RougeMeasure compare,
                                     const suite::ScorerSpec& spec,
                                     doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  const Stem stem = options.flag("stemmer", false) ? Stem::porter : Stem::no;
  const std::size_t measure = options.word("measure", kMeasures, 0);
  return options.finish() ? std::make_unique<Rouge>(name, compare, stem, measure) : nullptr;
}

}  // namespace faceoff::score
