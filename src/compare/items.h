#pragma once

#include <faceoff/compare/comparison.h>
#include <faceoff/compare/trial.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::compare {

// All repeats of one case: the unit of analysis.
struct Item {
  std::string case_id;
  std::string digest;
  std::string cluster;
  std::vector<std::string> tags;
  std::size_t trials = 0;
  std::size_t failed = 0;
  std::vector<double> values;  // one per scored repeat
  // Seconds per repeat, +infinity for a time limit.
  std::vector<double> ttft;
  std::vector<double> e2e;

  [[nodiscard]] bool scored() const noexcept { return !values.empty(); }
  [[nodiscard]] double mean() const noexcept;
  [[nodiscard]] bool has_tag(std::string_view tag) const noexcept;
};

// Sorted by case id and digest, repeats in order, whatever the order of the trials.
[[nodiscard]] std::vector<Item> collapse(const Column& column, OnError on_error);

// Every tag of the items once, sorted.
[[nodiscard]] std::vector<std::string> tags_of(const std::vector<Item>& items);

// Whether any item declares a cluster, and one number per item; an item without a cluster is one of
// its own.
struct Clusters {
  std::size_t count = 0;  // 0: none declared
  std::size_t largest = 0;
  std::vector<std::size_t> of;
};
[[nodiscard]] Clusters clusters_of(const std::vector<const Item*>& items);

}  // namespace faceoff::compare
