#include <faceoff/base/digest.h>
#include <faceoff/compare/case_table.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

namespace faceoff::compare {
namespace {

constexpr std::size_t kBlock = 256UL * 1024;
constexpr unsigned kOffsetBits = 40;  // of a place: a block may hold one very long id
constexpr CaseIndex kFree = std::numeric_limits<CaseIndex>::max();
constexpr unsigned char kLong = 255;  // instead of a length: four bytes of it follow

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
  const std::uint64_t place = cases_[item].id;
  const char* at =
      blocks_[place >> kOffsetBits].get() + (place & ((std::uint64_t{1} << kOffsetBits) - 1));
  const auto first = static_cast<unsigned char>(*at);
  if (first != kLong) {
    return {at + 1, first};
  }
  std::uint32_t length = 0;
  std::memcpy(&length, at + 1, sizeof length);
  return {at + 1 + sizeof length, length};
}

std::uint64_t CaseTable::keep(std::string_view id) {
  const bool is_long = id.size() >= kLong;
  const auto length = static_cast<std::uint32_t>(id.size());
  const std::size_t need = id.size() + 1 + (is_long ? sizeof length : 0);
  if (blocks_.empty() || used_ + need > room_) {
    room_ = std::max(kBlock, need);
    blocks_.push_back(std::make_unique<char[]>(room_));
    used_ = 0;
  }
  char* at = blocks_.back().get() + used_;
  const std::uint64_t place = (std::uint64_t{blocks_.size() - 1} << kOffsetBits) | used_;
  *at++ = static_cast<char>(is_long ? kLong : length);
  if (is_long) {
    std::memcpy(at, &length, sizeof length);
    at += sizeof length;
  }
  std::copy(id.begin(), id.end(), at);
  used_ += need;
  return place;
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
    cases_.push_back({.key = key, .id = keep(id)});
    order_.clear();
  }
  Case& entry = cases_[item];
  entry.tags = set_of(tags);
  entry.cluster = 0;
  if (!cluster.empty()) {
    auto at = clusters_.find(cluster);
    if (at == clusters_.end()) {
      at = clusters_.emplace(cluster, static_cast<std::uint32_t>(clusters_.size() + 1)).first;
    }
    entry.cluster = at->second;
  }
  return item;
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
