#include "linear.h"
#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/ranking.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace faceoff::stats {
namespace {

constexpr int kMaximumSteps = 200;
constexpr int kMaximumHalvings = 20;
constexpr double kConverged = 1e-13;

// Wins with half a win for each side of a tie.
SquareMatrix count_wins(std::span<const std::vector<double>> wins,
                        std::span<const std::vector<double>> ties) {
  const std::size_t models = wins.size();
  FACEOFF_CHECK(ties.empty() || ties.size() == models, "wins and ties must be of one size");
  SquareMatrix counts(models);
  for (std::size_t i = 0; i < models; ++i) {
    FACEOFF_CHECK(wins[i].size() == models, "a table of wins must be square");
    FACEOFF_CHECK(ties.empty() || ties[i].size() == models, "a table of ties must be square");
    for (std::size_t j = 0; j < models; ++j) {
      if (i != j) {
        counts.at(i, j) = wins[i][j] + (ties.empty() ? 0.0 : 0.5 * ties[i][j]);
      }
    }
  }
  return counts;
}

// Whether each model can be reached from the first, along wins or against them.
bool all_reached(const SquareMatrix& counts, bool along) {
  std::vector<bool> reached(counts.size());
  std::vector<std::size_t> open{0};
  reached[0] = true;
  while (!open.empty()) {
    const std::size_t from = open.back();
    open.pop_back();
    for (std::size_t to = 0; to < counts.size(); ++to) {
      if (!reached[to] && (along ? counts.at(from, to) : counts.at(to, from)) > 0.0) {
        reached[to] = true;
        open.push_back(to);
      }
    }
  }
  return std::find(reached.begin(), reached.end(), false) == reached.end();
}

double win_probability(double difference) {
  return 1.0 / (1.0 + std::exp(-difference));
}

double log_likelihood(const SquareMatrix& counts, const std::vector<double>& theta) {
  double sum = 0.0;
  for (std::size_t i = 0; i < theta.size(); ++i) {
    for (std::size_t j = 0; j < theta.size(); ++j) {
      sum -= counts.at(i, j) * std::log1p(std::exp(theta[j] - theta[i]));
    }
  }
  return sum;
}

// Fisher information of theta_1.. with theta_0 fixed.
SquareMatrix information(const SquareMatrix& counts, const std::vector<double>& theta) {
  SquareMatrix result(theta.size() - 1);
  for (std::size_t i = 1; i < theta.size(); ++i) {
    for (std::size_t j = 0; j < theta.size(); ++j) {
      const double p = win_probability(theta[i] - theta[j]);
      const double weight = (counts.at(i, j) + counts.at(j, i)) * p * (1.0 - p);
      result.at(i - 1, i - 1) += weight;
      if (j > 0) {
        result.at(i - 1, j - 1) -= weight;
      }
    }
  }
  return result;
}

double gradient(const SquareMatrix& counts, const std::vector<double>& theta, std::size_t i) {
  double sum = 0.0;
  for (std::size_t j = 0; j < theta.size(); ++j) {
    const double p = win_probability(theta[i] - theta[j]);
    sum += counts.at(i, j) * (1.0 - p) - counts.at(j, i) * p;
  }
  return sum;
}

// One Newton step, shortened until the likelihood does not fall; its largest change.
std::optional<double> newton_step(const SquareMatrix& counts, std::vector<double>& theta) {
  const std::optional<SquareMatrix> covariance = inverse(information(counts, theta));
  if (!covariance) {
    return std::nullopt;
  }
  std::vector<double> step(theta.size());
  for (std::size_t j = 1; j < theta.size(); ++j) {
    const double slope = gradient(counts, theta, j);
    for (std::size_t i = 1; i < theta.size(); ++i) {
      step[i] += covariance->at(i - 1, j - 1) * slope;
    }
  }
  const double before = log_likelihood(counts, theta);
  const double slack = 1e-12 * std::abs(before);
  double length = 1.0;
  for (int halving = 0; halving < kMaximumHalvings; ++halving) {
    std::vector<double> next = theta;
    for (std::size_t i = 1; i < theta.size(); ++i) {
      next[i] += length * step[i];
    }
    if (log_likelihood(counts, next) >= before - slack) {
      theta = std::move(next);
      return length * magnitude_of(step);
    }
    length /= 2.0;
  }
  return 0.0;
}

}  // namespace

std::optional<BradleyTerry> bradley_terry(std::span<const std::vector<double>> wins,
                                          std::span<const std::vector<double>> ties) {
  const SquareMatrix counts = count_wins(wins, ties);
  const std::size_t models = counts.size();
  if (models < 2 || !all_reached(counts, true) || !all_reached(counts, false)) {
    return std::nullopt;
  }
  std::vector<double> theta(models);
  bool converged = false;
  for (int step = 0; step < kMaximumSteps && !converged; ++step) {
    const std::optional<double> change = newton_step(counts, theta);
    if (!change) {
      return std::nullopt;
    }
    converged = *change <= kConverged * (1.0 + magnitude_of(theta));
  }
  const std::optional<SquareMatrix> covariance = inverse(information(counts, theta));
  if (!converged || !covariance) {
    return std::nullopt;
  }
  BradleyTerry result{.theta = theta, .elo = {}, .se_vs_first = std::vector<double>(models)};
  const double centre = mean_of(theta);
  for (std::size_t i = 0; i < models; ++i) {
    result.theta[i] -= centre;
    result.elo.push_back(1000.0 + 400.0 * result.theta[i] / std::numbers::ln10);
    if (i > 0) {
      result.se_vs_first[i] = std::sqrt(covariance->at(i - 1, i - 1));
    }
  }
  return result;
}

}  // namespace faceoff::stats
