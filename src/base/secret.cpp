#include <faceoff/base/secret.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <faceoff/base/base64.h>

#include <fmt/format.h>

namespace faceoff {
namespace {

constexpr std::string_view kReplacement = "[redacted]";
// Shorter values would turn ordinary words into [redacted].
constexpr std::size_t kShortestSecret = 6;
constexpr std::size_t kShortestShape = 20;

bool is_key_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

std::string percent_encode(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' ||
        c == '~') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
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

std::string json_escape(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '"' || c == '\\' || c == '/') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

void replace_all(std::string& text, const std::string& form) {
  for (std::size_t at = text.find(form); at != std::string::npos; at = text.find(form, at)) {
    text.replace(at, form.size(), kReplacement);
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
  std::vector<std::string> forms{value, percent_encode(value), json_escape(value)};
  for (auto& core : base64_cores(value)) {
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
    replace_all(out, form);
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
