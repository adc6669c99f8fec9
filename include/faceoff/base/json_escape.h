#pragma once

#include <string>
#include <string_view>

namespace faceoff {

// Appends `text` (valid UTF-8) as the inside of a JSON string, without the quotes.
void append_json_escaped(std::string& out, std::string_view text);
// `text` as a JSON string with its quotes.
[[nodiscard]] std::string json_quoted(std::string_view text);

}  // namespace faceoff
