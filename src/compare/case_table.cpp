#include <faceoff/base/digest.h>
#include <faceoff/compare/case_table.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace faceoff::compare {
namespace {

constexpr std::size_t kBlock = 256UL * 1024;
constexpr CaseIndex kFree = std::numeric_limits<CaseIndex>::max();
constexpr std::uint32_t kElsewhere = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kMostBlocks = (std::size_t{1} << 32U) / kBlock - 1;
constexpr std::size_t kLong = 255;

// The finaliser of SplitMix64: FNV alone leaves the high bits of short texts alike.
std::uint64_t mix(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

std::uint64_t key_of(std::string_view id, std::string_view digest) noexcept {
  return mix(fnv1a(id) + mix(fnv1a(digest)));
}

}  // namespace

std::string_view CaseTable::id(CaseIndex item) const {
  const std::uint32_t place = cases_[item].id;
  if (place == kElsewhere) {
    return long_ids_.at(item);
  }
  const char* at = blocks_[place / kBlock].get() + place % kBlock;
  return {at + 1, static_cast<unsigned char>(*at)};
}

std::uint32_t CaseTable::keep(std::string_view id, CaseIndex item) {
  if (id.size() >= kLong || blocks_.size() == kMostBlocks) {
    long_ids_.emplace(item, id);
    return kElsewhere;
  }
  if (blocks_.empty() || used_ + id.size() + 1 > kBlock) {
    blocks_.push_back(std::make_unique<char[]>(kBlock));
    used_ = 0;
  }
  char* at = blocks_.back().get() + used_;
  const std::size_t place = (blocks_.size() - 1) * kBlock + used_;
  *at = static_cast<char>(id.size());
  std::copy(id.begin(), id.end(), at + 1);
  used_ += id.size() + 1;
  return static_cast<std::uint32_t>(place);
}

// Where the case stands, or the free slot it belongs into.
std::size_t CaseTable::slot_of(std::uint64_t key, std::string_view id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = key & mask;
  while (slots_[slot] != kFree &&
         (cases_[slots_[slot]].key != key || this->id(slots_[slot]) != id)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void CaseTable::grow() {
  std::size_t size = 64;
  while (8 * size < 10 * (cases_.size() + 1)) {
    size *= 2;
  }
  slots_ = {};  // before the larger one is made: the peak is what counts
  slots_.assign(size, kFree);
  for (CaseIndex item = 0; item < cases_.size(); ++item) {
    std::size_t slot = cases_[item].key & (size - 1);
    while (slots_[slot] != kFree) {
      slot = (slot + 1) & (size - 1);
    }
    slots_[slot] = item;
  }
}

std::uint32_t CaseTable::set_of(std::span<const std::string> tags) {
  if (tags.empty()) {
    return 0;
  }
  std::vector<std::string> set(tags.begin(), tags.end());
  std::sort(set.begin(), set.end());
  set.erase(std::unique(set.begin(), set.end()), set.end());
  const auto [at, fresh] =
      set_numbers_.try_emplace(std::move(set), static_cast<std::uint32_t>(sets_.size()));
  if (fresh) {
    sets_.push_back(&at->first);
  }
  return at->second;
}

std::uint32_t CaseTable::labels_of(std::span<const std::string> tags, std::string_view cluster) {
  Labels labels{.tags = set_of(tags)};
  if (!cluster.empty()) {
    auto at = clusters_.find(cluster);
    if (at == clusters_.end()) {
      at = clusters_.emplace(cluster, static_cast<std::uint32_t>(clusters_.size() + 1)).first;
    }
    labels.cluster = at->second;
  }
  const auto [at, fresh] =
      label_numbers_.try_emplace(labels, static_cast<std::uint32_t>(labels_.size()));
  if (fresh) {
    labels_.push_back(labels);
  }
  return at->second;
}

CaseIndex CaseTable::add(std::string_view id,
                         std::string_view digest,
                         std::span<const std::string> tags,
                         std::string_view cluster) {
  if (10 * (cases_.size() + 1) > 8 * slots_.size()) {
    grow();
  }
  const std::uint64_t key = key_of(id, digest);
  CaseIndex& item = slots_[slot_of(key, id)];
  if (item == kFree) {
    item = static_cast<CaseIndex>(cases_.size());
    cases_.push_back({.key = key, .id = keep(id, item)});
    order_.clear();
  }
  cases_[item].labels = labels_of(tags, cluster);
  return item;
}

std::optional<CaseIndex> CaseTable::find(std::string_view id, std::string_view digest) const {
  if (slots_.empty()) {
    return std::nullopt;
  }
  const CaseIndex item = slots_[slot_of(key_of(id, digest), id)];
  return item == kFree ? std::nullopt : std::optional(item);
}

std::vector<bool> CaseTable::sets_with(std::string_view tag) const {
  std::vector<bool> with;
  with.reserve(sets_.size());
  for (const auto* set : sets_) {
    with.push_back(std::binary_search(set->begin(), set->end(), tag));
  }
  return with;
}

const std::vector<CaseIndex>& CaseTable::in_order() const {
  if (order_.size() != cases_.size()) {
    slots_ = {};  // whoever asks has read everything; add() makes them anew
    order_.resize(cases_.size());
    std::iota(order_.begin(), order_.end(), CaseIndex{0});
    std::sort(order_.begin(), order_.end(), [this](CaseIndex a, CaseIndex b) {
      return cases_[a].key != cases_[b].key ? cases_[a].key < cases_[b].key : id(a) < id(b);
    });
  }
  return order_;
}

}  // namespace faceoff::compare
