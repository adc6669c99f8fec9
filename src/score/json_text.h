#pragma once

#include "json_value.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace faceoff::score {

enum class JsonExtract : std::uint8_t {
  any,    // the whole answer, else the code block, else the first object (or list) in the text
  whole,  // the whole answer
  block,  // the first code block marked json, else the first code block
};

struct JsonFound {
  std::string_view text;  // part of the answer
  Result<JsonValue> value;
};

// The JSON of an answer; nullopt when nothing in it looks like JSON. When something does and none
// of it is valid, the error of the most likely place. Takes time linear in the text.
[[nodiscard]] std::optional<JsonFound> find_json(std::string_view answer, JsonExtract extract);

}  // namespace faceoff::score
