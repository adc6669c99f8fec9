#pragma once

#include <faceoff/compare/gate.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

// Whether gates can hold in a run, before anything is sent.
namespace faceoff::compare {

struct GateScope {
  std::vector<std::string> backends = {};  // of the run, by name; the first is the reference
  bool has_baseline = false;               // then every backend is a candidate
  std::uint64_t cases = 0;
  std::vector<std::pair<std::string, std::uint64_t>> tags = {};  // with their cases
};
struct GateAdvice {
  std::vector<std::string> errors;    // the gate cannot hold here: unknown names, tags too small
  std::vector<std::string> warnings;  // it can, but will hardly ever decide
};
[[nodiscard]] GateAdvice check_gates(std::span<const Gate> gates,
                                     const GateScope& scope,
                                     const GateOptions& options = {});

// The fewest cases with which the gate can do its work at all: fail (alarm), or pass (the others)
// when every answer is as good as it can be. `tests` gates share alpha.
[[nodiscard]] std::uint64_t least_cases(const Gate& gate,
                                        std::size_t tests,
                                        const GateOptions& options = {});
// How often a model that did not change passes not_worse, when a share psi of cases differs by
// chance (statistics of docs/gates.md); exact up to 300 cases, normal beyond.
[[nodiscard]] double unchanged_passes(std::uint64_t cases,
                                      double psi,
                                      double margin,
                                      const GateOptions& options = {});

}  // namespace faceoff::compare
