#include "table.h"

#include <algorithm>
#include <array>

namespace faceoff::score {

std::optional<std::string> Scorer::objection(const suite::Case& /*item*/) const {
  return std::nullopt;
}

std::span<const Info> all() {
  static const std::array table{
#define FACEOFF_SCORER(id) id##_scorer,
#include "scorers.def"
#undef FACEOFF_SCORER
  };
  return table;
}

const Info* find(std::string_view name) noexcept {
  const auto table = all();
  const auto it = std::ranges::find(table, name, &Info::name);
  return it == table.end() ? nullptr : &*it;
}

}  // namespace faceoff::score
