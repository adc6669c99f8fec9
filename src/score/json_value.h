#pragma once

#include "decimal.h"

#include <faceoff/base/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

struct JsonMember;

// One JSON value. Numbers keep every digit.
struct JsonValue {
  JsonKind kind = JsonKind::null;
  bool boolean = false;
  std::string text;  // string; a number as it is written
  Decimal number;
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;  // sorted by key, keys unique
};

struct JsonMember {
  std::string key;
  JsonValue value;
};

inline constexpr std::size_t kMaxJsonDepth = 64;

// Parses all of `text` as RFC 8259 asks: no comments, no NaN, valid UTF-8. Keys that stand twice in
// an object, more than kMaxJsonDepth levels and numbers beyond a double are refused as well. Errors
// are of kind protocol; the message says what is wrong.
[[nodiscard]] Result<JsonValue> parse_json_value(std::string_view text);

// Deep equality; the order of keys does not matter, numbers are equal in value or when they differ
// by at most `tolerance`.
[[nodiscard]] bool equal(const JsonValue& a,
                         const JsonValue& b,
                         const std::optional<Decimal>& tolerance);

// RFC 6901: "" is the whole value, "/items/0/price" a part; ~1 stands for / and ~0 for ~.
[[nodiscard]] bool is_json_pointer(std::string_view pointer) noexcept;
// The part, or nullptr when there is none. REQUIRES: is_json_pointer(pointer).
[[nodiscard]] const JsonValue* find_part(const JsonValue& value, std::string_view pointer);
[[nodiscard]] const JsonValue* find_member(const JsonValue& value, std::string_view key);

// As compact JSON; keys sorted, numbers as they were written.
[[nodiscard]] std::string write_json(const JsonValue& value);

// "'Ada'", "9.5", "an object": for a sentence.
[[nodiscard]] std::string describe(const JsonValue& value);

}  // namespace faceoff::score
