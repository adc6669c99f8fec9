#include <faceoff/base/base64.h>
#include <faceoff/base/secret.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

namespace faceoff {
namespace {

constexpr std::string_view kReplacement = "[redacted]";
// Shorter values would turn ordinary words into [redacted].
constexpr std::size_t kShortestSecret = 6;
constexpr std::size_t kShortestShape = 20;
// So much of a key by itself tells something of it.
constexpr std::size_t kShortestPart = 12;

bool is_key_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

enum class Escape : std::uint8_t { reserved, all };

std::string percent_encode(std::string_view value, Escape which, bool upper) {
  std::string out;
  for (const char c : value) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ||
                       c == '.' || c == '~';
    if (plain && which == Escape::reserved) {
      out += c;
    } else {
      out += upper ? fmt::format("%{:02X}", static_cast<unsigned char>(c))
                   : fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// The part of base64 that does not depend on what stood before and after the value, for each of the
// three alignments.
std::vector<std::string> base64_cores(std::string_view value) {
  std::vector<std::string> cores;
  for (std::size_t shift = 0; shift < 3; ++shift) {
    std::string encoded = to_base64(std::string(shift, 'x') + std::string(value));
    encoded.erase(encoded.find_last_not_of('=') + 1);
    const std::size_t skip = shift == 0 ? 0 : shift + 1;
    if (encoded.size() > skip + 8) {
      cores.push_back(encoded.substr(skip, encoded.size() - skip - 2));
    }
  }
  return cores;
}

// As encoders write a text inside JSON: what must be escaped, with the slash too (PHP), or with
// whatever HTML or a script could take for its own (Go, Python's ensure_ascii does not).
enum class JsonStyle : std::uint8_t { plain, slash, html };

std::string json_escape(std::string_view value, JsonStyle style) {
  constexpr std::string_view kOfHtml = "<>&+='";
  std::string out;
  for (const char c : value) {
    if (style == JsonStyle::html && kOfHtml.find(c) != std::string_view::npos) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
      continue;
    }
    if (c == '"' || c == '\\' || (c == '/' && style == JsonStyle::slash)) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

// base64url has two other digits.
std::string to_url_alphabet(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

void replace_whole(std::string& text, const std::string& form) {
  for (std::size_t at = text.find(form); at != std::string::npos; at = text.find(form, at)) {
    text.replace(at, form.size(), kReplacement);
    at += kReplacement.size();
  }
}

// Texts get cut: a form also counts from its first kShortestPart characters on, as far as it goes.
void replace_beginning(std::string& text, const std::string& form) {
  const std::string_view begin = std::string_view(form).substr(0, kShortestPart);
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    std::size_t length = begin.size();
    while (length < form.size() && at + length < text.size() && text[at + length] == form[length]) {
      ++length;
    }
    text.replace(at, length, kReplacement);
    at += kReplacement.size();
  }
}

// Removes the run of key characters that follows `marker`, when it is long enough to be a key.
void redact_shape(std::string& text, std::string_view marker, bool keep_marker) {
  std::size_t at = text.find(marker);
  while (at != std::string::npos) {
    const std::size_t begin = at + marker.size();
    std::size_t end = begin;
    // "task-" and "risk-" end in the same letters; a key stands by itself.
    if (at > 0 && is_key_character(text[at - 1])) {
      at = text.find(marker, begin);
      continue;
    }
    while (end < text.size() && is_key_character(text[end])) {
      ++end;
    }
    if (end - begin >= kShortestShape) {
      const std::size_t from = keep_marker ? begin : at;
      text.replace(from, end - from, kReplacement);
      at = text.find(marker, from + kReplacement.size());
    } else {
      at = text.find(marker, begin);
    }
  }
}

}  // namespace

Secret::Secret(std::string value) : value_(std::move(value)) {}

Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) {
  other.wipe();
}

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    value_ = other.value_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_ = std::move(other.value_);
    other.wipe();
  }
  return *this;
}

Secret::~Secret() {
  wipe();
}

void Secret::wipe() noexcept {
  // volatile: the stores must not be dropped as dead.
  volatile char* p = value_.data();
  for (std::size_t i = 0; i < value_.size(); ++i) {
    p[i] = '\0';
  }
  value_.clear();
}

void Redactor::add(const Secret& secret) {
  const std::string& value = secret.reveal();
  if (value.size() < kShortestSecret) {
    return;
  }
  std::vector<std::string> forms{value, std::string(value.rbegin(), value.rend())};
  for (const bool upper : {true, false}) {
    forms.push_back(percent_encode(value, Escape::reserved, upper));
    forms.push_back(percent_encode(value, Escape::all, upper));
  }
  for (const auto style : {JsonStyle::plain, JsonStyle::slash, JsonStyle::html}) {
    const std::string escaped = json_escape(value, style);
    // A record is JSON that holds what a model wrote, which may be JSON too.
    forms.push_back(json_escape(escaped, JsonStyle::plain));
    forms.push_back(escaped);
  }
  for (auto& core : base64_cores(value)) {
    forms.push_back(to_url_alphabet(core));
    forms.push_back(std::move(core));
  }
  const std::scoped_lock lock(mutex_);
  forms_.insert(forms_.end(), forms.begin(), forms.end());
  // Longest first, so that no form leaves the rest of a longer one behind.
  std::ranges::sort(forms_, std::ranges::greater{}, &std::string::size);
  forms_.erase(std::unique(forms_.begin(), forms_.end()), forms_.end());
}

std::string Redactor::redact_known(std::string_view text) const {
  std::string out(text);
  const std::scoped_lock lock(mutex_);
  for (const auto& form : forms_) {
    replace_whole(out, form);
  }
  // Behind all whole ones: several forms may share a beginning.
  for (const auto& form : forms_) {
    if (form.size() > kShortestPart) {
      replace_beginning(out, form);
    }
  }
  return out;
}

std::string Redactor::redact(std::string_view text) const {
  std::string out = redact_known(text);
  redact_shape(out, "sk-", false);
  redact_shape(out, "Bearer ", true);
  return out;
}

Redactor& redactor() {
  static Redactor instance;
  return instance;
}

}  // namespace faceoff
