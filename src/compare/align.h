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
// `by_id`: the digest is left out of account, so that two prompts for the same case are a pair, and
// the order is that of the ids. An id that stands twice on a side, with several prompts, is
// `changed`.
[[nodiscard]] Alignment align(const Trials& reference,
                              const Trials& candidate,
                              bool by_id = false);

// The part of it that has the tag.
[[nodiscard]] Alignment with_tag(const Alignment& alignment, std::string_view tag);

}  // namespace faceoff::compare
