#include "compare/calibration/simulate.h"

#include <faceoff/base/random.h>
#include <faceoff/compare/comparison.h>
#include <faceoff/compare/summary.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/power.h>
#include <faceoff/stats/proportion.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace faceoff::calibration {
namespace {

constexpr std::size_t kClusterSize = 5;

// The chances of both models to answer one case rightly.
struct Chances {
  double reference = 0.0;
  double candidate = 0.0;
};

// Three cases in four are answered rightly always or never, which gives repeats of one case much in
// common.
double draw_chance(double accuracy, Random& random) {
  constexpr double kFirm = 0.75;
  if (random.uniform() < kFirm) {
    return random.uniform() < accuracy ? 1.0 : 0.0;
  }
  return accuracy;
}

Chances draw_chances(const Scenario& scenario, Random& random) {
  const double a = scenario.accuracy;
  const double b = scenario.accuracy - scenario.drop;
  if (scenario.repeats == 1 && !scenario.clusters) {
    // Exactly the asked correlation of the two scores.
    const double q = scenario.correlation * std::sqrt(a * (1 - a) * b * (1 - b));
    const double both = a * b + q;
    const double u = random.uniform();
    return u < both           ? Chances{1, 1}
           : u < a            ? Chances{1, 0}
           : u < a + b - both ? Chances{0, 1}
                              : Chances{0, 0};
  }
  Random shared(random.next());
  Random same = shared;
  Chances chances;
  chances.reference = draw_chance(a, shared);
  const bool together = random.uniform() < scenario.correlation;
  chances.candidate = draw_chance(b, together ? same : random);
  return chances;
}

class Run {
 public:
  Run(const Scenario& scenario, Random& random) : scenario_(scenario), random_(random) {
    Chances cluster;
    for (std::size_t i = 0; i < scenario.cases; ++i) {
      if (i % kClusterSize == 0) {
        cluster = draw_chances(scenario, random);
      }
      const bool as_cluster = scenario.clusters && random.uniform() < 0.5;
      add_case(i, as_cluster ? cluster : draw_chances(scenario, random));
    }
  }
  [[nodiscard]] std::vector<compare::Column> columns() const { return results_.columns(); }

 private:
  void add_case(std::size_t number, const Chances& chances) {
    store::Record record;
    record.case_id = std::to_string(number);
    record.digest = "d";
    record.outcome = score::Outcome::scored;
    if (scenario_.clusters) {
      record.cluster = std::to_string(number / kClusterSize);
    }
    for (record.repeat = 0; record.repeat < scenario_.repeats; ++record.repeat) {
      record.backend = "reference";
      record.value = random_.uniform() < chances.reference ? 1.0 : 0.0;
      results_.add(record);
      record.backend = "candidate";
      record.value = random_.uniform() < chances.candidate ? 1.0 : 0.0;
      results_.add(record);
    }
  }

  const Scenario& scenario_;
  Random& random_;
  compare::Results results_{{"reference", "candidate"}};
};

bool holds(const std::optional<double>& lo, const std::optional<double>& hi, double value) {
  constexpr double kRounding = 1e-9;
  return lo && hi && *lo <= value + kRounding && *hi >= value - kRounding;
}

}  // namespace

Shares simulate(const Scenario& scenario, std::size_t runs, std::uint64_t seed) {
  Random random(seed);
  Shares sum;
  sum.runs = runs;
  double intervals = 0;
  double single = 0;
  for (std::size_t i = 0; i < runs; ++i) {
    const auto columns = Run(scenario, random).columns();
    const auto comparison = compare::compare_all(columns).front().score;
    const auto score = compare::summarise(columns.front()).all.score;
    sum.worse += comparison.verdict == compare::Verdict::worse ? 1 : 0;
    sum.clear += comparison.verdict == compare::Verdict::worse ||
                         comparison.verdict == compare::Verdict::better
                     ? 1
                     : 0;
    intervals += comparison.estimate.lo ? 1 : 0;
    sum.covered += holds(comparison.estimate.lo, comparison.estimate.hi, -scenario.drop) ? 1 : 0;
    single += score.lo ? 1 : 0;
    sum.covered_one += holds(score.lo, score.hi, scenario.accuracy) ? 1 : 0;
  }
  const auto n = static_cast<double>(runs);
  sum.clear /= n;
  sum.worse /= n;
  sum.covered /= std::max(1.0, intervals);
  sum.covered_one /= std::max(1.0, single);
  sum.intervals = intervals / n;
  return sum;
}

std::vector<Scenario> equal_models() {
  std::vector<Scenario> scenarios;
  for (const bool clusters : {false, true}) {
    for (const int repeats : {1, 3}) {
      for (const std::size_t cases : {20U, 40U, 100U, 300U}) {
        for (const double accuracy : {0.5, 0.8, 0.95}) {
          for (const double correlation : {0.0, 0.3, 0.6, 0.9}) {
            scenarios.push_back({.cases = cases,
                                 .accuracy = accuracy,
                                 .correlation = correlation,
                                 .repeats = repeats,
                                 .clusters = clusters});
          }
        }
      }
    }
  }
  return scenarios;
}

double at_most(double share, std::size_t runs) {
  return share + 4 * std::sqrt(share * (1 - share) / static_cast<double>(runs));
}

double at_least(double share, std::size_t runs) {
  return share - 4 * std::sqrt(share * (1 - share) / static_cast<double>(runs));
}

double promised_coverage(const Scenario& scenario) {
  if (scenario.clusters) {
    return scenario.accuracy > 0.9 ? 0.88 : 0.91;
  }
  if (scenario.repeats > 1) {
    return scenario.accuracy > 0.9 ? 0.89 : 0.94;
  }
  double covered = 0;
  for (std::size_t x = 0; x <= scenario.cases; ++x) {
    const auto interval = stats::wilson_ci(x, scenario.cases, 0.95).interval;
    if (holds(interval.lo, interval.hi, scenario.accuracy)) {
      covered += stats::binomial_pmf(x, scenario.cases, scenario.accuracy);
    }
  }
  return covered;
}

double promised_power(const Scenario& scenario) {
  const double a = scenario.accuracy;
  const double b = a - scenario.drop;
  const double both = a * b + scenario.correlation * std::sqrt(a * (1 - a) * b * (1 - b));
  return stats::power_mcnemar(scenario.cases, a - both, b - both, 0.05);
}

std::string name_of(const Scenario& scenario) {
  return fmt::format("{} cases, accuracy {}, correlation {}, {} repeat{}{}",
                     scenario.cases,
                     scenario.accuracy,
                     scenario.correlation,
                     scenario.repeats,
                     scenario.repeats == 1 ? "" : "s",
                     scenario.clusters ? ", clusters" : "");
}

}  // namespace faceoff::calibration
