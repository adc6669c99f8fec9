#pragma once

#include <faceoff/doc/diagnostic.h>

#include <cstddef>
#include <string>

namespace faceoff::doc {

// render() for a terminal of so many columns: sentences are broken at blanks, source lines shown as
// far as there is room. 0: as render().
[[nodiscard]] std::string render_fitted(const Diagnostics& diagnostics,
                                        const RenderOptions& options,
                                        std::size_t width);

}  // namespace faceoff::doc
