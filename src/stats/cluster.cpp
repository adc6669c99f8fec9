#include "numeric.h"

#include <faceoff/base/check.h>
#include <faceoff/stats/cluster.h>
#include <faceoff/stats/distributions.h>
#include <faceoff/stats/proportion.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace faceoff::stats {
namespace {

// Intervals never use less than this share of the variance of independent values.
constexpr double kVarianceFloor = 0.25;

struct Cluster {
  double size = 0.0;
  double deviation = 0.0;  // sum of the deviations from the overall mean
};

std::vector<Cluster> collect(std::span<const double> x, std::span<const std::size_t> labels) {
  const double centre = mean_of(x);
  std::map<std::size_t, Cluster> by_label;
  for (std::size_t i = 0; i < x.size(); ++i) {
    Cluster& cluster = by_label[labels[i]];
    cluster.size += 1.0;
    cluster.deviation += x[i] - centre;
  }
  std::vector<Cluster> clusters;
  clusters.reserve(by_label.size());
  for (const auto& [label, cluster] : by_label) {
    clusters.push_back(cluster);
  }
  return clusters;
}

// (tr G)^2 / sum G_ce^2 with G_ce = [c = e] n_c k_c^2 - n_c n_e k_c k_e / n and k_c = 1 / (n sqrt(1
// - n_c / n)). Off the diagonal G is a product, so that its squares add up without a double loop.
double bell_mccaffrey_df(std::span<const Cluster> clusters, double n) {
  double trace = 0.0;
  double diagonal = 0.0;
  double weight = 0.0;
  double weight_own = 0.0;
  for (const Cluster& cluster : clusters) {
    const double k2 = 1.0 / (n * n * (1.0 - cluster.size / n));
    const double product = square(cluster.size) * k2 / n;
    const double own = cluster.size * k2 - product;
    trace += own;
    diagonal += square(own);
    weight += product;
    weight_own += square(product);
  }
  return square(trace) / (diagonal + square(weight) - weight_own);
}

// The variance an interval is built on.
double guarded_variance(const ClusterError& error) {
  return std::max(square(*error.se_cr2), kVarianceFloor * square(*error.se_iid));
}

}  // namespace

ClusterError cluster_error(std::span<const double> x, std::span<const std::size_t> labels) {
  FACEOFF_CHECK(x.size() == labels.size(), "every value needs the label of its cluster");
  if (x.empty()) {
    return {};
  }
  const double n = real(x.size());
  const std::vector<Cluster> clusters = collect(x, labels);
  ClusterError result{.mean = mean_of(x), .n = x.size(), .clusters = clusters.size()};
  double cr0 = 0.0;
  double cr2 = 0.0;
  for (const Cluster& cluster : clusters) {
    result.largest_share = std::max(result.largest_share, cluster.size / n);
    cr0 += square(cluster.deviation) / (n * n);
    cr2 += square(cluster.deviation) / (1.0 - cluster.size / n) / (n * n);
  }
  if (clusters.size() < 2) {
    return result;
  }
  const double count = real(clusters.size());
  const double iid = squares_of(x) / (n - 1.0) / n;
  result.se_iid = std::sqrt(iid);
  result.se_cr0 = std::sqrt(cr0);
  result.se_cr1 = std::sqrt(cr0 * count / (count - 1.0));
  result.se_cr2 = std::sqrt(cr2);
  result.df_cr2 = bell_mccaffrey_df(clusters, n);
  if (iid > 0.0) {
    result.deff = cr2 / iid;
  }
  return result;
}

ClusterInterval cluster_bounded_ci(std::span<const double> x,
                                   std::span<const std::size_t> labels,
                                   Range range,
                                   double conf) {
  FACEOFF_CHECK(range.width() > 0.0, "a range of scores must have a width");
  const ClusterError error = cluster_error(x, labels);
  ClusterInterval result{.value = error.mean, .df = error.df_cr2};
  if (!error.se_cr2) {
    return result;
  }
  if (all_equal(x, range.width())) {
    result.interval = degenerate_interval(*error.mean, range, error.clusters, conf);
    return result;
  }
  const double variance = guarded_variance(error);
  const double p = (*error.mean - range.lo) / range.width();
  const double n_eff = p * (1.0 - p) * square(range.width()) / variance;
  const Interval unit = wilson_interval(p * n_eff, n_eff, t_critical(conf, *error.df_cr2));
  result.n_eff = n_eff;
  result.se = std::sqrt(variance);
  if (unit.bounded()) {
    result.interval = {.lo = range.lo + *unit.lo * range.width(),
                       .hi = range.lo + *unit.hi * range.width()};
  }
  return result;
}

ClusterInterval cluster_difference_ci(std::span<const double> d,
                                      std::span<const std::size_t> labels,
                                      Range score_range,
                                      double conf) {
  const double width = score_range.width();
  FACEOFF_CHECK(width > 0.0, "a range of scores must have a width");
  const ClusterError error = cluster_error(d, labels);
  ClusterInterval result{.value = error.mean, .df = error.df_cr2};
  if (!error.se_cr2) {
    return result;
  }
  if (all_equal(d, width)) {
    result.interval =
        degenerate_interval(*error.mean, {.lo = -width, .hi = width}, error.clusters, conf);
    return result;
  }
  const double se = std::sqrt(guarded_variance(error));
  const double half = t_critical(conf, *error.df_cr2) * se;
  result.se = se;
  result.p = t_two_sided(*error.mean / se, *error.df_cr2);
  result.interval = {.lo = *error.mean - half, .hi = *error.mean + half};
  return result;
}

}  // namespace faceoff::stats
