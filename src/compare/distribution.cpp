#include <faceoff/compare/distribution.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/quantile.h>

#include <algorithm>
#include <cmath>

namespace faceoff::compare {
namespace {

constexpr double kDoubt = 0.01;

bool sure(std::size_t t, std::size_t n, double q) {
  return stats::binomial_at_most(t, n, 1.0 - q) <= kDoubt;
}

}  // namespace

std::optional<double> percentile_bound(std::span<const double> sorted, double q) {
  const std::size_t n = sorted.size();
  if (n == 0 || !sure(1, n, q)) {
    return std::nullopt;
  }
  std::size_t good = 1;
  std::size_t bad = n;
  while (bad - good > 1) {
    const std::size_t t = good + (bad - good) / 2;
    (sure(t, n, q) ? good : bad) = t;
  }
  return sorted[n - good];
}

std::size_t percentile_bound_min_n(double q) {
  std::size_t n = 2;
  while (!sure(1, n, q)) {
    ++n;
  }
  return n;
}

void ValueSample::add(double value) {
  if (n_ == 0) {
    min_ = max_ = value;
  }
  ++n_;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  const double distance = value - mean_;
  mean_ += distance / static_cast<double>(n_);
  squares_ += distance * (value - mean_);
  if (values_.size() < capacity_) {
    values_.push_back(value);
  } else if (const std::uint64_t at = random_.below(n_); at < capacity_) {
    values_[at] = value;
  }
}

void ValueSample::add(const std::optional<double>& value) {
  if (value) {
    add(*value);
  } else {
    ++missing_;
  }
}

Distribution ValueSample::describe() const {
  Distribution out;
  out.n = n_;
  out.missing = missing_;
  out.kept = values_.size();
  if (n_ == 0) {
    return out;
  }
  std::vector<double> sorted = values_;
  std::ranges::sort(sorted);
  out.mean = mean_;
  if (n_ > 1) {
    out.sd = std::sqrt(squares_ / static_cast<double>(n_ - 1));
  }
  out.min = min_;
  out.p50 = stats::quantile(sorted, 0.5);
  out.p90 = stats::quantile(sorted, 0.9);
  out.p95 = stats::quantile(sorted, 0.95);
  out.p99 = stats::quantile(sorted, 0.99);
  out.max = max_;
  out.p90_bound = percentile_bound(sorted, 0.9);
  out.p99_bound = percentile_bound(sorted, 0.99);
  return out;
}

}  // namespace faceoff::compare
