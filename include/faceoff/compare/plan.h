#pragma once

#include <faceoff/compare/comparison.h>

#include <cstdint>
#include <optional>

// Planning a comparison of two models on the same cases: how many cases for which difference.
// Formulas: statistics of docs/statistics.md. Shares and differences are fractions.
namespace faceoff::compare {

struct Design {
  // Share of cases on which the two disagree when each is asked once.
  double disagreement = 0.2;
  std::uint32_t repeats = 1;
  // Of the disagreement, the part that is chance from one answer to the next; repeats lessen only
  // this part.
  double wavering = 0.5;
  std::uint64_t clusters = 0;  // groups of cases; 0: every case is its own
  double icc = 0.0;            // correlation of the differences within a group
  double alpha = 0.05;         // two-sided
  double power = 0.8;
};

// The disagreement of two models of this accuracy whose answers correlate by phi: 2 p (1 - p)
// (1 - phi).
[[nodiscard]] double expected_disagreement(double accuracy, double phi = 0.5);

// The smallest difference that shows with the power; null where even complete one-sidedness would
// not.
[[nodiscard]] std::optional<double> detectable_with(std::uint64_t cases, const Design& design);
// Cases for a difference; null where the groups are too few for any number of cases, and where the
// disagreement is smaller than the difference.
[[nodiscard]] std::optional<std::uint64_t> cases_needed(double difference, const Design& design);
// How often the difference shows; exact for single answers without groups up to 2000 cases.
[[nodiscard]] double chance_to_show(std::uint64_t cases, double difference, const Design& design);

// Cases of this kind that would show a difference with the comparison's power (ratio: a factor
// above 1), read off the interval: half-widths shrink with the square root. Null without interval.
[[nodiscard]] std::optional<std::uint64_t> cases_to_show(const Comparison& comparison,
                                                         double difference);

}  // namespace faceoff::compare
