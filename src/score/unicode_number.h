#pragma once

#include <optional>
#include <string_view>

namespace faceoff::score {

// inspect_ai's unicode_number_to_float (scorer/_unicode.py): digits of any script with the decimal
// and grouping marks of any locale, signs, one vulgar fraction (2½), a superscript exponent (3²),
// Chinese numerals, Roman numeral characters. nullopt where it raises ValueError.
[[nodiscard]] std::optional<double> unicode_number(std::string_view text);

}  // namespace faceoff::score
