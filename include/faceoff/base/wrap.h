#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace faceoff {

// Lines of at most `width` columns, broken at blanks; what is broken off a line stands `hang`
// columns further in than its beginning. Words that are longer stay whole, to be copied. Colours
// (SGR sequences) take no room. `text` is safe for a terminal (base/text.h); 0: as it is.
[[nodiscard]] std::string wrap_text(std::string_view text, std::size_t width, std::size_t hang = 2);

// Columns that it takes, without its colours.
[[nodiscard]] std::size_t visible_width(std::string_view text);

}  // namespace faceoff
