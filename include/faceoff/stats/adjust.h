#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace faceoff::stats {

// holm (Holm 1979) for verdicts and gates: the chance of any false alarm stays below alpha.
// benjamini_hochberg (1995) for browsing: the share of false ones among the alarms does.
// hochberg (1988) and benjamini_yekutieli (2001) are their variants for independent and for any
// dependence; bonferroni multiplies by the number of tests.
enum class Adjustment : std::uint8_t {
  none,
  bonferroni,
  holm,
  hochberg,
  benjamini_hochberg,
  benjamini_yekutieli,
};

// Adjusted p-values in the order of the input, to compare with the unchanged alpha; the same
// numbers as R's p.adjust. The family is `p`: every test whose result is shown.
[[nodiscard]] std::vector<double> adjust_p(std::span<const double> p, Adjustment method);

}  // namespace faceoff::stats
