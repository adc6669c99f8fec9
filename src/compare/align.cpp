#include "align.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

namespace faceoff::compare {
namespace {

bool before(const Item& a, const Item& b) {
  return std::tie(a.case_id, a.digest) < std::tie(b.case_id, b.digest);
}

// Moves out of both lists what differs in its digest only.
void find_changed(Alignment& alignment) {
  std::set<std::string_view> ids;
  for (const Item* item : alignment.only_reference) {
    ids.insert(item->case_id);
  }
  std::set<std::string_view> changed;
  const auto is_changed = [&](const Item* item) { return changed.count(item->case_id) > 0; };
  for (const Item* item : alignment.only_candidate) {
    if (ids.count(item->case_id) > 0 && changed.insert(item->case_id).second) {
      alignment.changed.push_back(item);
    }
  }
  std::erase_if(alignment.only_reference, is_changed);
  std::erase_if(alignment.only_candidate, is_changed);
}

}  // namespace

Alignment align(const std::vector<Item>& reference, const std::vector<Item>& candidate) {
  Alignment alignment;
  auto a = reference.begin();
  auto b = candidate.begin();
  while (a != reference.end() || b != candidate.end()) {
    if (b == candidate.end() || (a != reference.end() && before(*a, *b))) {
      alignment.only_reference.push_back(&*a++);
    } else if (a == reference.end() || before(*b, *a)) {
      alignment.only_candidate.push_back(&*b++);
    } else {
      alignment.both.push_back({&*a++, &*b++});
    }
  }
  find_changed(alignment);
  return alignment;
}

Alignment with_tag(const Alignment& alignment, std::string_view tag) {
  const auto has_tag = [&](const Item* item) { return item->has_tag(tag); };
  Alignment part;
  std::copy_if(alignment.both.begin(),
               alignment.both.end(),
               std::back_inserter(part.both),
               [&](const Alignment::Couple& couple) { return has_tag(couple.candidate); });
  const auto take = [&](const std::vector<const Item*>& from, std::vector<const Item*>& to) {
    std::copy_if(from.begin(), from.end(), std::back_inserter(to), has_tag);
  };
  take(alignment.only_reference, part.only_reference);
  take(alignment.only_candidate, part.only_candidate);
  take(alignment.changed, part.changed);
  return part;
}

}  // namespace faceoff::compare
