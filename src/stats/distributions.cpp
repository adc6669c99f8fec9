#include <faceoff/base/check.h>
#include <faceoff/stats/distributions.h>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstddef>

namespace faceoff::stats {
namespace {

namespace policies = boost::math::policies;

// Boost throws by default; every argument is checked here before, so nothing is left to report.
using Policy = policies::policy<policies::domain_error<policies::ignore_error>,
                                policies::pole_error<policies::ignore_error>,
                                policies::overflow_error<policies::ignore_error>,
                                policies::evaluation_error<policies::ignore_error>,
                                policies::rounding_error<policies::ignore_error>,
                                policies::indeterminate_result_error<policies::ignore_error>>;
using Normal = boost::math::normal_distribution<double, Policy>;
using StudentsT = boost::math::students_t_distribution<double, Policy>;
using Binomial = boost::math::binomial_distribution<double, Policy>;
using ChiSquared = boost::math::chi_squared_distribution<double, Policy>;

void check_inner(double p) {
  FACEOFF_CHECK(p > 0.0 && p < 1.0, "a probability here must be inside (0, 1)");
}

void check_share(double p) {
  FACEOFF_CHECK(p >= 0.0 && p <= 1.0, "a probability must be inside [0, 1]");
}

void check_df(double df) {
  FACEOFF_CHECK(df > 0.0, "degrees of freedom must be positive");
}

}  // namespace

double normal_cdf(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

double normal_two_sided(double z) {
  return std::erfc(std::abs(z) / std::sqrt(2.0));
}

double normal_quantile(double p) {
  check_inner(p);
  return boost::math::quantile(Normal{}, p);
}

double normal_critical(double conf) {
  check_inner(conf);
  return -normal_quantile((1.0 - conf) / 2.0);
}

double t_cdf(double x, double df) {
  check_df(df);
  FACEOFF_CHECK(!std::isnan(x), "t must be a number");
  if (std::isinf(x)) {
    return x > 0.0 ? 1.0 : 0.0;
  }
  return boost::math::cdf(StudentsT{df}, x);
}

double t_two_sided(double t, double df) {
  return 2.0 * t_cdf(-std::abs(t), df);
}

double t_quantile(double p, double df) {
  check_inner(p);
  check_df(df);
  return boost::math::quantile(StudentsT{df}, p);
}

double t_critical(double conf, double df) {
  check_inner(conf);
  return -t_quantile((1.0 - conf) / 2.0, df);
}

double beta_cdf(double x, double a, double b) {
  check_share(x);
  FACEOFF_CHECK(a > 0.0 && b > 0.0, "the parameters of a beta distribution must be positive");
  return boost::math::ibeta(a, b, x, Policy{});
}

double beta_quantile(double p, double a, double b) {
  check_share(p);
  FACEOFF_CHECK(a > 0.0 && b > 0.0, "the parameters of a beta distribution must be positive");
  return boost::math::ibeta_inv(a, b, p, Policy{});
}

double log_beta(double a, double b) {
  FACEOFF_CHECK(a > 0.0 && b > 0.0, "the parameters of a beta function must be positive");
  // std::lgamma writes the global signgam, which is a data race.
  return boost::math::lgamma(a, Policy{}) + boost::math::lgamma(b, Policy{}) -
         boost::math::lgamma(a + b, Policy{});
}

double binomial_pmf(std::size_t k, std::size_t n, double p) {
  check_share(p);
  if (k > n) {
    return 0.0;
  }
  return boost::math::pdf(Binomial{static_cast<double>(n), p}, static_cast<double>(k));
}

double binomial_at_most(std::size_t k, std::size_t n, double p) {
  check_share(p);
  if (k >= n) {
    return 1.0;
  }
  return boost::math::ibetac(static_cast<double>(k + 1), static_cast<double>(n - k), p, Policy{});
}

double binomial_at_least(std::size_t k, std::size_t n, double p) {
  check_share(p);
  if (k == 0) {
    return 1.0;
  }
  if (k > n) {
    return 0.0;
  }
  return boost::math::ibeta(static_cast<double>(k), static_cast<double>(n - k + 1), p, Policy{});
}

double chi2_sf(double x, double df) {
  check_df(df);
  if (x <= 0.0) {
    return 1.0;
  }
  return boost::math::cdf(boost::math::complement(ChiSquared{df}, x));
}

}  // namespace faceoff::stats
