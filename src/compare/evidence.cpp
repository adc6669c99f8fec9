#include "evidence.h"

#include <faceoff/stats/distributions.h>

#include <cmath>
#include <numbers>

namespace faceoff::compare {
namespace {

// ln E against "a share theta of m is won", for the Beta(1/2, 1/2) mixture.
double log_evidence(double wins, double losses, double theta) {
  const auto part = [](double count, double share) {
    return count == 0 ? 0.0 : count * std::log(share);
  };
  return stats::log_beta(wins + 0.5, losses + 0.5) - std::log(std::numbers::pi) -
         part(wins, theta) - part(losses, 1.0 - theta);
}

// Where the evidence crosses `limit` between `inside` (below it) and `outside`.
double crossing(double wins, double losses, double limit, double inside, double outside) {
  for (int step = 0; step < 200 && inside != outside; ++step) {
    const double middle = (inside + outside) / 2;
    if (middle == inside || middle == outside) {
      break;
    }
    (log_evidence(wins, losses, middle) < limit ? inside : outside) = middle;
  }
  return outside;
}

struct Share {
  double lo = 0.0;
  double hi = 1.0;
};

Share anytime_share(double wins, double losses, double conf) {
  const double m = wins + losses;
  if (m == 0) {
    return {};
  }
  const double limit = -std::log(1.0 - conf);
  const double centre = wins / m;
  return {wins == 0 ? 0.0 : crossing(wins, losses, limit, centre, 0.0),
          losses == 0 ? 1.0 : crossing(wins, losses, limit, centre, 1.0)};
}

}  // namespace

stats::Interval anytime_difference(const Evidence& evidence, double conf) {
  constexpr double kDisagreementConf = 0.999;
  if (evidence.cases == 0) {
    return {};
  }
  const auto wins = static_cast<double>(evidence.wins);
  const auto losses = static_cast<double>(evidence.losses);
  const Share share = anytime_share(wins, losses, conf);
  const Share apart = anytime_share(
      wins + losses, static_cast<double>(evidence.cases) - wins - losses, kDisagreementConf);
  const auto scaled = [&](double x, bool low) {
    return x * ((x < 0) == low ? apart.hi : apart.lo);
  };
  return {scaled(2 * share.lo - 1, true), scaled(2 * share.hi - 1, false)};
}

}  // namespace faceoff::compare
