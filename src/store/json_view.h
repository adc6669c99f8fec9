#pragma once

// Reads a JSON document where it lies, by simdjson, with the same words as json.h has for trees.
// Private to store; a member of another type than asked for throws TypeMismatch.

#include <faceoff/base/clock.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <simdjson.h>

namespace faceoff::store {

struct TypeMismatch : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] inline void mismatch(std::string_view key, std::string_view wanted) {
  throw TypeMismatch("'" + std::string(key) + "' is no " + std::string(wanted));
}

// An object, or the empty one that stands for a missing member. Valid as long as its document.
class JsonView {
 public:
  JsonView() = default;
  JsonView(simdjson::dom::element element, std::string_view key) {
    if (simdjson::dom::object object; element.get(object) == simdjson::SUCCESS) {
      begin_ = cursor_ = object.begin();
      end_ = object.end();
    } else if (!element.is_null()) {
      mismatch(key, "object");
    }
  }

  // Nullopt when it is missing or null. Members that are asked for in the order in which they stand
  // are found at once.
  [[nodiscard]] std::optional<simdjson::dom::element> find(std::string_view key) const {
    for (auto at = cursor_; at != end_; ++at) {
      if (at.key_equals(key)) {
        return found(at);
      }
    }
    for (auto at = begin_; at != cursor_; ++at) {
      if (at.key_equals(key)) {
        return found(at);
      }
    }
    return std::nullopt;
  }

 private:
  using Iterator = simdjson::dom::object::iterator;

  std::optional<simdjson::dom::element> found(Iterator at) const {
    const simdjson::dom::element value = at.value();
    cursor_ = ++at;
    return value.is_null() ? std::nullopt : std::optional(value);
  }

  // All equal: nothing is there.
  Iterator begin_{};
  Iterator end_{};
  mutable Iterator cursor_{};  // behind the last member found
};

template <class T>
T as(simdjson::dom::element element, std::string_view key);

template <>
inline std::string as(simdjson::dom::element element, std::string_view key) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) {
    mismatch(key, "text");
  }
  return std::string(text);
}

template <>
inline double as(simdjson::dom::element element, std::string_view key) {
  double number = 0.0;
  if (element.get(number) != simdjson::SUCCESS) {
    mismatch(key, "number");
  }
  return number;
}

template <>
inline bool as(simdjson::dom::element element, std::string_view key) {
  bool value = false;
  if (element.get(value) != simdjson::SUCCESS) {
    mismatch(key, "boolean");
  }
  return value;
}

template <std::integral Int>
Int integer(simdjson::dom::element element, std::string_view key) {
  std::int64_t number = 0;
  if (element.get(number) != simdjson::SUCCESS || !std::in_range<Int>(number)) {
    mismatch(key, "whole number in range");
  }
  return static_cast<Int>(number);
}
template <>
inline std::int64_t as(simdjson::dom::element element, std::string_view key) {
  return integer<std::int64_t>(element, key);
}
template <>
inline std::int32_t as(simdjson::dom::element element, std::string_view key) {
  return integer<std::int32_t>(element, key);
}
template <>
inline std::uint32_t as(simdjson::dom::element element, std::string_view key) {
  return integer<std::uint32_t>(element, key);
}

template <class T>
std::optional<T> optional_at(const JsonView& in, std::string_view key) {
  const auto found = in.find(key);
  return found ? std::optional<T>(as<T>(*found, key)) : std::nullopt;
}

inline std::optional<Duration> optional_ms(const JsonView& in, std::string_view key) {
  const auto ms = optional_at<double>(in, key);
  return ms ? std::optional(from_ms(*ms)) : std::nullopt;
}

template <class T>
T value_or(const JsonView& in, std::string_view key, T otherwise) {
  return optional_at<T>(in, key).value_or(std::move(otherwise));
}

template <class T>
T required(const JsonView& in, std::string_view key) {
  auto value = optional_at<T>(in, key);
  if (!value) {
    throw TypeMismatch("'" + std::string(key) + "' is missing");
  }
  return *std::move(value);
}

inline JsonView part_of(const JsonView& in, std::string_view key) {
  const auto found = in.find(key);
  return found ? JsonView(*found, key) : JsonView();
}

// Calls each(element) for the items of an array; nothing when it is missing or null.
template <class Each>
void for_items(const JsonView& in, std::string_view key, Each each) {
  const auto found = in.find(key);
  if (!found) {
    return;
  }
  simdjson::dom::array items;
  if (found->get(items) != simdjson::SUCCESS) {
    mismatch(key, "list");
  }
  for (const simdjson::dom::element item : items) {
    each(item);
  }
}

// ... of an array of objects, each(JsonView).
template <class Each>
void for_rows(const JsonView& in, std::string_view key, Each each) {
  for_items(in, key, [&](simdjson::dom::element item) { each(JsonView(item, key)); });
}

template <class T>
std::vector<T> list_of(const JsonView& in, std::string_view key) {
  std::vector<T> list;
  for_items(in, key, [&](simdjson::dom::element item) { list.push_back(as<T>(item, key)); });
  return list;
}

}  // namespace faceoff::store
