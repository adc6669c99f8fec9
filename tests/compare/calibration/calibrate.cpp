// The full calibration as tables for docs/statistics.md: scripts/calibrate.sh. Usage:
// compare_calibrate RUNS; exits with 1 when a share is beyond what chance explains.

#include "compare/calibration/simulate.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace faceoff::calibration;

constexpr std::uint64_t kSeed = 20260601;

bool bad = false;

void check(bool fine, const Scenario& scenario, const char* what, double share) {
  if (!fine) {
    bad = true;
    std::fprintf(stderr, "%s: %s is %.4f\n", name_of(scenario).c_str(), what, share);
  }
}

struct Worst {
  double clear = 0.0;
  double covered = 1.0;
  double covered_one = 1.0;
};

void add(const Scenario& scenario, std::size_t runs, std::uint64_t seed, Worst& worst) {
  const Shares shares = simulate(scenario, runs, seed);
  check(shares.clear <= at_most(0.05, runs), scenario, "share of wrong verdicts", shares.clear);
  if (shares.intervals > 0.5) {
    check(shares.covered >= at_least(0.95, runs), scenario, "coverage", shares.covered);
    check(shares.covered_one >= at_least(promised_coverage(scenario), runs),
          scenario,
          "coverage of one model",
          shares.covered_one);
    worst.covered = std::min(worst.covered, shares.covered);
    worst.covered_one = std::min(worst.covered_one, shares.covered_one);
  }
  worst.clear = std::max(worst.clear, shares.clear);
}

void print_equal(std::size_t runs) {
  std::printf(
      "| cases | accuracy | repeats | groups | wrong verdicts | difference covered | "
      "score covered |\n|---|---|---|---|---|---|---|\n");
  const auto scenarios = equal_models();
  for (std::size_t i = 0; i < scenarios.size();) {
    Worst worst;
    const Scenario first = scenarios[i];
    for (; i < scenarios.size() && scenarios[i].accuracy == first.accuracy &&
           scenarios[i].cases == first.cases && scenarios[i].repeats == first.repeats &&
           scenarios[i].clusters == first.clusters;
         ++i) {
      add(scenarios[i], runs, kSeed + i, worst);
    }
    const bool shown = worst.covered < 1.0 || worst.covered_one < 1.0;
    std::printf("| %zu | %.2f | %d | %s | %.1f %% | ",
                first.cases,
                first.accuracy,
                first.repeats,
                first.clusters ? "of 5" : "none",
                worst.clear * 100);
    if (shown) {
      std::printf("%.1f %% | %.1f %% |\n", worst.covered * 100, worst.covered_one * 100);
    } else {
      std::printf("no range | no range |\n");
    }
    std::fflush(stdout);
  }
}

void print_drops(std::size_t runs) {
  std::printf(
      "\n| cases | correlation | found | by enumeration | difference covered |\n"
      "|---|---|---|---|---|\n");
  std::uint64_t seed = kSeed * 2;
  for (const std::size_t cases : {40U, 100U, 300U}) {
    for (const double correlation : {0.0, 0.3, 0.6}) {
      const Scenario scenario{
          .cases = cases, .accuracy = 0.8, .drop = 0.1, .correlation = correlation};
      const Shares shares = simulate(scenario, runs, ++seed);
      const double power = promised_power(scenario);
      check(shares.clear >= at_least(power, runs) && shares.clear <= at_most(power, runs),
            scenario,
            "share of drops found",
            shares.clear);
      check(shares.covered >= at_least(0.93, runs), scenario, "coverage", shares.covered);
      std::printf("| %zu | %.1f | %.1f %% | %.1f %% | %.1f %% |\n",
                  cases,
                  correlation,
                  shares.clear * 100,
                  power * 100,
                  shares.covered * 100);
      std::fflush(stdout);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t runs = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2000;
  print_equal(runs);
  print_drops(runs);
  return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
