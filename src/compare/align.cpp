#include "align.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace faceoff::compare {
namespace {

// The cases of one column, one after the other.
class Cursor {
 public:
  explicit Cursor(const Trials& trials) : trials_(trials), at_(trials.cases().in_order().begin()) {
    skip();
  }
  [[nodiscard]] bool done() const { return at_ == trials_.cases().in_order().end(); }
  [[nodiscard]] CaseIndex item() const { return *at_; }
  [[nodiscard]] bool before(const Cursor& other) const {
    const CaseTable& a = trials_.cases();
    const CaseTable& b = other.trials_.cases();
    if (&a == &b && item() == other.item()) {
      return false;
    }
    const auto ka = a.key(item());
    const auto kb = b.key(other.item());
    return ka != kb ? ka < kb : a.id(item()) < b.id(other.item());
  }
  CaseIndex take() {
    const CaseIndex item = *at_++;
    skip();
    return item;
  }

 private:
  void skip() {
    while (!done() && !trials_.has(*at_)) {
      ++at_;
    }
  }
  const Trials& trials_;
  std::vector<CaseIndex>::const_iterator at_;
};

// Moves out of both lists what differs in its digest only.
void find_changed(Alignment& alignment) {
  const CaseTable& a = alignment.reference->cases();
  const CaseTable& b = alignment.candidate->cases();
  const auto ids_of = [](const CaseTable& cases, const std::vector<CaseIndex>& items) {
    std::vector<std::string_view> ids;
    ids.reserve(items.size());
    for (const CaseIndex item : items) {
      ids.push_back(cases.id(item));
    }
    std::sort(ids.begin(), ids.end());
    return ids;
  };
  const auto in_a = ids_of(a, alignment.only_reference);
  const auto in_b = ids_of(b, alignment.only_candidate);
  std::vector<std::string_view> shared;
  std::set_intersection(
      in_a.begin(), in_a.end(), in_b.begin(), in_b.end(), std::back_inserter(shared));
  const auto is_changed = [&](const CaseTable& cases) {
    return [&](CaseIndex item) {
      return std::binary_search(shared.begin(), shared.end(), cases.id(item));
    };
  };
  for (const CaseIndex item : alignment.only_candidate) {
    if (is_changed(b)(item)) {
      alignment.changed.push_back(item);
    }
  }
  // An id that stands twice on one side is one changed case.
  std::sort(alignment.changed.begin(), alignment.changed.end(), [&](CaseIndex x, CaseIndex y) {
    return b.id(x) < b.id(y);
  });
  alignment.changed.erase(std::unique(alignment.changed.begin(),
                                      alignment.changed.end(),
                                      [&](CaseIndex x, CaseIndex y) { return b.id(x) == b.id(y); }),
                          alignment.changed.end());
  std::erase_if(alignment.only_reference, is_changed(a));
  std::erase_if(alignment.only_candidate, is_changed(b));
}

// The cases that have trials, by id, each id once; those that stand there more often go to
// `several`.
std::vector<CaseIndex> single_ids(const Trials& trials, std::vector<CaseIndex>& several) {
  const CaseTable& cases = trials.cases();
  std::vector<CaseIndex> items;
  for (Cursor cursor(trials); !cursor.done();) {
    items.push_back(cursor.take());
  }
  std::sort(items.begin(), items.end(), [&](CaseIndex x, CaseIndex y) {
    return cases.id(x) < cases.id(y);
  });
  std::vector<CaseIndex> single;
  for (auto at = items.begin(); at != items.end();) {
    const auto end = std::find_if(
        at, items.end(), [&](CaseIndex item) { return cases.id(item) != cases.id(*at); });
    (end - at == 1 ? single : several).push_back(*at);
    at = end;
  }
  return single;
}

Alignment align_ids(const Trials& reference, const Trials& candidate) {
  Alignment alignment;
  alignment.reference = &reference;
  alignment.candidate = &candidate;
  std::vector<CaseIndex> dropped;
  const auto of_a = single_ids(reference, dropped);
  const auto of_b = single_ids(candidate, alignment.changed);
  const CaseTable& a = reference.cases();
  const CaseTable& b = candidate.cases();
  auto x = of_a.begin();
  auto y = of_b.begin();
  while (x != of_a.end() || y != of_b.end()) {
    if (y == of_b.end() || (x != of_a.end() && a.id(*x) < b.id(*y))) {
      alignment.only_reference.push_back(*x++);
    } else if (x == of_a.end() || b.id(*y) < a.id(*x)) {
      alignment.only_candidate.push_back(*y++);
    } else {
      alignment.both.push_back({*x++, *y++});
    }
  }
  // Both lists are in the order of their ids.
  const auto ids_of = [](const CaseTable& cases, const std::vector<CaseIndex>& items) {
    std::vector<std::string_view> ids;
    std::transform(items.begin(), items.end(), std::back_inserter(ids), [&](CaseIndex item) {
      return cases.id(item);
    });
    return ids;
  };
  const auto twice_in_a = ids_of(a, dropped);
  const auto twice_in_b = ids_of(b, alignment.changed);
  const auto stands_in = [](const std::vector<std::string_view>& ids, std::string_view id) {
    return std::binary_search(ids.begin(), ids.end(), id);
  };
  // One side has the id once, the other several times: the single one is no case of its own.
  std::erase_if(alignment.only_reference,
                [&](CaseIndex item) { return stands_in(twice_in_b, a.id(item)); });
  const auto moved = std::stable_partition(
      alignment.only_candidate.begin(), alignment.only_candidate.end(), [&](CaseIndex item) {
        return !stands_in(twice_in_a, b.id(item));
      });
  alignment.changed.insert(alignment.changed.end(), moved, alignment.only_candidate.end());
  alignment.only_candidate.erase(moved, alignment.only_candidate.end());
  return alignment;
}

}  // namespace

Alignment align(const Trials& reference, const Trials& candidate, bool by_id) {
  if (by_id) {
    return align_ids(reference, candidate);
  }
  Alignment alignment;
  alignment.reference = &reference;
  alignment.candidate = &candidate;
  alignment.both.reserve(std::min(reference.size(), candidate.size()));
  Cursor a(reference);
  Cursor b(candidate);
  while (!a.done() || !b.done()) {
    if (b.done() || (!a.done() && a.before(b))) {
      alignment.only_reference.push_back(a.take());
    } else if (a.done() || b.before(a)) {
      alignment.only_candidate.push_back(b.take());
    } else {
      alignment.both.push_back({a.take(), b.take()});
    }
  }
  if (!alignment.only_reference.empty() && !alignment.only_candidate.empty()) {
    find_changed(alignment);
  }
  return alignment;
}

Alignment with_tag(const Alignment& alignment, std::string_view tag) {
  Alignment part;
  part.reference = alignment.reference;
  part.candidate = alignment.candidate;
  const auto filter = [&](const CaseTable& cases) {
    return
        [&cases, with = cases.sets_with(tag)](CaseIndex item) { return with[cases.tag_set(item)]; };
  };
  const auto of_candidate = filter(alignment.candidate->cases());
  std::copy_if(alignment.both.begin(),
               alignment.both.end(),
               std::back_inserter(part.both),
               [&](const Alignment::Couple& couple) { return of_candidate(couple.candidate); });
  const auto take = [](const auto& from, auto& to, const auto& has_tag) {
    std::copy_if(from.begin(), from.end(), std::back_inserter(to), has_tag);
  };
  take(alignment.only_reference, part.only_reference, filter(alignment.reference->cases()));
  take(alignment.only_candidate, part.only_candidate, of_candidate);
  take(alignment.changed, part.changed, of_candidate);
  return part;
}

}  // namespace faceoff::compare
