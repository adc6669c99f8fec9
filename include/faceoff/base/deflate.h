#pragma once

#include <string>
#include <string_view>

namespace faceoff {

// RFC 1950 (zlib), the "deflate" of browsers and of HTTP. The same bytes for the same zlib.
[[nodiscard]] std::string deflate(std::string_view bytes);

}  // namespace faceoff
