#include "gate_math.h"
#include "gate_words.h"

#include <faceoff/base/text.h>
#include <faceoff/compare/gate_check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/quantile.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace faceoff::compare {
namespace {

constexpr std::uint64_t kMostCases = 10'000'000;
constexpr std::uint64_t kExactCases = 300;
constexpr double kWantedPass = 0.8;
// How much of a suite differs by chance between two runs of good models: docs/gates.md.
constexpr double kLittleNoise = 0.1;
constexpr double kMuchNoise = 0.2;

template <class Enough>
std::uint64_t first_case(Enough enough) {
  std::uint64_t high = 1;
  while (high < kMostCases && !enough(high)) {
    high *= 2;
  }
  std::uint64_t low = high / 2;
  while (low + 1 < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

bool excludes_drop(std::uint64_t n10, std::uint64_t n01, std::uint64_t n, double m, double alpha) {
  const auto p = stats::tango_test(n10, n01, n, -m).p_greater;
  return p && *p <= alpha;
}

double least_for_share(double share, double alpha) {
  if (share <= 0.0 || share >= 1.0) {
    return 1.0;
  }
  return std::ceil(std::log(alpha) / std::log(share) - 1e-9);
}

class Checker {
 public:
  Checker(std::span<const Gate> gates, const GateScope& scope, const GateOptions& options)
      : scope_(scope), options_(options) {
    for (const Gate& gate : gates) {
      const std::size_t tags = gate.tag == "*" ? std::max<std::size_t>(1, scope.tags.size()) : 1;
      tests_ += is_tested(gate.kind) ? tags * candidates(gate) : 0;
    }
    tests_ = std::max<std::size_t>(1, tests_);
  }

  void check(const Gate& gate) {
    if (!backend_is_known(gate) || !can_compare(gate)) {
      return;
    }
    if (gate.tag == "*") {
      check_every_tag(gate);
    } else if (gate.tag.empty()) {
      check_suite(gate);
    } else {
      check_tag(gate);
    }
  }

  GateAdvice take() { return std::move(advice_); }

 private:
  [[nodiscard]] std::size_t candidates(const Gate& gate) const {
    const std::size_t all = scope_.backends.size();
    return !gate.backend.empty() || all < 2 ? 1 : all - (scope_.has_baseline ? 0 : 1);
  }

  void error(const Gate& gate, const std::string& message) {
    advice_.errors.push_back(fmt::format(
        "{}: gate '{}': {}", gate.origin.empty() ? "gate" : gate.origin, to_string(gate), message));
  }
  void warn(const Gate& gate, const std::string& message) {
    advice_.warnings.push_back(fmt::format("gate '{}': {}", to_string(gate), message));
  }

  bool backend_is_known(const Gate& gate) {
    const auto& names = scope_.backends;
    if (gate.backend.empty() || std::ranges::find(names, gate.backend) != names.end()) {
      return true;
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    const auto near = closest(gate.backend, views);
    error(gate,
          fmt::format("unknown backend '{}'; {}",
                      gate.backend,
                      near ? fmt::format("did you mean '{}'?", *near)
                           : fmt::format("this run has {}", join(names, ", "))));
    return false;
  }

  bool can_compare(const Gate& gate) {
    if (!is_comparative(gate.kind) || scope_.has_baseline) {
      return true;
    }
    if (scope_.backends.size() < 2) {
      error(gate, "there is nothing to compare with; add a second backend or --baseline");
      return false;
    }
    if (gate.backend == scope_.backends.front()) {
      error(gate,
            fmt::format("'{}' is the reference itself; name another backend, or put another "
                        "first with -b",
                        gate.backend));
      return false;
    }
    return true;
  }

  void check_tag(const Gate& gate) {
    const auto at =
        std::ranges::find(scope_.tags, gate.tag, &std::pair<std::string, std::uint64_t>::first);
    if (at == scope_.tags.end()) {
      std::vector<std::string_view> names;
      for (const auto& [name, cases] : scope_.tags) {
        names.push_back(name);
      }
      const auto near = closest(gate.tag, names);
      error(gate,
            fmt::format("no selected case has the tag '{}'{}",
                        gate.tag,
                        near ? fmt::format("; did you mean '{}'?", *near) : ""));
      return;
    }
    const std::uint64_t least = least_cases(gate, tests_, options_);
    if (at->second < least) {
      error(gate,
            fmt::format("the tag has {} case{}, too few to decide; it needs at least {}",
                        at->second,
                        at->second == 1 ? "" : "s",
                        least));
      return;
    }
    advise(gate, at->second);
  }

  void check_every_tag(const Gate& gate) {
    if (scope_.tags.empty()) {
      error(gate, "no selected case has a tag");
      return;
    }
    const std::uint64_t least = least_cases(gate, tests_, options_);
    std::vector<std::string> small;
    for (const auto& [name, cases] : scope_.tags) {
      if (cases < least) {
        small.push_back(fmt::format("{} ({})", name, cases));
      }
    }
    if (small.size() == scope_.tags.size()) {
      error(gate, fmt::format("every tag has fewer than the {} cases that it needs", least));
    } else if (!small.empty()) {
      warn(gate,
           fmt::format("{} of {} tags are too small to gate, each needs at least {} cases: {}",
                       small.size(),
                       scope_.tags.size(),
                       least,
                       join(small, ", ")));
    }
  }

  void check_suite(const Gate& gate) {
    const std::uint64_t least = least_cases(gate, tests_, options_);
    if (scope_.cases < least) {
      warn(gate,
           fmt::format("cannot {} with {} case{}; it needs at least {}",
                       gate.kind == GateKind::alarm ? "fail" : "pass",
                       scope_.cases,
                       scope_.cases == 1 ? "" : "s",
                       least));
      return;
    }
    advise(gate, scope_.cases);
  }

  void advise(const Gate& gate, std::uint64_t cases) {
    if (gate.kind != GateKind::not_worse) {
      return;
    }
    const double best = unchanged_passes(cases, kLittleNoise, gate.limit, options_);
    if (best >= kWantedPass) {
      return;
    }
    const std::uint64_t needed = first_case([&](std::uint64_t n) {
      return unchanged_passes(n, kLittleNoise, gate.limit, options_) >= kWantedPass;
    });
    warn(gate,
         fmt::format("an unchanged model would pass it in {:.0f} of 100 runs of {} cases ({:.0f} "
                     "when 20% of the cases differ by chance, not 10%); for 80 of 100 it needs "
                     "about {} cases",
                     best * 100,
                     cases,
                     unchanged_passes(cases, kMuchNoise, gate.limit, options_) * 100,
                     needed));
  }

  const GateScope& scope_;
  const GateOptions& options_;
  std::size_t tests_ = 0;
  GateAdvice advice_;
};

}  // namespace

std::uint64_t least_cases(const Gate& gate, std::size_t tests, const GateOptions& options) {
  const double alpha = options.alpha;
  const double shared = alpha / static_cast<double>(std::max<std::size_t>(1, tests));
  switch (gate.kind) {
    case GateKind::alarm:
      if (gate.limit == 0.0) {
        return stats::min_discordant(2.0 * shared);
      }
      return first_case([&](std::uint64_t n) {
        const auto p = stats::tango_test(n, 0, n, -gate.limit).p_less;
        return p && *p <= shared;
      });
    case GateKind::not_worse:
    case GateKind::equivalent:
      return first_case([&](std::uint64_t n) { return excludes_drop(0, 0, n, gate.limit, alpha); });
    case GateKind::score:
      return static_cast<std::uint64_t>(least_for_share(gate.limit, alpha));
    case GateKind::error_rate:
      return static_cast<std::uint64_t>(least_for_share(1.0 - gate.limit, alpha));
    case GateKind::quantile:
      return stats::quantile_min_n(gate.quantile, 1.0 - alpha).two_sided;
    case GateKind::max_slowdown:
      return 6;  // the fewest with a Wilcoxon interval of 95%
    case GateKind::max_drop:
    case GateKind::cost:
      break;
  }
  return 1;
}

double unchanged_passes(std::uint64_t cases,
                        double psi,
                        double margin,
                        const GateOptions& options) {
  if (cases > kExactCases) {
    const double error = std::sqrt(psi / static_cast<double>(cases));
    return stats::normal_cdf(margin / error - stats::normal_quantile(1.0 - options.alpha));
  }
  double passes = 0.0;
  for (std::uint64_t m = 0; m <= cases; ++m) {
    const double weight = stats::binomial_pmf(m, cases, psi);
    if (weight < 1e-12) {
      continue;
    }
    // The more of the m cases were lost, the less it passes: the greatest loss that still does.
    std::uint64_t low = 0;
    std::uint64_t high = m + 1;
    while (low < high) {
      const std::uint64_t lost = low + (high - low) / 2;
      if (excludes_drop(lost, m - lost, cases, margin, options.alpha)) {
        low = lost + 1;
      } else {
        high = lost;
      }
    }
    passes += low == 0 ? 0.0 : weight * stats::binomial_at_most(low - 1, m, 0.5);
  }
  return passes;
}

GateAdvice check_gates(std::span<const Gate> gates,
                       const GateScope& scope,
                       const GateOptions& options) {
  Checker checker(gates, scope, options);
  for (const Gate& gate : gates) {
    checker.check(gate);
  }
  return checker.take();
}

}  // namespace faceoff::compare
