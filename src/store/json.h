#pragma once

// What the files of this module share: reading and writing of optional members. Private to store.

#include <faceoff/base/clock.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace faceoff::store {

// Members keep the order in which they were written: a record reads like its description.
using Json = nlohmann::ordered_json;

// Milliseconds to the microsecond.
inline double rounded_ms(double ms) {
  return std::round(ms * 1000.0) / 1000.0;
}

inline Json ms_or_null(const std::optional<Duration>& d) {
  return d ? Json(rounded_ms(to_ms(*d))) : Json(nullptr);
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <class T>
std::optional<T> optional_at(const Json& object, std::string_view key) {
  const auto it = object.find(key);
  if (it == object.end() || it->is_null()) {
    return std::nullopt;
  }
  return it->template get<T>();
}

inline std::optional<Duration> optional_ms(const Json& object, std::string_view key) {
  const auto ms = optional_at<double>(object, key);
  return ms ? std::optional(from_ms(*ms)) : std::nullopt;
}

template <class T>
T value_or(const Json& object, std::string_view key, T otherwise) {
  return optional_at<T>(object, key).value_or(std::move(otherwise));
}

// Never throws: invalid UTF-8 becomes U+FFFD.
inline std::string dump(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace faceoff::store
