#include "items.h"

#include <faceoff/stats/mean.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace faceoff::compare {

std::optional<double> Item::mean_variance() const noexcept {
  if (scored < 2) {
    return std::nullopt;
  }
  const double n = scored;
  return std::max(0.0, squares - sum * sum / n) / (n - 1) / n;
}

Item item_of(const Trials& trials, CaseIndex item, OnError on_error) {
  Item out;
  trials.of_case(item, [&](const Trials::Ref& trial) {
    ++out.trials;
    std::optional<double> value = trial.value();
    if (!trial.answered()) {
      ++out.failed;
      value = on_error == OnError::zero ? std::optional(0.0) : std::nullopt;
    }
    if (value) {
      ++out.scored;
      out.passed += *value == 1.0 ? 1U : 0U;
      out.sum += *value;
      out.squares += *value * *value;
    }
  });
  return out;
}

std::optional<double> log_seconds(const Trials& trials, CaseIndex item, Time time) {
  double sum = 0;
  std::size_t n = 0;
  bool usable = true;
  trials.of_case(item, [&](const Trials::Ref& trial) {
    if (const auto seconds = trial.seconds(time)) {
      usable = usable && *seconds > 0;
      sum += std::log(*seconds);
      ++n;
    }
  });
  return usable && n > 0 ? std::optional(sum / static_cast<double>(n)) : std::nullopt;
}

std::optional<double> autocorrelation(const Trials& trials, Time time) {
  struct Point {
    std::int32_t ms;
    float log;
  };
  // More would say the same, and take memory.
  constexpr std::size_t kMost = 200'000;
  std::vector<Point> points;
  points.reserve(std::min<std::size_t>(kMost, trials.size()));
  std::optional<double> first;
  constexpr double kReach = std::numeric_limits<std::int32_t>::max();
  trials.all([&](const Trials::Ref& trial) {
    const auto seconds = points.size() < kMost ? trial.seconds(time) : std::nullopt;
    const auto started = trial.started();
    if (seconds && started && *seconds > 0 && std::isfinite(*seconds)) {
      first = first.value_or(*started);
      const double ms = std::clamp((*started - *first) * 1000.0, -kReach, kReach);
      points.push_back({static_cast<std::int32_t>(ms), static_cast<float>(std::log(*seconds))});
    }
  });
  std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
    return a.ms != b.ms ? a.ms < b.ms : a.log < b.log;
  });
  std::vector<double> series;
  series.reserve(points.size());
  for (const Point& point : points) {
    series.push_back(static_cast<double>(point.log));
  }
  // A handful of requests says nothing about the next.
  constexpr std::size_t kEnough = 30;
  return series.size() < kEnough ? std::nullopt : stats::lag1_autocorrelation(series);
}

std::vector<std::string> tags_of(const Trials& trials) {
  const CaseTable& cases = trials.cases();
  std::vector<bool> seen(cases.tag_sets(), false);
  for (CaseIndex item = 0; item < cases.size(); ++item) {
    if (!seen[cases.tag_set(item)] && trials.has(item)) {
      seen[cases.tag_set(item)] = true;
    }
  }
  std::set<std::string> tags;
  for (std::uint32_t set = 0; set < seen.size(); ++set) {
    if (seen[set]) {
      tags.insert(cases.tags_in(set).begin(), cases.tags_in(set).end());
    }
  }
  return {tags.begin(), tags.end()};
}

Clusters clusters_of(const CaseTable& cases, std::span<const CaseIndex> items) {
  Clusters clusters;
  const bool declared = std::any_of(
      items.begin(), items.end(), [&](CaseIndex item) { return cases.cluster(item) != 0; });
  if (!declared) {
    return clusters;
  }
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> numbers(cases.clusters() + 1, kNone);
  std::vector<std::uint32_t> sizes;
  clusters.of.reserve(items.size());
  for (const CaseIndex item : items) {
    const std::uint32_t name = cases.cluster(item);
    std::size_t number = numbers[name];
    if (name == 0 || number == kNone) {
      number = sizes.size();
      numbers[name] = number;
      sizes.push_back(0);
    }
    clusters.of.push_back(number);
    clusters.largest = std::max<std::size_t>(clusters.largest, ++sizes[number]);
  }
  clusters.count = sizes.size();
  return clusters;
}

}  // namespace faceoff::compare
