#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/judge.h>
#include <faceoff/stats/mean.h>

#include <cmath>
#include <vector>

namespace faceoff::stats {
namespace {

constexpr int kMaximumSteps = 100;
constexpr double kConverged = 1e-12;
// A logit beyond this is a fit that runs away to infinity (separated data).
constexpr double kRunaway = 35.0;

struct Line {
  double intercept = 0.0;
  double slope = 0.0;
};

double log_likelihood(std::span<const double> y, std::span<const double> x, Line line) {
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double logit = line.intercept + line.slope * x[i];
    sum += y[i] * logit -
           (logit > 0.0 ? logit + std::log1p(std::exp(-logit)) : std::log1p(std::exp(logit)));
  }
  return sum;
}

// The Newton direction; null where the information is singular.
std::optional<Line> newton_direction(std::span<const double> y,
                                     std::span<const double> x,
                                     Line line) {
  double slope0 = 0.0;
  double slope1 = 0.0;
  double h00 = 0.0;
  double h01 = 0.0;
  double h11 = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double p = 1.0 / (1.0 + std::exp(-(line.intercept + line.slope * x[i])));
    slope0 += y[i] - p;
    slope1 += (y[i] - p) * x[i];
    h00 += p * (1.0 - p);
    h01 += p * (1.0 - p) * x[i];
    h11 += p * (1.0 - p) * x[i] * x[i];
  }
  const double determinant = h00 * h11 - h01 * h01;
  if (!(determinant > 1e-14 * h00 * h11)) {
    return std::nullopt;
  }
  return Line{.intercept = (h11 * slope0 - h01 * slope1) / determinant,
              .slope = (h00 * slope1 - h01 * slope0) / determinant};
}

std::optional<Line> fit_logistic(std::span<const double> y, std::span<const double> x) {
  Line line;
  for (int step = 0; step < kMaximumSteps; ++step) {
    const std::optional<Line> direction = newton_direction(y, x, line);
    if (!direction) {
      return std::nullopt;
    }
    const double before = log_likelihood(y, x, line);
    double length = 1.0;
    const auto moved = [&] {
      return Line{.intercept = line.intercept + length * direction->intercept,
                  .slope = line.slope + length * direction->slope};
    };
    while (length > 1e-6 && log_likelihood(y, x, moved()) < before - 1e-12 * std::abs(before)) {
      length /= 2.0;
    }
    line = moved();
    if (std::abs(line.intercept) > kRunaway || std::abs(line.slope) > kRunaway) {
      return std::nullopt;
    }
    if (std::abs(direction->intercept) + std::abs(direction->slope) <= kConverged) {
      return line;
    }
  }
  return std::nullopt;
}

}  // namespace

LengthControlled lc_winrate(std::span<const double> preference,
                            std::span<const double> length_difference) {
  FACEOFF_CHECK(preference.size() == length_difference.size(), "every verdict needs a length");
  LengthControlled result{.winrate = mean(preference)};
  const std::optional<double> spread = variance(length_difference);
  if (!spread || !(*spread > 0.0)) {
    return result;
  }
  std::vector<double> x;
  x.reserve(length_difference.size());
  for (const double difference : length_difference) {
    x.push_back(std::tanh(difference / std::sqrt(*spread)));
  }
  if (const std::optional<Line> line = fit_logistic(preference, x)) {
    result.intercept = line->intercept;
    result.slope = line->slope;
    result.lc_winrate = 1.0 / (1.0 + std::exp(-line->intercept));
  }
  return result;
}

}  // namespace faceoff::stats
