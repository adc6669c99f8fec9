#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace faceoff::suite {

// Remembers where each id of a suite was first used, in 16 bytes each (up to 32 while it grows):
// ids are told apart by 64 bits of a hash, so that a million of them are mixed up with a
// probability of 3 in 100 million.
class IdSet {
 public:
  struct Place {
    std::uint32_t file = 0;
    std::uint32_t line = 0;
  };
  // Adds an id; when it is known, returns the place where it was used first.
  std::optional<Place> add(std::string_view id, Place place);
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Slot {
    std::uint64_t hash = 0;  // 0: empty
    Place place;
  };
  void grow();
  [[nodiscard]] Slot& slot_of(std::uint64_t hash) noexcept;

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace faceoff::suite
