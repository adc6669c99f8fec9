#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::compare {

using CaseIndex = std::uint32_t;

// Every case of a run once, shared by its columns: 16 bytes, the id and a place in an index for
// each, so that a million of them fit beside their trials. A case is an id with the digest of its
// prompt: the same id with another prompt is another case. Not thread-safe while it grows, nor is
// in_order().
class CaseTable {
 public:
  // The index of this case, from 0 in order of first appearance. Tags and cluster are those of the
  // latest call: resumed with a suite whose tags changed, a run shows the new ones.
  CaseIndex add(std::string_view id,
                std::string_view digest,
                std::span<const std::string> tags,
                std::string_view cluster);

  // nullopt: it was never added.
  [[nodiscard]] std::optional<CaseIndex> find(std::string_view id, std::string_view digest) const;

  [[nodiscard]] std::size_t size() const noexcept { return cases_.size(); }
  // Valid while the table lives.
  [[nodiscard]] std::string_view id(CaseIndex item) const;
  // 64 bits of id and digest, the same on every machine.
  [[nodiscard]] std::uint64_t key(CaseIndex item) const { return cases_[item].key; }

  // Sets of tags are numbered; 0 is the empty one.
  [[nodiscard]] std::uint32_t tag_set(CaseIndex item) const {
    return labels_[cases_[item].labels].tags;
  }
  [[nodiscard]] std::size_t tag_sets() const noexcept { return sets_.size(); }
  // Sorted, without repetition.
  [[nodiscard]] const std::vector<std::string>& tags_in(std::uint32_t set) const {
    return *sets_[set];
  }
  // For each set whether it holds the tag.
  [[nodiscard]] std::vector<bool> sets_with(std::string_view tag) const;
  // Names of clusters are numbered from 1; 0: the case declares none.
  [[nodiscard]] std::uint32_t cluster(CaseIndex item) const {
    return labels_[cases_[item].labels].cluster;
  }
  [[nodiscard]] std::size_t clusters() const noexcept { return clusters_.size(); }

  // All cases sorted by key and id. Sums are taken in this order, so that a run gives the same
  // digits however it was interleaved. Valid until the table grows.
  [[nodiscard]] const std::vector<CaseIndex>& in_order() const;

 private:
  struct Case {
    std::uint64_t key = 0;
    std::uint32_t id = 0;  // offset over all blocks
    std::uint32_t labels = 0;
  };
  struct Labels {
    std::uint32_t tags = 0;
    std::uint32_t cluster = 0;
    friend auto operator<=>(const Labels&, const Labels&) = default;
  };

  std::uint32_t keep(std::string_view id, CaseIndex item);
  void grow();
  std::size_t slot_of(std::uint64_t key, std::string_view id) const;
  std::uint32_t labels_of(std::span<const std::string> tags, std::string_view cluster);
  std::uint32_t set_of(std::span<const std::string> tags);

  std::deque<Case> cases_;
  std::vector<std::unique_ptr<char[]>> blocks_;  // short ids, each behind its length
  std::size_t used_ = 0;                         // bytes of the last block
  std::map<CaseIndex, std::string> long_ids_;
  mutable std::vector<CaseIndex> slots_;  // open addressing by key
  std::map<std::vector<std::string>, std::uint32_t> set_numbers_{{{}, 0}};
  std::vector<const std::vector<std::string>*> sets_{&set_numbers_.begin()->first};
  std::map<std::string, std::uint32_t, std::less<>> clusters_;
  std::map<Labels, std::uint32_t> label_numbers_{{{}, 0}};
  std::vector<Labels> labels_{{}};
  mutable std::vector<CaseIndex> order_;
};

}  // namespace faceoff::compare
