#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/interval.h>

#include <algorithm>
#include <cmath>

namespace faceoff::stats {

bool Interval::excludes(double value) const noexcept {
  return (lo && value < *lo) || (hi && value > *hi);
}

std::optional<double> Interval::half_width() const noexcept {
  if (!bounded()) {
    return std::nullopt;
  }
  return (*hi - *lo) / 2.0;
}

Interval degenerate_interval(double value, Range range, std::size_t n, double conf) {
  FACEOFF_CHECK(conf > 0.0 && conf < 1.0, "conf must be inside (0, 1)");
  if (n == 0) {
    return {};
  }
  const double q = -std::expm1(std::log1p(-conf) / real(n));
  return {.lo = value - q * (value - range.lo), .hi = value + q * (range.hi - value)};
}

bool all_equal(std::span<const double> x, double scale) {
  if (x.empty()) {
    return true;
  }
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  return *high - *low <= 1e-12 * scale;
}

std::optional<double> detectable_difference(const Interval& interval, double conf, double power) {
  const std::optional<double> half = interval.half_width();
  if (!half) {
    return std::nullopt;
  }
  const double z = normal_critical(conf);
  return *half * (z + normal_quantile(power)) / z;
}

}  // namespace faceoff::stats
