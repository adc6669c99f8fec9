#pragma once

// Backends that scorers ask: which ones a suite needs, where they are, what they will be asked.
// Private to cli.

#include "command.h"
#include "config.h"

#include <faceoff/backend/spec.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/score/scorer.h>
#include <faceoff/suite/suite.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faceoff::cli {

struct CheckedSuite;

// What the scorers of one suite want of one backend.
struct JudgeDemand {
  std::string backend;
  bool embeddings = false;
  suite::ScorerSpecPtr asked_by;  // the first scorer that names it
  // The first case of those that stay on this machine.
  std::string local_case;
  doc::SourcePtr local_source;
  doc::Span local_span;
  // For every backend whose answers are judged, and for every pair of them; without the answers'
  // own tokens.
  struct Volume {
    double questions = 0.0;
    double prompt_tokens = 0.0;
    double max_tokens = 0.0;
    bool unlimited = false;
  };
  std::array<Volume, 2> answers;  // [1]: of local-only cases
  std::array<Volume, 2> pairs;
};

// Adds what this case asks in `trials` repeats.
void add_demand(std::vector<JudgeDemand>& demands,
                const suite::Case& item,
                std::span<const std::shared_ptr<const score::Scorer>> scorers,
                std::uint64_t trials);

// Of the whole run with so many contestants, of which `remote` leave this machine.
struct JudgeWorkload {
  double questions = 0.0;
  double prompt_tokens = 0.0;
  std::optional<double> max_tokens = 0.0;  // absent: not limited
};
[[nodiscard]] JudgeWorkload workload(const JudgeDemand& demand,
                                     std::size_t contestants,
                                     std::size_t remote);

// Requests to this backend do not leave this machine, as far as its configuration tells.
[[nodiscard]] bool stays_here(const backend::Spec& spec, const Context& context);

// Without -b every configured backend is compared, but for those that scorers ask, unless none is
// left: they are there to judge.
void leave_out_judges(const Arguments& arguments,
                      std::span<const CheckedSuite> suites,
                      std::vector<backend::Spec>& contestants);

// The backends that the suites' scorers ask and that are no contestants themselves, from --judge
// and the configuration. A name that nobody defines, and a local-only case whose answer would go to
// a judge elsewhere, are reported at their place. Error of kind usage: --judge is malformed or
// names what no scorer asks.
[[nodiscard]] Result<std::vector<backend::Spec>> choose_judges(
    const Arguments& arguments,
    const Config& config,
    const std::vector<backend::Spec>& contestants,
    std::span<const CheckedSuite> suites,
    const Context& context,
    doc::Diagnostics& diagnostics);

}  // namespace faceoff::cli
