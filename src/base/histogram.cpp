#include <faceoff/base/histogram.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace faceoff {
namespace {

constexpr unsigned kStepBits = 4;

}  // namespace

std::size_t DurationHistogram::class_of(std::uint64_t ns) noexcept {
  if (ns < kSteps) {
    return ns;
  }
  const auto shift = static_cast<unsigned>(std::bit_width(ns)) - kStepBits - 1;
  const std::size_t index = (shift + 1) * kSteps + ((ns >> shift) - kSteps);
  return std::min(index, kClasses - 1);
}

std::uint64_t DurationHistogram::upper_end(std::size_t index) noexcept {
  if (index < kSteps) {
    return index;
  }
  const auto shift = static_cast<unsigned>(index / kSteps) - 1;
  return ((kSteps + index % kSteps + 1) << shift) - 1;
}

void DurationHistogram::add(Duration d) noexcept {
  const Duration kept = std::max(d, Duration{0});
  ++counts_[class_of(static_cast<std::uint64_t>(kept.count()))];
  ++count_;
  max_ = std::max(max_, kept);
}

void DurationHistogram::merge(const DurationHistogram& other) noexcept {
  for (std::size_t i = 0; i < kClasses; ++i) {
    counts_[i] += other.counts_[i];
  }
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::optional<Duration> DurationHistogram::quantile(double q) const noexcept {
  if (count_ == 0) {
    return std::nullopt;
  }
  const double rank = std::ceil(q * static_cast<double>(count_));
  const auto wanted = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(rank));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kClasses; ++i) {
    seen += counts_[i];
    if (seen >= wanted) {
      return std::min(max_, Duration(static_cast<std::int64_t>(upper_end(i))));
    }
  }
  return max_;
}

}  // namespace faceoff
