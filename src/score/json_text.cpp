#include "json_text.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <utility>

namespace faceoff::score {
namespace {

// Beginnings that are tried before the text counts as one without JSON; keeps the search linear.
constexpr int kMaxTries = 16;

JsonFound parsed(std::string_view text) {
  return {text, parse_json_value(text)};
}

// The lines between ``` and ```, or up to the end of a text that was cut off.
std::optional<std::string_view> find_block(std::string_view answer) {
  std::optional<std::string_view> first;
  std::optional<std::size_t> begin;
  bool marked = false;
  for (std::size_t at = 0; at < answer.size();) {
    const auto newline = answer.find('\n', at);
    const std::size_t next = newline == std::string_view::npos ? answer.size() : newline + 1;
    const std::string_view line = trim(answer.substr(at, next - at));
    if (line.starts_with("```") && begin) {
      const auto block = answer.substr(*begin, at - *begin);
      if (marked) {
        return block;
      }
      first = first ? first : std::optional(block);
      begin.reset();
    } else if (line.starts_with("```")) {
      begin = next;
      marked = iequals_ascii(trim(line.substr(3)), "json");
    }
    at = next;
  }
  if (begin && (marked || !first)) {
    return answer.substr(*begin);
  }
  return first;
}

// The text from `begin` to the bracket that closes the one there; brackets in strings do not count.
std::optional<std::string_view> balanced(std::string_view text, std::size_t begin) {
  const char open = text[begin];
  const char close = open == '{' ? '}' : ']';
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (in_string && text[i] == '\\') {
      ++i;
    } else if (in_string) {
      in_string = text[i] != '"';
    } else if (text[i] == '"') {
      in_string = true;
    } else if (text[i] == open) {
      ++depth;
    } else if (text[i] == close && --depth == 0) {
      return text.substr(begin, i + 1 - begin);
    }
  }
  return std::nullopt;
}

// The first sound value that begins with `open`, else the first that is none.
std::optional<JsonFound> first_value(std::string_view answer, char open) {
  std::optional<JsonFound> broken;
  auto at = answer.find(open);
  for (int i = 0; i < kMaxTries && at != std::string_view::npos; ++i) {
    const auto text = balanced(answer, at);
    if (text) {
      JsonFound found = parsed(*text);
      if (found.value) {
        return found;
      }
      if (!broken) {
        broken = std::move(found);
      }
    }
    at = answer.find(open, at + (text ? text->size() : 1));
  }
  return broken;
}

}  // namespace

std::optional<JsonFound> find_json(std::string_view answer, JsonExtract extract) {
  std::string_view whole = trim(answer);
  if (extract == JsonExtract::whole) {
    return parsed(whole);
  }
  const auto block = find_block(answer);
  auto in_block = block ? std::optional(parsed(trim(*block))) : std::nullopt;
  if (extract == JsonExtract::block) {
    return in_block;
  }
  const bool looks_whole = whole.starts_with('{') || whole.starts_with('[');
  std::array<std::optional<JsonFound>, 4> places{
      parsed(whole), std::move(in_block), first_value(answer, '{'), first_value(answer, '[')};
  for (auto& place : places) {
    if (place && place->value) {
      return std::move(place);
    }
  }
  if (!looks_whole) {
    places.front().reset();
  }
  const auto likely =
      std::ranges::find_if(places, [](const auto& place) { return place.has_value(); });
  return likely == places.end() ? std::nullopt : std::move(*likely);
}

}  // namespace faceoff::score
