#include "chunk_scan.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace faceoff::backend {
namespace {

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxMembers = 32;

// Every function returns false for what is no JSON, and for JSON that is not plain.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

  bool chunk(PlainChunk& out) {
    bool choices = false;
    const bool sound = object([&](std::string_view key) {
      if (key == "choices") {
        choices = true;
        return take('[') && choice(out, "delta", "message") && take(']');
      }
      if (key == "model") {
        return text_or_null(out.model);
      }
      if (key == "system_fingerprint") {
        return text_or_null(out.fingerprint);
      }
      if (key == "object" || key == "type") {
        std::string_view word;
        return peek() == '"' ? plain_string(word) && word != "error" : skip(1);
      }
      if (key == "usage" || key == "timings" || key == "metrics" || key == "error") {
        return word("null");
      }
      return skip(1);
    });
    blanks();
    return sound && choices && at_ == end_;
  }

  // Other members than these may say that the answer is none.
  bool body(PlainBody& out) {
    bool choices = false;
    const bool sound = object([&](std::string_view key) {
      if (key == "choices") {
        choices = true;
        return take('[') && choice(out.message, "message", "delta") && take(']');
      }
      if (key == "model") {
        return text_or_null(out.message.model);
      }
      if (key == "system_fingerprint") {
        return text_or_null(out.message.fingerprint);
      }
      if (key == "usage") {
        return usage(out);
      }
      if (key == "object") {
        std::string_view word;
        return plain_string(word) && word == "chat.completion";
      }
      return (key == "id" || key == "created" || key == "service_tier") && skip(1);
    });
    blanks();
    return sound && choices && out.message.has_delta && at_ == end_;
  }

 private:
  bool usage(PlainBody& out) {
    return object([&](std::string_view key) {
      if (key == "prompt_tokens") {
        return count(out.prompt_tokens);
      }
      if (key == "completion_tokens") {
        return count(out.completion_tokens);
      }
      if (key == "prompt_tokens_details") {
        return detail("cached_tokens", out.cached_tokens);
      }
      if (key == "completion_tokens_details") {
        return detail("reasoning_tokens", out.reasoning_tokens);
      }
      return skip(2);
    });
  }

  bool detail(std::string_view wanted, std::optional<std::int64_t>& out) {
    if (peek() == 'n') {
      return word("null");
    }
    return object([&](std::string_view key) { return key == wanted ? count(out) : skip(3); });
  }

  // A whole number as servers write it.
  bool count(std::optional<std::int64_t>& out) {
    constexpr std::ptrdiff_t kMostDigits = 15;  // as a double holds it
    if (peek() == 'n') {
      return word("null");
    }
    const char* const begin = at_;
    if (!is_digit(peek_raw()) || !number() || at_ - begin > kMostDigits) {
      return false;
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(begin, at_, value);
    out = value;
    return error == std::errc{} && end == at_;
  }

  // `part` is where the text stands, `absent` its name in the other kind of answer.
  bool choice(PlainChunk& out, std::string_view part, std::string_view absent) {
    return object([&](std::string_view key) {
      if (key == part) {
        out.has_delta = true;
        return delta(out);
      }
      if (key == "index") {
        return take('0') && !is_digit(peek_raw());
      }
      if (key == "finish_reason") {
        return text_or_null(out.finish);
      }
      if (key == absent || key == "logprobs") {
        return word("null");
      }
      return skip(2);
    });
  }

  bool delta(PlainChunk& out) {
    std::string second;
    const bool sound = object([&](std::string_view key) {
      if (key == "role") {
        return text_or_null(out.role);
      }
      if (key == "content") {
        return text_or_null(out.content);
      }
      if (key == "reasoning_content") {
        return text_or_null(out.reasoning);
      }
      if (key == "reasoning") {
        return text_or_null(second);
      }
      if (key == "refusal" || key == "tool_calls" || key == "function_call") {
        return word("null");
      }
      return skip(3);
    });
    if (out.reasoning.empty()) {
      out.reasoning = std::move(second);
    }
    return sound;
  }

  // Calls member(key) for each member; it reads the value. A key that comes twice is not plain.
  template <class Member>
  bool object(Member member) {
    if (!take('{')) {
      return false;
    }
    if (take('}')) {
      return true;
    }
    std::array<std::string_view, kMaxMembers> seen;
    std::size_t count = 0;
    do {
      std::string_view key;
      if (!plain_string(key) || !take(':')) {
        return false;
      }
      const auto end = seen.begin() + static_cast<std::ptrdiff_t>(count);
      if (count == kMaxMembers || std::find(seen.begin(), end, key) != end) {
        return false;
      }
      seen[count++] = key;
      if (!member(key)) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  bool skip(int depth) {
    if (depth > kMaxDepth) {
      return false;
    }
    switch (peek()) {
      case '{':
        return object([&](std::string_view) { return skip(depth + 1); });
      case '[': {
        ++at_;
        if (take(']')) {
          return true;
        }
        do {
          if (!skip(depth + 1)) {
            return false;
          }
        } while (take(','));
        return take(']');
      }
      case '"': {
        std::string_view unused;
        return raw_string(unused);
      }
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  // RFC 8259, section 6.
  bool number() {
    if (peek_raw() == '-') {
      ++at_;
    }
    if (peek_raw() == '0') {
      ++at_;
    } else if (!digits()) {
      return false;
    }
    if (peek_raw() == '.') {
      ++at_;
      if (!digits()) {
        return false;
      }
    }
    if (peek_raw() == 'e' || peek_raw() == 'E') {
      ++at_;
      if (peek_raw() == '+' || peek_raw() == '-') {
        ++at_;
      }
      return digits();
    }
    return true;
  }

  bool digits() {
    const char* const begin = at_;
    while (is_digit(peek_raw())) {
      ++at_;
    }
    return at_ != begin;
  }

  bool text_or_null(std::string& out) { return peek() == '"' ? string(out) : word("null"); }

  // What needs no unescaping: a view into the chunk.
  bool plain_string(std::string_view& out) {
    return raw_string(out) && out.find('\\') == std::string_view::npos;
  }

  // The text between the quotes as it stands there.
  bool raw_string(std::string_view& out) {
    if (!take('"')) {
      return false;
    }
    const char* const begin = at_;
    while (to_mark() && *at_ == '\\') {
      ++at_;
      char unused = 0;
      if (!escape(unused)) {
        return false;
      }
    }
    if (at_ == end_ || *at_ != '"') {
      return false;
    }
    out = {begin, static_cast<std::size_t>(at_ - begin)};
    ++at_;
    return true;
  }

  bool string(std::string& out) {
    out.clear();
    if (!take('"')) {
      return false;
    }
    while (true) {
      const char* const begin = at_;
      const bool found = to_mark();
      out.append(begin, at_);
      if (!found) {
        return false;
      }
      if (*at_++ == '"') {
        return true;
      }
      char meant = 0;
      if (!escape(meant)) {
        return false;
      }
      out += meant;
    }
  }

  // Goes to the next quote or backslash of a string; false: there is none, or a control character
  // stands before it.
  bool to_mark() {
    while (at_ != end_ && static_cast<unsigned char>(*at_) >= 0x20U && *at_ != '"' &&
           *at_ != '\\') {
      ++at_;
    }
    return at_ != end_ && static_cast<unsigned char>(*at_) >= 0x20U;
  }

  bool escape(char& meant) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (at_ == end_) {
      return false;
    }
    const std::size_t index = kNames.find(*at_);
    if (index == std::string_view::npos) {
      return false;  // \u is rare: texts come as UTF-8
    }
    ++at_;
    meant = kMeanings[index];
    return true;
  }

  bool word(std::string_view expected) {
    blanks();
    if (static_cast<std::size_t>(end_ - at_) < expected.size() ||
        std::string_view(at_, expected.size()) != expected) {
      return false;
    }
    at_ += expected.size();
    return true;
  }

  void blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) {
      ++at_;
    }
  }
  char peek() {
    blanks();
    return peek_raw();
  }
  [[nodiscard]] char peek_raw() const { return at_ == end_ ? '\0' : *at_; }
  bool take(char c) {
    if (peek() != c || at_ == end_) {
      return false;
    }
    ++at_;
    return true;
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  const char* at_;
  const char* end_;
};

}  // namespace

std::optional<PlainChunk> scan_plain_chunk(std::string_view chunk) {
  PlainChunk out;
  if (!Scanner(chunk).chunk(out) || !is_valid_utf8(chunk)) {
    return std::nullopt;
  }
  return out;
}

std::optional<PlainBody> scan_plain_body(std::string_view body) {
  PlainBody out;
  if (!Scanner(body).body(out) || !is_valid_utf8(body)) {
    return std::nullopt;
  }
  return out;
}

}  // namespace faceoff::backend
