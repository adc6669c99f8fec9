#pragma once

#include "judge_prompt.h"

#include <string_view>
#include <vector>

namespace faceoff::score {

class Options;

struct ValuedMenu {
  std::vector<MenuItem> items;
  std::vector<double> values;  // one an item; empty: none has a value
};
// Reads a mapping of labels to values, or to {value, when}; with `bare` also a list of labels, or
// labels without a value. Two labels at least, equal in no spelling. Mistakes are reported.
enum class Bare : bool { no, yes };
[[nodiscard]] ValuedMenu read_menu(const Options& options,
                                   std::string_view key,
                                   const doc::Node& node,
                                   Bare bare);

}  // namespace faceoff::score
