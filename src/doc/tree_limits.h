#pragma once

#include <faceoff/doc/node.h>
#include <faceoff/doc/reader.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include <fmt/format.h>

namespace faceoff::doc {

struct Extent {
  std::size_t nodes = 1;
  std::size_t bytes = 0;  // of texts and keys
  int height = 0;         // levels of lists and mappings
};

[[nodiscard]] inline Extent measure(const Node& node) {
  Extent extent{1, node.text.size(), node.is_scalar() ? 0 : 1};
  const auto add = [&extent](const Node& child) {
    const Extent inner = measure(child);
    extent.nodes += inner.nodes;
    extent.bytes += inner.bytes;
    extent.height = std::max(extent.height, inner.height + 1);
  };
  for (const auto& item : node.items) {
    add(item);
  }
  for (const auto& member : node.members) {
    extent.bytes += member.key.size();
    add(member.value);
  }
  return extent;
}

[[nodiscard]] inline std::string too_deep_message() {
  return fmt::format("values are nested more than {} levels deep", kMaxDepth);
}
[[nodiscard]] inline std::string too_large_message() {
  return fmt::format("the document holds more than {} values", kMaxNodes);
}
inline constexpr const char* kTooLargeHelp =
    "put rows of data into a file of their own (JSONL or CSV)";

}  // namespace faceoff::doc
