#pragma once

#include <string>
#include <string_view>

namespace faceoff::score {

// Stand for a thin separator of digit groups (no-break or thin space, \,) and for a sign of
// multiplication (×, ·, \times, \cdot) in the text that plain_numerals() gives.
inline constexpr char kThin = '\x1f';
inline constexpr char kTimes = '\x1e';

// The text with every way to write a numeral brought to ASCII: digits of other scripts, U+2212,
// full-width marks, ½ and its like (1/2), superscripts (^2), LaTeX fractions, separators ({,}) and
// escapes (\$, \%). Everything else stays.
[[nodiscard]] std::string plain_numerals(std::string_view text);

// What stands in \boxed{...}, one a line; empty when there is none. Boxes inside boxes belong to
// the outer one.
[[nodiscard]] std::string boxed_parts(std::string_view plain);

}  // namespace faceoff::score
