#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::doc {

// A place in a text file. Line and column are 1-based; the column counts code points.
struct Mark {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend auto operator<=>(const Mark&, const Mark&) = default;
};

// [begin, end). For a quoted scalar the quotes are inside.
struct Span {
  Mark begin;
  Mark end;
  friend bool operator==(const Span&, const Span&) = default;
};

enum class Kind : std::uint8_t { scalar, sequence, mapping };

// How a scalar was written. Only a plain scalar can be a number, a boolean or null (YAML 1.2 core
// schema: `yes` and `010` are texts); a JSON number or literal counts as plain, a JSON string as
// quoted.
enum class Style : std::uint8_t { plain, quoted, block };

struct Member;

// One value of a document, with its place. A tree: aliases are expanded when it is read.
struct Node {
  Kind kind = Kind::scalar;
  Style style = Style::plain;
  std::string text;             // scalar
  std::vector<Node> items;      // sequence
  std::vector<Member> members;  // mapping, in file order, keys unique
  Span span;

  [[nodiscard]] bool is_scalar() const noexcept { return kind == Kind::scalar; }
  [[nodiscard]] bool is_sequence() const noexcept { return kind == Kind::sequence; }
  [[nodiscard]] bool is_mapping() const noexcept { return kind == Kind::mapping; }
  // A plain empty scalar, `~` or `null`.
  [[nodiscard]] bool is_null() const noexcept;
  // The value of `key` in a mapping, or nullptr.
  [[nodiscard]] const Node* find(std::string_view key) const noexcept;
  [[nodiscard]] const Member* find_member(std::string_view key) const noexcept;
};

struct Member {
  std::string key;
  Span key_span;
  Node value;
};

// "a text", "a number", "a list", "a mapping", "nothing": what a message says was found.
[[nodiscard]] std::string_view describe(const Node& node) noexcept;

// The tree as compact JSON: plain scalars of the core schema as numbers, booleans and null,
// everything else as strings. For digests and for handing structured values to scorers.
[[nodiscard]] std::string to_json(const Node& node);

}  // namespace faceoff::doc
