#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace faceoff::doc {

struct JsonString {
  std::size_t end = 0;  // behind the closing quote, or where the problem is
  std::string problem;  // empty: sound
  std::string help;
};

// Reads the JSON text in quotes that begins at byte `begin` into `out`. Surrogate pairs become one
// character; a surrogate alone is a problem, since no UTF-8 can hold it.
[[nodiscard]] JsonString read_json_string(std::string_view text,
                                          std::size_t begin,
                                          std::string& out);

}  // namespace faceoff::doc
