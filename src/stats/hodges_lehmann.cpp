#include "numeric.h"
#include "rank_distributions.h"

#include <faceoff/stats/distributions.h>
#include <faceoff/stats/ranks.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace faceoff::stats {
namespace {

constexpr std::size_t kSignedRankExactLimit = 200;
constexpr double kRankSumExactWork = 1e8;

// Doubles in ascending order as ascending unsigned numbers, so that a search may halve the bits.
std::uint64_t to_ordered(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double from_ordered(std::uint64_t ordered) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
  return std::bit_cast<double>((ordered & kSign) != 0 ? ordered & ~kSign : ~ordered);
}

// The smallest double t in [low, high] with at_most(t) >= rank: the rank-th smallest of a set that
// can be counted but is too large to hold.
template <class Count>
double select(double low, double high, std::size_t rank, Count at_most) {
  std::uint64_t first = to_ordered(low);
  std::uint64_t last = to_ordered(high);
  while (first < last) {
    const std::uint64_t middle = first + (last - first) / 2;
    if (at_most(from_ordered(middle)) >= rank) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  // Zero has two encodings; which one was met says nothing.
  return from_ordered(first) + 0.0;
}

class WalshAverages {
 public:
  explicit WalshAverages(std::span<const double> d) : d_(sorted(d)) {}

  [[nodiscard]] std::size_t size() const { return d_.size() * (d_.size() + 1) / 2; }
  // REQUIRES: 1 <= rank <= size().
  [[nodiscard]] double at_rank(std::size_t rank) const {
    return select(d_.front(), d_.back(), rank, [this](double t) { return count_at_most(t); });
  }

 private:
  // Pairs i <= j with (d_i + d_j) / 2 <= t; as i grows, the last fitting j only falls.
  [[nodiscard]] std::size_t count_at_most(double t) const {
    std::size_t count = 0;
    std::size_t end = d_.size();
    for (std::size_t i = 0; i < end; ++i) {
      while (end > i && 0.5 * d_[i] + 0.5 * d_[end - 1] > t) {
        --end;
      }
      count += end - i;
    }
    return count;
  }

  std::vector<double> d_;
};

class PairDifferences {
 public:
  PairDifferences(std::span<const double> a, std::span<const double> b)
      : a_(sorted(a)), b_(sorted(b)) {}

  [[nodiscard]] std::size_t size() const { return a_.size() * b_.size(); }
  // REQUIRES: 1 <= rank <= size().
  [[nodiscard]] double at_rank(std::size_t rank) const {
    return select(b_.front() - a_.back(), b_.back() - a_.front(), rank, [this](double t) {
      return count_at_most(t);
    });
  }

 private:
  [[nodiscard]] std::size_t count_at_most(double t) const {
    std::size_t count = 0;
    std::size_t end = 0;
    for (const double low : a_) {
      while (end < b_.size() && b_[end] - low <= t) {
        ++end;
      }
      count += end;
    }
    return count;
  }

  std::vector<double> a_;
  std::vector<double> b_;
};

struct CriticalRank {
  std::size_t rank = 1;
  double conf_actual = 0.0;
};

// From an exact null distribution: the smallest s with P(S <= s) >= tail, at least one above the
// lowest value `origin`.
CriticalRank exact_rank(std::span<const double> probabilities, std::size_t origin, double tail) {
  double below = 0.0;
  std::size_t s = origin;
  // 1e-12: a tail that is met exactly must not be missed by rounding.
  while (below + probabilities[s] < tail * (1.0 - 1e-12)) {
    below += probabilities[s];
    ++s;
  }
  if (s == origin) {
    return {.rank = 1, .conf_actual = 1.0 - 2.0 * probabilities[origin]};
  }
  return {.rank = s - origin, .conf_actual = 1.0 - 2.0 * below};
}

// From the normal approximation of the statistic.
CriticalRank normal_rank(double mean, double sd, double conf) {
  const double rank = std::max(1.0, std::floor(mean - normal_critical(conf) * sd));
  return {.rank = static_cast<std::size_t>(rank),
          .conf_actual = 1.0 - 2.0 * normal_cdf((rank - 0.5 - mean) / sd)};
}

CriticalRank signed_rank_critical(std::size_t n, double conf) {
  if (n <= kSignedRankExactLimit) {
    return exact_rank(signed_sum_distribution(plain_ranks(n)), 0, (1.0 - conf) / 2.0);
  }
  const double size = real(n);
  return normal_rank(
      size * (size + 1.0) / 4.0, std::sqrt(size * (size + 1.0) * (2.0 * size + 1.0) / 24.0), conf);
}

CriticalRank rank_sum_critical(std::size_t m, std::size_t n, double conf) {
  const std::vector<std::size_t> ranks = plain_ranks(m + n);
  const std::size_t fewer = std::min(m, n);
  if (subset_sum_work(ranks, fewer) <= kRankSumExactWork) {
    return exact_rank(
        subset_sum_distribution(ranks, fewer), fewer * (fewer + 1) / 2, (1.0 - conf) / 2.0);
  }
  const double product = real(m) * real(n);
  return normal_rank(product / 2.0, std::sqrt(product * (real(m + n) + 1.0) / 12.0), conf);
}

template <class Values>
HodgesLehmann estimate(const Values& values, CriticalRank critical) {
  const std::size_t size = values.size();
  const double middle = values.at_rank((size + 1) / 2);
  const double value =
      size % 2 == 1 ? middle : middle + 0.5 * (values.at_rank(size / 2 + 1) - middle);
  return {.value = value,
          .interval = {.lo = values.at_rank(critical.rank),
                       .hi = values.at_rank(size + 1 - critical.rank)},
          .conf_actual = critical.conf_actual};
}

}  // namespace

HodgesLehmann hodges_lehmann_paired(std::span<const double> d, double conf) {
  if (d.empty()) {
    return {};
  }
  return estimate(WalshAverages(d), signed_rank_critical(d.size(), conf));
}

HodgesLehmann hodges_lehmann_shift(std::span<const double> a,
                                   std::span<const double> b,
                                   double conf) {
  if (a.empty() || b.empty()) {
    return {};
  }
  return estimate(PairDifferences(a, b), rank_sum_critical(a.size(), b.size(), conf));
}

}  // namespace faceoff::stats
