#pragma once

#include <faceoff/base/result.h>
#include <faceoff/doc/decoder.h>
#include <faceoff/score/scorer.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// What one step makes of the values before it: none (it found nothing), one, or several (a pattern
// with `pick: all`). Error of kind protocol when a pattern ran into its limit. Pure, thread-safe.
class Step {
 public:
  virtual ~Step() = default;
  [[nodiscard]] virtual Result<std::vector<std::string>> apply(
      const std::vector<std::string>& values) const = 0;
};

struct NamedStep {
  std::string name;
  std::unique_ptr<const Step> step;
};
using Pipeline = std::vector<NamedStep>;

// Reads a list of steps ("strip", {regex: {...}}); mistakes are reported at their place.
[[nodiscard]] Pipeline read_pipeline(const doc::Context& context, const doc::Node& node);

struct Extraction {
  std::vector<std::string> values;  // empty: the last step of `trace` found nothing
  std::vector<TraceStep> trace;
};
[[nodiscard]] Result<Extraction> extract(const Pipeline& pipeline, std::string_view text);

// The keys that every scorer takes beside its own options: `via` (a pipeline), `as` (a label),
// `counts`, `weight` and `threshold`. Makes the scorer that `spec` names, wrapped when one of them is there.
using MakeScorer = std::unique_ptr<Scorer> (*)(const suite::ScorerSpec& spec,
                                               doc::Diagnostics& diagnostics);
[[nodiscard]] std::unique_ptr<Scorer> create_with_extraction(const suite::ScorerSpec& spec,
                                                             MakeScorer make,
                                                             doc::Diagnostics& diagnostics);

}  // namespace faceoff::score
