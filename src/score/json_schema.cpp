#include "json_schema.h"

#include "json_schema_reader.h"
#include "number_text.h"
#include "words.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

// Steps of one validation: a schema of anyOf in anyOf could take very long.
constexpr std::size_t kMaxWork = 200'000;
// Above the levels of a value, so that only schemas which name themselves come here.
constexpr std::size_t kMaxRefs = 200;

std::optional<Rational> rational(const JsonValue& value) {
  return to_rational(value.number);
}

// <0, 0 or >0; exact where the parts fit, else by long double.
int compare(const JsonValue& a, const JsonValue& b) {
  if (a.number == b.number) {
    return 0;
  }
  const long double x = to_long_double(a.number);
  const long double y = to_long_double(b.number);
  if (x != y) {
    return x < y ? -1 : 1;
  }
  const auto left = rational(a);
  const auto right = rational(b);
  const auto difference = left && right ? subtract(*left, *right) : std::nullopt;
  return difference && difference->negative ? -1 : 1;
}

bool is_multiple(const JsonValue& value, const JsonValue& of) {
  const auto a = rational(value);
  const auto b = rational(of);
  const auto quotient = a && b ? divide(*a, *b) : std::nullopt;
  return quotient && quotient->denominator == 1;
}

std::size_t count_of(const JsonValue& value) {
  return static_cast<std::size_t>(std::max(0.0L, to_long_double(value.number)));
}

using Mistake = Result<std::optional<std::string>>;

class Validator {
 public:
  Validator(const JsonValue& root, const SchemaPatterns& patterns)
      : root_(root), patterns_(patterns) {}

  Mistake check(const JsonValue& schema, const JsonValue& value, const std::string& place) {
    if (++work_ > kMaxWork || depth_ > kMaxRefs) {
      return fail(ErrorKind::protocol, "the schema takes too many steps");
    }
    if (schema.kind == JsonKind::boolean) {
      return schema.boolean ? none() : found(place, "nothing is allowed here");
    }
    ++depth_;
    auto result = checks(schema, value, place);
    --depth_;
    return result;
  }

 private:
  static Mistake none() { return std::optional<std::string>(); }
  static Mistake found(const std::string& place, std::string_view what) {
    return std::optional(
        fmt::format("{}: {}", place.empty() ? "the whole" : "'" + clip(place, 80) + "'", what));
  }

  Mistake checks(const JsonValue& schema, const JsonValue& value, const std::string& place) {
    for (const auto part : {&Validator::reference,
                            &Validator::any_value,
                            &Validator::number,
                            &Validator::string,
                            &Validator::array,
                            &Validator::object,
                            &Validator::combined}) {
      FACEOFF_TRY_ASSIGN(auto mistake, (this->*part)(schema, value, place));
      if (mistake) {
        return mistake;
      }
    }
    return none();
  }

  Mistake reference(const JsonValue& schema, const JsonValue& value, const std::string& place) {
    const JsonValue* ref = find_member(schema, "$ref");
    if (ref == nullptr) {
      return none();
    }
    return check(*find_part(root_, std::string_view(ref->text).substr(1)), value, place);
  }

  static bool is_type(const JsonValue& value, std::string_view type) {
    switch (value.kind) {
      case JsonKind::null:
        return type == "null";
      case JsonKind::boolean:
        return type == "boolean";
      case JsonKind::number:
        return type == "number" || (type == "integer" && is_integer(value));
      case JsonKind::string:
        return type == "string";
      case JsonKind::array:
        return type == "array";
      case JsonKind::object:
        break;
    }
    return type == "object";
  }

  Mistake any_value(const JsonValue& schema, const JsonValue& value, const std::string& place) {
    if (const JsonValue* type = find_member(schema, "type")) {
      const bool fits = type->kind == JsonKind::string
                            ? is_type(value, type->text)
                            : std::ranges::any_of(type->items, [&](const JsonValue& one) {
                                return is_type(value, one.text);
                              });
      if (!fits) {
        return found(place,
                     fmt::format("{} is not of type {}", describe(value), write_json(*type)));
      }
    }
    const JsonValue* list = find_member(schema, "enum");
    if (list != nullptr && std::ranges::none_of(list->items, [&](const JsonValue& one) {
          return score::equal(value, one, std::nullopt);
        })) {
      return found(place, fmt::format("{} is none of the allowed values", describe(value)));
    }
    const JsonValue* only = find_member(schema, "const");
    return only != nullptr && !score::equal(value, *only, std::nullopt)
               ? found(place, fmt::format("{} is not {}", describe(value), describe(*only)))
               : none();
  }

  Mistake number(const JsonValue& schema, const JsonValue& value, const std::string& place) {
    if (value.kind != JsonKind::number) {
      return none();
    }
    const auto breaks = [&](std::string_view key, auto test) {
      const JsonValue* bound = find_member(schema, key);
      return bound != nullptr && test(*bound);
    };
    const bool wrong =
        breaks("minimum", [&](const JsonValue& b) { return compare(value, b) < 0; }) ||
        breaks("maximum", [&](const JsonValue& b) { return compare(value, b) > 0; }) ||
        breaks("exclusiveMinimum", [&](const JsonValue& b) { return compare(value, b) <= 0; }) ||
        breaks("exclusiveMaximum", [&](const JsonValue& b) { return compare(value, b) >= 0; }) ||
        breaks("multipleOf", [&](const JsonValue& b) { return !is_multiple(value, b); });
    return wrong ? found(place, fmt::format("{} is out of bounds", describe(value))) : none();
  }

  static bool outside(const JsonValue& schema,
                      std::size_t n,
                      std::string_view least,
                      std::string_view most) {
    const JsonValue* low = find_member(schema, least);
    const JsonValue* high = find_member(schema, most);
    return (low != nullptr && n < count_of(*low)) || (high != nullptr && n > count_of(*high));
  }

  Result<bool> matches(std::string_view pattern, std::string_view text) {
    FACEOFF_TRY_ASSIGN(const auto match, patterns_.find(pattern)->second.match(text));
    return match.has_value();
  }

  Mistake string(const JsonValue& schema, const JsonValue& value, const std::string& place) {
    if (value.kind != JsonKind::string) {
      return none();
    }
    if (outside(schema, count_code_points(value.text), "minLength", "maxLength")) {
      return found(place, "the text is too short or too long");
    }
    if (const JsonValue* pattern = find_member(schema, "pattern")) {
      FACEOFF_TRY_ASSIGN(const bool fits, matches(pattern->text, value.text));
      if (!fits) {
        return found(place, fmt::format("{} does not match the pattern", describe(value)));
      }
    }
    return none();
  }

  Mistake array(const JsonValue& schema, const JsonValue& value, const std::string& place) {
    if (value.kind != JsonKind::array) {
      return none();
    }
    if (outside(schema, value.items.size(), "minItems", "maxItems")) {
      return found(place, "the list is too short or too long");
    }
    const JsonValue* unique = find_member(schema, "uniqueItems");
    if (unique != nullptr && unique->boolean) {
      std::vector<std::string> seen;
      for (const JsonValue& item : value.items) {
        seen.push_back(write_json(item));
      }
      std::ranges::sort(seen);
      if (std::ranges::adjacent_find(seen) != seen.end()) {
        return found(place, "an item stands there twice");
      }
    }
    const JsonValue* prefix = find_member(schema, "prefixItems");
    const JsonValue* rest = find_member(schema, "items");
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      const JsonValue* one =
          prefix != nullptr && i < prefix->items.size() ? &prefix->items[i] : rest;
      if (one != nullptr) {
        FACEOFF_TRY_ASSIGN(auto mistake,
                           check(*one, value.items[i], fmt::format("{}/{}", place, i)));
        if (mistake) {
          return mistake;
        }
      }
    }
    return contained(schema, value, place);
  }

  Mistake contained(const JsonValue& schema, const JsonValue& value, const std::string& place) {
    const JsonValue* contains = find_member(schema, "contains");
    if (contains == nullptr) {
      return none();
    }
    std::size_t count = 0;
    for (const JsonValue& item : value.items) {
      FACEOFF_TRY_ASSIGN(const auto mistake, check(*contains, item, place));
      count += mistake ? 0U : 1U;
    }
    const bool least = find_member(schema, "minContains") != nullptr || count > 0;
    return least && !outside(schema, count, "minContains", "maxContains")
               ? none()
               : found(place, "the list lacks an item that it must contain");
  }

  Mistake object(const JsonValue& schema, const JsonValue& value, const std::string& place) {
    if (value.kind != JsonKind::object) {
      return none();
    }
    if (const JsonValue* required = find_member(schema, "required")) {
      for (const JsonValue& key : required->items) {
        if (find_member(value, key.text) == nullptr) {
          return found(place, fmt::format("key '{}' is missing", clip(key.text, 60)));
        }
      }
    }
    if (outside(schema, value.members.size(), "minProperties", "maxProperties")) {
      return found(place, "the object has too few or too many keys");
    }
    for (const JsonMember& member : value.members) {
      FACEOFF_TRY_ASSIGN(auto mistake, property(schema, member, place + "/" + member.key));
      if (mistake) {
        return mistake;
      }
    }
    return none();
  }

  Mistake property(const JsonValue& schema, const JsonMember& member, const std::string& place) {
    bool named = false;
    if (const JsonValue* names = find_member(schema, "propertyNames")) {
      JsonValue name;
      name.kind = JsonKind::string;
      name.text = member.key;
      FACEOFF_TRY_ASSIGN(auto mistake, check(*names, name, place));
      if (mistake) {
        return mistake;
      }
    }
    if (const JsonValue* known = find_member(schema, "properties")) {
      if (const JsonValue* one = find_member(*known, member.key)) {
        named = true;
        FACEOFF_TRY_ASSIGN(auto mistake, check(*one, member.value, place));
        if (mistake) {
          return mistake;
        }
      }
    }
    if (const JsonValue* patterns = find_member(schema, "patternProperties")) {
      for (const JsonMember& one : patterns->members) {
        FACEOFF_TRY_ASSIGN(const bool fits, matches(one.key, member.key));
        if (fits) {
          named = true;
          FACEOFF_TRY_ASSIGN(auto mistake, check(one.value, member.value, place));
          if (mistake) {
            return mistake;
          }
        }
      }
    }
    const JsonValue* others = find_member(schema, "additionalProperties");
    if (named || others == nullptr) {
      return none();
    }
    return others->kind == JsonKind::boolean && !others->boolean
               ? found(place, "is a key too many")
               : check(*others, member.value, place);
  }

  // How many of the schemas of a list hold.
  Result<std::size_t> holding(const JsonValue& list,
                              const JsonValue& value,
                              const std::string& place) {
    std::size_t count = 0;
    for (const JsonValue& one : list.items) {
      FACEOFF_TRY_ASSIGN(const auto mistake, check(one, value, place));
      count += mistake ? 0U : 1U;
    }
    return count;
  }

  Mistake combined(const JsonValue& schema, const JsonValue& value, const std::string& place) {
    if (const JsonValue* all = find_member(schema, "allOf")) {
      for (const JsonValue& one : all->items) {
        FACEOFF_TRY_ASSIGN(auto mistake, check(one, value, place));
        if (mistake) {
          return mistake;
        }
      }
    }
    if (const JsonValue* any = find_member(schema, "anyOf")) {
      FACEOFF_TRY_ASSIGN(const auto count, holding(*any, value, place));
      if (count == 0) {
        return found(place, "none of anyOf holds");
      }
    }
    if (const JsonValue* one = find_member(schema, "oneOf")) {
      FACEOFF_TRY_ASSIGN(const auto count, holding(*one, value, place));
      if (count != 1) {
        return found(place, fmt::format("{} of oneOf hold", count));
      }
    }
    if (const JsonValue* unwanted = find_member(schema, "not")) {
      FACEOFF_TRY_ASSIGN(const auto mistake, check(*unwanted, value, place));
      if (!mistake) {
        return found(place, "what 'not' forbids holds");
      }
    }
    if (const JsonValue* condition = find_member(schema, "if")) {
      FACEOFF_TRY_ASSIGN(const auto mistake, check(*condition, value, place));
      const JsonValue* branch = find_member(schema, mistake ? "else" : "then");
      return branch == nullptr ? none() : check(*branch, value, place);
    }
    return none();
  }

  const JsonValue& root_;
  const SchemaPatterns& patterns_;
  std::size_t work_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

struct JsonSchema::Parts {
  JsonValue root;
  SchemaPatterns patterns;
};

JsonSchema::JsonSchema(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;
JsonSchema::~JsonSchema() = default;

Result<JsonSchema> JsonSchema::compile(std::string_view json) {
  auto root = parse_json_value(json);
  if (!root) {
    return fail(ErrorKind::usage, root.error().message);
  }
  auto parts = std::make_unique<Parts>();
  parts->root = *std::move(root);
  FACEOFF_TRY(read_schema(parts->root, parts->patterns));
  return JsonSchema(std::move(parts));
}

Result<std::optional<std::string>> JsonSchema::mistake(const JsonValue& value) const {
  return Validator(parts_->root, parts_->patterns).check(parts_->root, value, "");
}

}  // namespace faceoff::score
