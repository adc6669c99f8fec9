#include "math_text.h"
#include "number_token.h"
#include "python_text.h"
#include "words.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace faceoff::score {
namespace {

std::vector<std::string_view> parts(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return out;
    }
    text.remove_prefix(at + separator.size());
  }
}

std::optional<std::string> with_braced_roots(const std::string& text) {
  const auto pieces = parts(text, "\\sqrt");
  std::string out(pieces.front());
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i].empty()) {
      return std::nullopt;
    }
    out += "\\sqrt";
    if (pieces[i].starts_with('{')) {
      out += pieces[i];
    } else {
      const std::size_t size = front(pieces[i]).size;
      out.append("{").append(pieces[i].substr(0, size)).append("}").append(pieces[i].substr(size));
    }
  }
  return out;
}

std::optional<std::string> with_braced_fractions(const std::string& text) {
  const auto pieces = parts(text, "\\frac");
  std::string out(pieces.front());
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    std::string_view piece = pieces[i];
    if (piece.empty()) {
      return std::nullopt;
    }
    out += "\\frac";
    if (piece.starts_with('{')) {
      out += piece;
      continue;
    }
    const std::size_t first = front(piece).size;
    if (piece.size() == first) {
      return text;
    }
    out.append("{").append(piece.substr(0, first)).append("}");
    piece.remove_prefix(first);
    if (piece.starts_with('{')) {
      out += piece;
    } else {
      const std::size_t second = front(piece).size;
      out.append("{").append(piece.substr(0, second)).append("}").append(piece.substr(second));
    }
  }
  return out;
}

bool is_integer(std::string_view text) {
  text.remove_prefix(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Printed again, the number looks the same: no leading zeros, no plus.
bool is_plain(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  return !text.starts_with('+') && (digits.size() == 1 || !digits.starts_with('0')) && text != "-0";
}

std::optional<std::string> with_fraction(const std::string& text) {
  const auto pieces = parts(text, "/");
  if (pieces.size() != 2) {
    return text;
  }
  if (!is_integer(pieces[0]) || !is_integer(pieces[1])) {
    return std::nullopt;
  }
  if (!is_plain(pieces[0]) || !is_plain(pieces[1])) {
    return text;
  }
  return "\\frac{" + std::string(pieces[0]) + "}{" + std::string(pieces[1]) + "}";
}

}  // namespace

std::optional<std::string> math_normal(std::string_view text) {
  std::string out(text);
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kChanges{
      {{"\n", ""},
       {"\\!", ""},
       {"\\\\", "\\"},
       {"tfrac", "frac"},
       {"dfrac", "frac"},
       {"\\left", ""},
       {"\\right", ""},
       {"^{\\circ}", ""},
       {"^\\circ", ""},
       {"\\$", ""}}};
  for (const auto& [from, to] : kChanges) {
    out = replaced(out, from, to);
  }
  const auto units = parts(out, "\\text{ ");
  if (units.size() > 2) {
    return std::nullopt;
  }
  out = std::string(units.front());
  out = replaced(replaced(replaced(out, "\\%", ""), " .", " 0."), "{.", "{0.");
  if (out.empty()) {
    return out;
  }
  if (out.front() == '.') {
    out.insert(0, "0");
  }
  const auto sides = parts(out, "=");
  if (sides.size() == 2 && count_code_points(sides[0]) <= 2) {
    out = std::string(sides[1]);
  }
  const auto rooted = with_braced_roots(out);
  const auto fractions =
      rooted ? with_braced_fractions(replaced(*rooted, " ", "")) : std::optional<std::string>();
  if (!fractions) {
    return std::nullopt;
  }
  return with_fraction(*fractions == "0.5" ? "\\frac{1}{2}" : *fractions);
}

bool math_string_equal(std::string_view a, std::string_view b) {
  const auto left = math_normal(a);
  const auto right = math_normal(b);
  return left && right ? *left == *right : a == b;
}

}  // namespace faceoff::score
