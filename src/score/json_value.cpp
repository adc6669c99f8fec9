#include "json_value.h"

#include "number_text.h"
#include "words.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace faceoff::score {
namespace {

// Builds a JsonValue; returning false ends the parse.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  [[nodiscard]] Result<JsonValue> result() && {
    if (!problem_.empty()) {
      return fail(ErrorKind::protocol, std::move(problem_));
    }
    return std::move(root_);
  }

  bool null() override { return put({}); }
  bool boolean(bool value) override {
    JsonValue made;
    made.kind = JsonKind::boolean;
    made.boolean = value;
    return put(std::move(made));
  }
  bool number_integer(number_integer_t value) override { return number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(std::to_string(value)); }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return number(text);
  }
  bool string(string_t& value) override {
    JsonValue made;
    made.kind = JsonKind::string;
    made.text = std::move(value);
    return put(std::move(made));
  }
  bool binary(binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*elements*/) override { return open(JsonKind::object); }
  bool start_array(std::size_t /*elements*/) override { return open(JsonKind::array); }
  bool end_array() override { return close(); }
  bool end_object() override {
    auto& members = open_.back().value.members;
    std::ranges::stable_sort(members, {}, &JsonMember::key);
    const auto twice = std::ranges::adjacent_find(members, {}, &JsonMember::key);
    if (twice != members.end()) {
      problem_ = fmt::format("key '{}' stands twice in one object", clip(twice->key, 60));
      return false;
    }
    return close();
  }
  bool key(string_t& value) override {
    open_.back().key = std::move(value);
    return true;
  }
  bool parse_error(std::size_t position,
                   const std::string& /*last_token*/,
                   const nlohmann::detail::exception& error) override {
    constexpr int kOutOfRange = 406;
    problem_ = error.id == kOutOfRange
                   ? fmt::format("a number before byte {} is out of range", position)
                   : fmt::format("not valid JSON at byte {}", position);
    return false;
  }

 private:
  // A container that is not closed yet, and the key under which its next member goes.
  struct Open {
    JsonValue value;
    std::string key;
  };

  bool number(std::string text) {
    auto value = parse_decimal(text);
    if (!value) {
      problem_ = fmt::format("number '{}' has too many digits", clip(text, 20));
      return false;
    }
    JsonValue made;
    made.kind = JsonKind::number;
    made.text = std::move(text);
    made.number = *std::move(value);
    return put(std::move(made));
  }

  bool open(JsonKind kind) {
    if (open_.size() == kMaxJsonDepth) {
      problem_ = fmt::format("nested deeper than {} levels", kMaxJsonDepth);
      return false;
    }
    open_.emplace_back();
    open_.back().value.kind = kind;
    return true;
  }

  bool close() {
    JsonValue done = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(done));
  }

  bool put(JsonValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().value.kind == JsonKind::array) {
      open_.back().value.items.push_back(std::move(value));
    } else {
      open_.back().value.members.push_back({std::move(open_.back().key), std::move(value)});
    }
    return true;
  }

  JsonValue root_;
  std::vector<Open> open_;
  std::string problem_;
};

bool near(const Decimal& a, const Decimal& b, const std::optional<Decimal>& tolerance) {
  return a == b || (tolerance && within({a, {}}, {b, {}}, *tolerance));
}

std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~') {
      ++i;
      out += token[i] == '0' ? '~' : '/';
    } else {
      out += token[i];
    }
  }
  return out;
}

// "0" or a number without leading zeros.
const JsonValue* find_item(const JsonValue& value, std::string_view index) {
  std::size_t place = 0;
  const char* end = index.data() + index.size();
  const auto parsed = std::from_chars(index.data(), end, place);
  const bool canonical =
      parsed.ec == std::errc() && parsed.ptr == end && (index.size() == 1 || index.front() != '0');
  return canonical && place < value.items.size() ? &value.items[place] : nullptr;
}

}  // namespace

Result<JsonValue> parse_json_value(std::string_view text) {
  // The library takes a NUL for the end of the text.
  const auto nul = text.find('\0');
  if (nul != std::string_view::npos) {
    return fail(ErrorKind::protocol, fmt::format("not valid JSON at byte {}", nul + 1));
  }
  Builder builder;
  try {
    static_cast<void>(nlohmann::json::sax_parse(text, &builder));
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorKind::protocol, fmt::format("not valid JSON: {}", error.what()));
  }
  return std::move(builder).result();
}

bool equal(const JsonValue& a, const JsonValue& b, const std::optional<Decimal>& tolerance) {
  if (a.kind != b.kind) {
    return false;
  }
  switch (a.kind) {
    case JsonKind::null:
      return true;
    case JsonKind::boolean:
      return a.boolean == b.boolean;
    case JsonKind::number:
      return near(a.number, b.number, tolerance);
    case JsonKind::string:
      return a.text == b.text;
    case JsonKind::array:
      return std::ranges::equal(a.items, b.items, [&](const JsonValue& x, const JsonValue& y) {
        return equal(x, y, tolerance);
      });
    case JsonKind::object:
      break;
  }
  return std::ranges::equal(a.members, b.members, [&](const JsonMember& x, const JsonMember& y) {
    return x.key == y.key && equal(x.value, y.value, tolerance);
  });
}

bool is_json_pointer(std::string_view pointer) noexcept {
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const bool escaped = i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1');
    if (pointer[i] == '~' && !escaped) {
      return false;
    }
  }
  return pointer.empty() || pointer.front() == '/';
}

const JsonValue* find_member(const JsonValue& value, std::string_view key) {
  const auto it = std::ranges::lower_bound(
      value.members, key, {}, [](const JsonMember& member) -> std::string_view {
        return member.key;
      });
  return it != value.members.end() && it->key == key ? &it->value : nullptr;
}

const JsonValue* find_part(const JsonValue& value, std::string_view pointer) {
  const JsonValue* part = &value;
  while (part != nullptr && !pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    part = part->kind == JsonKind::array ? find_item(*part, token)
                                         : find_member(*part, unescaped(token));
  }
  return part;
}

std::string describe(const JsonValue& value) {
  switch (value.kind) {
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return value.boolean ? "true" : "false";
    case JsonKind::number:
      return clip(value.text, 40);
    case JsonKind::string:
      return "'" + clip(value.text, 40) + "'";
    case JsonKind::array:
      return fmt::format("a list of {}", value.items.size());
    case JsonKind::object:
      break;
  }
  return fmt::format("an object with {} keys", value.members.size());
}

}  // namespace faceoff::score
