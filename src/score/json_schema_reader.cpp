#include "json_schema_reader.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::array<std::string_view, 10> kNotes{"title",
                                                  "description",
                                                  "default",
                                                  "examples",
                                                  "deprecated",
                                                  "$schema",
                                                  "$id",
                                                  "$comment",
                                                  "format",
                                                  "$defs"};
constexpr std::array<std::string_view, 6> kSingle{
    "additionalProperties", "propertyNames", "items", "contains", "not", "if"};
constexpr std::array<std::string_view, 2> kBranches{"then", "else"};
constexpr std::array<std::string_view, 4> kLists{"allOf", "anyOf", "oneOf", "prefixItems"};
constexpr std::array<std::string_view, 2> kMaps{"properties", "patternProperties"};
constexpr std::array<std::string_view, 8> kCounts{"minProperties",
                                                  "maxProperties",
                                                  "minItems",
                                                  "maxItems",
                                                  "minLength",
                                                  "maxLength",
                                                  "minContains",
                                                  "maxContains"};
constexpr std::array<std::string_view, 5> kBounds{
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"};
constexpr std::array<std::string_view, 7> kTypes{
    "null", "boolean", "object", "array", "number", "string", "integer"};

template <class List>
bool among(const List& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

bool is_schema(const JsonValue& value) {
  return value.kind == JsonKind::object || value.kind == JsonKind::boolean;
}

// Walks over a schema once: refuses what is not checked, compiles patterns.
class Reader {
 public:
  Reader(const JsonValue& root, SchemaPatterns& patterns) : root_(root), patterns_(patterns) {}

  Status read(const JsonValue& schema, const std::string& place) {
    if (!is_schema(schema)) {
      return fail(ErrorKind::usage,
                  fmt::format("{}: a schema must be an object or a boolean", place));
    }
    for (const JsonMember& member : schema.members) {
      FACEOFF_TRY(keyword(member, place + "/" + member.key));
    }
    return {};
  }

 private:
  Status keyword(const JsonMember& member, const std::string& place) {
    const std::string_view key = member.key;
    const JsonValue& value = member.value;
    if (key == "$defs" || among(kMaps, key)) {
      return map(value, place, key == "patternProperties");
    }
    if (among(kSingle, key) || among(kBranches, key)) {
      return read(value, place);
    }
    if (among(kLists, key)) {
      return list(value, place);
    }
    if (key == "$ref") {
      const bool known = value.kind == JsonKind::string && value.text.starts_with('#') &&
                         is_json_pointer(std::string_view(value.text).substr(1)) &&
                         find_part(root_, std::string_view(value.text).substr(1)) != nullptr;
      return known ? Status()
                   : wrong(place, "must name a place in the same schema, as #/$defs/item");
    }
    if (key == "pattern") {
      return value.kind == JsonKind::string ? pattern(value.text, place)
                                            : wrong(place, "must be a text");
    }
    if (key == "type") {
      return type(value, place);
    }
    if (key == "required") {
      const bool texts = value.kind == JsonKind::array &&
                         std::ranges::all_of(value.items, [](const JsonValue& item) {
                           return item.kind == JsonKind::string;
                         });
      return texts ? Status() : wrong(place, "must be a list of texts");
    }
    if (key == "enum") {
      return value.kind == JsonKind::array ? Status() : wrong(place, "must be a list");
    }
    if (among(kCounts, key)) {
      return is_integer(value) && !value.number.negative ? Status()
                                                         : wrong(place, "must be a whole number");
    }
    if (among(kBounds, key)) {
      return value.kind == JsonKind::number ? Status() : wrong(place, "must be a number");
    }
    if (key == "uniqueItems") {
      return value.kind == JsonKind::boolean ? Status() : wrong(place, "must be true or false");
    }
    if (key == "const" || among(kNotes, key)) {
      return {};
    }
    return wrong(place, "is a keyword that is not checked here");
  }

  static Status wrong(const std::string& place, std::string_view what) {
    return fail(ErrorKind::usage, fmt::format("{} {}", place, what));
  }

  Status map(const JsonValue& value, const std::string& place, bool names_are_patterns) {
    if (value.kind != JsonKind::object) {
      return wrong(place, "must be an object of schemas");
    }
    for (const JsonMember& member : value.members) {
      if (names_are_patterns) {
        FACEOFF_TRY(pattern(member.key, place));
      }
      FACEOFF_TRY(read(member.value, place + "/" + member.key));
    }
    return {};
  }

  Status list(const JsonValue& value, const std::string& place) {
    if (value.kind != JsonKind::array || value.items.empty()) {
      return wrong(place, "must be a list of schemas");
    }
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      FACEOFF_TRY(read(value.items[i], fmt::format("{}/{}", place, i)));
    }
    return {};
  }

  Status type(const JsonValue& value, const std::string& place) {
    const auto known = [](const JsonValue& name) {
      return name.kind == JsonKind::string && among(kTypes, name.text);
    };
    const bool list = value.kind == JsonKind::array && !value.items.empty() &&
                      std::ranges::all_of(value.items, known);
    return known(value) || list ? Status()
                                : wrong(place, "must be a type of JSON or a list of them");
  }

  Status pattern(const std::string& text, const std::string& place) {
    auto regex = Regex::compile(text);
    if (!regex) {
      return fail(ErrorKind::usage, fmt::format("{}: {}", place, regex.error().message));
    }
    patterns_.try_emplace(text, *std::move(regex));
    return {};
  }

  const JsonValue& root_;
  SchemaPatterns& patterns_;
};

}  // namespace

bool is_integer(const JsonValue& value) {
  return value.kind == JsonKind::number &&
         (value.number.digits.empty() ||
          value.number.exponent >= static_cast<std::int64_t>(value.number.digits.size()));
}

Status read_schema(const JsonValue& root, SchemaPatterns& patterns) {
  return Reader(root, patterns).read(root, "#");
}

}  // namespace faceoff::score
