#pragma once

#include <faceoff/doc/node.h>

#include <cstdint>
#include <optional>
#include <string>

namespace faceoff::doc {

// What a scalar is in the YAML 1.2 core schema, less the forms that mean something else elsewhere:
// a leading zero (010), .inf and .nan make a text.
enum class ScalarKind : std::uint8_t { null, boolean, integer, real, text };

// REQUIRES: node.is_scalar().
[[nodiscard]] ScalarKind classify(const Node& node) noexcept;

// The value of a scalar that classify() calls an integer (42, -7, +1, 0x1F, 0o17); nullopt when it
// does not fit.
[[nodiscard]] std::optional<std::int64_t> integer_value(const Node& node);
// The value of an integer or a real one; nullopt when it does not fit.
[[nodiscard]] std::optional<double> number_value(const Node& node);
// REQUIRES: classify() says boolean.
[[nodiscard]] bool boolean_value(const Node& node) noexcept;
// The number as JSON writes it: 1.10 stays, +1 and .5 and 0x1F become 1, 0.5 and 31.
[[nodiscard]] std::string number_as_json(const Node& node);

}  // namespace faceoff::doc
