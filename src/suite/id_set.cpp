#include "id_set.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/random.h>

#include <algorithm>
#include <utility>

namespace faceoff::suite {
namespace {
constexpr std::size_t kFirstSize = 64;
}

std::optional<IdSet::Place> IdSet::add(std::string_view id, Place place) {
  // FNV leaves the low bits of short texts alike; the finaliser spreads them.
  const std::uint64_t hash = std::max<std::uint64_t>(Random(fnv1a(id)).next(), 1);
  if (size_ + size_ / 4 >= slots_.size()) {
    grow();
  }
  Slot& slot = slot_of(hash);
  if (slot.hash == hash) {
    return slot.place;
  }
  slot = {hash, place};
  ++size_;
  return std::nullopt;
}

IdSet::Slot& IdSet::slot_of(std::uint64_t hash) noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].hash != 0 && slots_[at].hash != hash) {
    at = (at + 1) & mask;
  }
  return slots_[at];
}

void IdSet::grow() {
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(std::max(kFirstSize, slots_.size() * 2)));
  for (const auto& slot : old) {
    if (slot.hash != 0) {
      slot_of(slot.hash) = slot;
    }
  }
}

}  // namespace faceoff::suite
