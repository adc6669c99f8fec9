#pragma once

#include "items.h"

#include <string_view>
#include <vector>

namespace faceoff::compare {

// Two columns laid side by side by case id and digest, in the order of CaseTable::in_order(). An
// index belongs to the cases of its own column.
struct Alignment {
  struct Couple {
    CaseIndex reference;
    CaseIndex candidate;
  };
  const Trials* reference = nullptr;
  const Trials* candidate = nullptr;
  std::vector<Couple> both;
  std::vector<CaseIndex> only_reference;
  std::vector<CaseIndex> only_candidate;
  std::vector<CaseIndex> changed;  // of the candidate: the reference has the id with other text
};
[[nodiscard]] Alignment align(const Trials& reference, const Trials& candidate);

// The part of it that has the tag.
[[nodiscard]] Alignment with_tag(const Alignment& alignment, std::string_view tag);

}  // namespace faceoff::compare
