#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Two models of known quality, driven from records to verdicts as a run is: how often a verdict is
// wrong, an interval misses the truth, and a true drop is found.
namespace faceoff::calibration {

struct Scenario {
  std::size_t cases = 40;
  double accuracy = 0.8;     // of the reference
  double drop = 0.0;         // by how much the candidate is worse
  double correlation = 0.0;  // of the two models' chances (one repeat: of their scores)
  int repeats = 1;
  bool clusters = false;  // of five cases, half of which share their cluster's difficulty
};

struct Shares {
  std::size_t runs = 0;
  double clear = 0.0;        // verdict better or worse
  double worse = 0.0;        // verdict worse
  double covered = 0.0;      // of the intervals of the difference, that hold the truth
  double covered_one = 0.0;  // of the intervals of the reference's score
  double intervals = 0.0;    // runs that showed an interval of the difference
};

// Equal seeds give equal numbers on every machine.
[[nodiscard]] Shares simulate(const Scenario& scenario, std::size_t runs, std::uint64_t seed);

// The scenarios without a difference: every combination of 20, 40, 100 and 300 cases, accuracy 0.5,
// 0.8 and 0.95, correlation 0, 0.3, 0.6 and 0.9, one repeat and three, clusters or none.
[[nodiscard]] std::vector<Scenario> equal_models();

// Greatest share that chance alone makes of a true `share` in so many runs (four standard errors).
[[nodiscard]] double at_most(double share, std::size_t runs);
[[nodiscard]] double at_least(double share, std::size_t runs);

// What the tables of the method promise for the reference's own interval: computed exactly for one
// repeat without clusters, else the least that published simulations show.
[[nodiscard]] double promised_coverage(const Scenario& scenario);

// P(mid-p <= 0.05 and the candidate is seen to be worse), by enumeration; one repeat, no clusters.
[[nodiscard]] double promised_power(const Scenario& scenario);

[[nodiscard]] std::string name_of(const Scenario& scenario);

}  // namespace faceoff::calibration
