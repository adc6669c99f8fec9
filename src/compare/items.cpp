#include "items.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace faceoff::compare {

double Item::mean() const noexcept {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

bool Item::has_tag(std::string_view tag) const noexcept {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

namespace {

void add_trial(Item& item, const Trial& trial, OnError on_error) {
  ++item.trials;
  if (!trial.answered()) {
    ++item.failed;
    if (on_error == OnError::zero) {
      item.values.push_back(0.0);
    }
  } else if (trial.value) {
    item.values.push_back(*trial.value);
  }
  if (trial.ttft) {
    item.ttft.push_back(*trial.ttft);
  }
  if (trial.e2e) {
    item.e2e.push_back(*trial.e2e);
  }
}

}  // namespace

std::vector<Item> collapse(const Column& column, OnError on_error) {
  std::vector<const Trial*> trials;
  trials.reserve(column.trials.size());
  for (const Trial& trial : column.trials) {
    trials.push_back(&trial);
  }
  // Sums are taken in this order, so that a run prints the same digits however it was interleaved.
  std::sort(trials.begin(), trials.end(), [](const Trial* a, const Trial* b) {
    return std::tie(a->case_id, a->digest, a->repeat) < std::tie(b->case_id, b->digest, b->repeat);
  });
  std::vector<Item> items;
  for (const Trial* trial : trials) {
    if (items.empty() || items.back().case_id != trial->case_id ||
        items.back().digest != trial->digest) {
      Item item;
      item.case_id = trial->case_id;
      item.digest = trial->digest;
      item.cluster = trial->cluster;
      item.tags = trial->tags;
      items.push_back(std::move(item));
    }
    add_trial(items.back(), *trial, on_error);
  }
  return items;
}

std::vector<std::string> tags_of(const std::vector<Item>& items) {
  std::set<std::string> tags;
  for (const Item& item : items) {
    tags.insert(item.tags.begin(), item.tags.end());
  }
  return {tags.begin(), tags.end()};
}

Clusters clusters_of(const std::vector<const Item*>& items) {
  Clusters clusters;
  const bool declared = std::any_of(
      items.begin(), items.end(), [](const Item* item) { return !item->cluster.empty(); });
  if (!declared) {
    return clusters;
  }
  std::map<std::string, std::size_t> numbers;
  std::map<std::size_t, std::size_t> sizes;
  std::size_t next = 0;
  for (const Item* item : items) {
    std::size_t number = next;
    if (item->cluster.empty()) {
      ++next;
    } else {
      const auto [at, fresh] = numbers.try_emplace(item->cluster, next);
      number = at->second;
      next += fresh ? 1 : 0;
    }
    clusters.of.push_back(number);
    clusters.largest = std::max(clusters.largest, ++sizes[number]);
  }
  clusters.count = next;
  return clusters;
}

}  // namespace faceoff::compare
