#include "json.h"

#include <faceoff/base/text.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <limits>

namespace faceoff::backend {
namespace {

constexpr int kMaxDepth = 64;

// The library's parser needs no stack for deep input, but copying and dumping the result does.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) {
        return true;
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

// A byte that JSON forbids travels through the parser as U+10FE00 + byte, the last private-use
// area, and is turned back afterwards.
void append_guarded(std::string& out, unsigned char byte) {
  out += '\xF4';
  out += '\x8F';
  out += static_cast<char>(0xB8U | (byte >> 6U));
  out += static_cast<char>(0x80U | (byte & 0x3FU));
}

std::string guard_invalid_bytes(std::string_view text) {
  std::string out;
  for (auto bad = first_invalid_utf8(text); bad; bad = first_invalid_utf8(text)) {
    out.append(text.substr(0, *bad));
    append_guarded(out, static_cast<unsigned char>(text[*bad]));
    text.remove_prefix(*bad + 1);
  }
  out.append(text);
  return out;
}

// The code unit of a \uXXXX escape at `at`, or nullopt.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') {
    return std::nullopt;
  }
  unsigned unit = 0;
  const char* begin = text.data() + at + 2;
  const auto [end, error] = std::from_chars(begin, begin + 4, unit, 16);
  if (error != std::errc{} || end != begin + 4) {
    return std::nullopt;
  }
  return unit;
}

bool is_high_surrogate(unsigned unit) {
  return unit >= 0xD800U && unit <= 0xDBFFU;
}
bool is_low_surrogate(unsigned unit) {
  return unit >= 0xDC00U && unit <= 0xDFFFU;
}

std::string guard_lone_surrogates(std::string_view text) {
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] != '\\') {
      out += text[i++];
      continue;
    }
    const auto unit = escaped_unit(text, i);
    if (!unit) {
      out.append(text.substr(i, 2));
      i += 2;
      continue;
    }
    const auto next = escaped_unit(text, i + 6);
    if (is_high_surrogate(*unit) && next && is_low_surrogate(*next)) {
      out.append(text.substr(i, 12));
      i += 12;
      continue;
    }
    if (is_high_surrogate(*unit) || is_low_surrogate(*unit)) {
      append_guarded(out, 0xEDU);
      append_guarded(out, static_cast<unsigned char>(0x80U | ((*unit >> 6U) & 0x3FU)));
      append_guarded(out, static_cast<unsigned char>(0x80U | (*unit & 0x3FU)));
    } else {
      out.append(text.substr(i, 6));
    }
    i += 6;
  }
  return out;
}

void unguard(std::string& text) {
  static constexpr std::string_view kLead = "\xF4\x8F";
  for (std::size_t at = text.find(kLead); at != std::string::npos; at = text.find(kLead, at + 1)) {
    if (at + 4 > text.size()) {
      return;
    }
    const auto high = static_cast<unsigned char>(text[at + 2]);
    const auto low = static_cast<unsigned char>(text[at + 3]);
    if ((high & 0xFCU) == 0xB8U) {
      text.replace(at, 4, 1, static_cast<char>(((high & 0x03U) << 6U) | (low & 0x3FU)));
    }
  }
}

void unguard(Json& value) {
  if (value.is_string()) {
    unguard(value.get_ref<std::string&>());
  } else if (value.is_structured()) {
    for (auto& item : value) {
      unguard(item);
    }
  }
}

std::optional<Json> parse_strictly(std::string_view text) {
  Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<Json> parse_untrusted(std::string_view text) {
  if (is_too_deep(text)) {
    return std::nullopt;
  }
  if (auto value = parse_strictly(text)) {
    return value;
  }
  const std::string guarded = guard_lone_surrogates(guard_invalid_bytes(text));
  if (guarded == text) {
    return std::nullopt;
  }
  auto value = parse_strictly(guarded);
  if (value) {
    unguard(*value);
  }
  return value;
}

std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dump_json(const OrderedJson& value) {
  return value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) {
    return nullptr;
  }
  const auto it = object.find(key);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

std::string_view text_of(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_string()
             ? std::string_view(value->get_ref<const std::string&>())
             : std::string_view();
}

std::optional<double> number_of(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (value == nullptr || !value->is_number()) {
    return std::nullopt;
  }
  return value->get<double>();
}

std::optional<std::int64_t> count_of(const Json& object, const char* key) {
  const auto number = number_of(object, key);
  // 2^53: the greatest count that a double holds exactly.
  if (!number || *number < 0.0 || *number > 9007199254740992.0) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*number);
}

void read_first_token(const Json* list, chat::Completion& completion) {
  constexpr std::size_t kMost = 100;
  if (list == nullptr || !list->is_array() || !completion.first_token.empty()) {
    return;
  }
  for (const Json& token : *list) {
    const Json* chances = member(token, "top_logprobs");
    if (trim(text_of(token, "token")).empty() || chances == nullptr || !chances->is_array()) {
      continue;
    }
    for (const Json& chance : *chances) {
      const auto logprob = number_of(chance, "logprob");
      if (logprob && completion.first_token.size() < kMost) {
        completion.first_token.push_back(
            {.token = std::string(text_of(chance, "token")), .logprob = *logprob});
      }
    }
    return;
  }
}

}  // namespace faceoff::backend
