#pragma once

// Writes one JSON document piece by piece, in the very bytes that nlohmann's dump() gives for it.

#include <charconv>
#include <cstdint>
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
  JsonLine() { out_.reserve(kUsual); }

  JsonLine& open(char bracket) {
    comma();
    out_ += bracket;
    first_ = true;
    return *this;
  }
  JsonLine& close(char bracket) {
    out_ += bracket;
    first_ = false;
    return *this;
  }
  // `name` needs no escapes.
  JsonLine& key(std::string_view name) {
    comma();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    first_ = true;
    return *this;
  }

  JsonLine& null() { return raw("null"); }
  JsonLine& value(std::string_view text) {
    comma();
    write_text(text);
    return *this;
  }
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

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t kUsual = 2048;

  void comma() {
    if (!first_) {
      out_ += ',';
    }
    first_ = false;
  }
  JsonLine& raw(std::string_view text) {
    comma();
    out_ += text;
    return *this;
  }
  void write_text(std::string_view text);

  std::string out_;
  bool first_ = true;  // nothing stands in front at this level
};

}  // namespace faceoff::store
