#pragma once

#include "items.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace faceoff::compare {

// Two columns laid side by side by case id and digest. Points into the items it was made from.
struct Alignment {
  struct Couple {
    const Item* reference;
    const Item* candidate;
  };
  std::vector<Couple> both;
  std::vector<const Item*> only_reference;
  std::vector<const Item*> only_candidate;
  std::vector<const Item*> changed;  // of the candidate: the reference has the id with other text
};
[[nodiscard]] Alignment align(const std::vector<Item>& reference,
                              const std::vector<Item>& candidate);

// The part of it that has the tag.
[[nodiscard]] Alignment with_tag(const Alignment& alignment, std::string_view tag);

}  // namespace faceoff::compare
