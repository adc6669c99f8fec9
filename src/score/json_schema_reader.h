#pragma once

#include "json_value.h"

#include <faceoff/base/regex.h>
#include <faceoff/base/result.h>

#include <functional>
#include <map>
#include <string>

namespace faceoff::score {

// Every pattern of a schema, compiled.
using SchemaPatterns = std::map<std::string, Regex, std::less<>>;

// Walks over a schema once: refuses what is not checked, compiles patterns. Error of kind usage:
// the place in the schema ("#/items/type") and what is wrong there.
[[nodiscard]] Status read_schema(const JsonValue& root, SchemaPatterns& patterns);

// A whole number in value: 3, 3.0, 30e-1.
[[nodiscard]] bool is_integer(const JsonValue& value);

}  // namespace faceoff::score
