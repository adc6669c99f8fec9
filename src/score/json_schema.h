#pragma once

#include "json_value.h"

#include <faceoff/base/result.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace faceoff::score {

// A JSON Schema of draft 2020-12. Keywords that are checked: type, enum, const, properties,
// required, additionalProperties, patternProperties, propertyNames, minProperties, maxProperties,
// items, prefixItems, contains, minItems, maxItems, uniqueItems, minimum, maximum,
// exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength, pattern, allOf, anyOf,
// oneOf, not, if, then, else, $ref to a place in the same schema ("#/$defs/item"), $defs. title,
// description, default, examples, deprecated, $schema, $id, $comment and format say nothing of
// validity. Any other keyword is refused, so that no schema is weaker than it looks. Immutable,
// thread-safe.
class JsonSchema {
 public:
  // Error of kind usage: the schema's place and what is wrong with it.
  [[nodiscard]] static Result<JsonSchema> compile(std::string_view json);

  // Where the first mistake of `value` is and what it is; nullopt when it is valid. Error of kind
  // protocol when a pattern or the work of the schema ran into a limit.
  [[nodiscard]] Result<std::optional<std::string>> mistake(const JsonValue& value) const;

  JsonSchema(JsonSchema&&) noexcept;
  JsonSchema& operator=(JsonSchema&&) noexcept;
  ~JsonSchema();

 private:
  struct Parts;
  explicit JsonSchema(std::unique_ptr<const Parts> parts);
  std::unique_ptr<const Parts> parts_;
};

}  // namespace faceoff::score
