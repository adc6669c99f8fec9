#pragma once

// Writes one JSON document piece by piece, in the very bytes that nlohmann's dump() gives for it.

#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace faceoff::store {

// For what is written ten thousand times over: a tree costs ten times as much as its text. Members
// and values are written in order; the writer sees to commas only. Numbers and strings look as
// nlohmann's do: a record that is read and written again stays as it was.
class JsonLine {
 public:
  JsonLine() { out_.resize(kUsual); }

  JsonLine& open(char bracket) {
    char* const at = room(2);
    used_ += put_comma(at);
    out_[used_++] = bracket;
    first_ = true;
    return *this;
  }
  JsonLine& close(char bracket) {
    *room(1) = bracket;
    ++used_;
    first_ = false;
    return *this;
  }
  // `name` needs no escapes.
  JsonLine& key(std::string_view name) {
    char* at = room(name.size() + 4);
    at += put_comma(at);
    *at++ = '"';
    std::memcpy(at, name.data(), name.size());
    at += name.size();
    *at++ = '"';
    *at++ = ':';
    used_ = static_cast<std::size_t>(at - out_.data());
    first_ = true;
    return *this;
  }

  JsonLine& null() { return raw("null"); }
  JsonLine& value(std::string_view text);
  JsonLine& value(const std::string& text) { return value(std::string_view(text)); }
  JsonLine& value(const char* text) { return value(std::string_view(text)); }
  JsonLine& value(double number);
  template <class Int>
  requires std::is_integral_v<Int> JsonLine& value(Int number) {
    if constexpr (std::is_same_v<Int, bool>) {
      return raw(number ? "true" : "false");
    } else {
      char digits[24];
      const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
      return raw({digits, static_cast<std::size_t>(end - digits)});
    }
  }
  template <class T>
  JsonLine& value(const std::optional<T>& optional) {
    return optional ? value(*optional) : null();
  }
  template <class T>
  JsonLine& value(const std::vector<T>& items) {
    open('[');
    for (const T& item : items) {
      value(item);
    }
    return close(']');
  }

  template <class T>
  JsonLine& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  // Nothing when it is absent.
  template <class T>
  JsonLine& member_if(std::string_view name, const std::optional<T>& content) {
    return content ? member(name, *content) : *this;
  }

  [[nodiscard]] std::string take() {
    out_.resize(used_);
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kUsual = 2048;

  // Room for `bytes` more at the end of what is used.
  char* room(std::size_t bytes) {
    if (out_.size() - used_ < bytes) {
      out_.resize(2 * (used_ + bytes));
    }
    return out_.data() + used_;
  }
  // How many characters that takes.
  std::size_t put_comma(char* at) {
    *at = ',';
    return std::exchange(first_, false) ? 0 : 1;
  }
  JsonLine& raw(std::string_view text) {
    char* const at = room(text.size() + 1);
    const std::size_t comma = put_comma(at);
    std::memcpy(at + comma, text.data(), text.size());
    used_ += comma + text.size();
    return *this;
  }

  std::string out_;  // its first `used_` characters count
  std::size_t used_ = 0;
  bool first_ = true;  // nothing stands in front at this level
};

}  // namespace faceoff::store
