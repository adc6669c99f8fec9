#include "choice_page.h"

#include "words.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace faceoff::score {
namespace {

// A run of these longer than any answer has is no dress; the bound keeps the search linear.
constexpr std::size_t kMaxDress = 40;

bool is_alnum(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x80 && std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool is_alpha(char c) noexcept {
  return is_alnum(c) && (c < '0' || c > '9');
}

bool is_blank_char(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_dress(char c) noexcept {
  return c != '\0' && std::string_view(" \t\r\n*_`\"'$({[>#").find(c) != std::string_view::npos;
}

// Chinese and Japanese write no blanks, so their characters do not join a letter to a word.
bool joins(CodePoint c) noexcept {
  return c.value >= 0x80 && c.value < 0x2E80 && is_word(c.value);
}

std::string prepared(std::string_view answer) {
  static constexpr std::array<std::string_view, 8> kDressing{
      "\\boxed", "\\fbox", "\\textbf", "\\text", "\\mathrm", "\\mathbf", "\\rm", "\\bf"};
  std::string out;
  out.reserve(answer.size());
  while (!answer.empty()) {
    const CodePoint c = front(answer);
    std::size_t taken = c.size;
    if (c.value >= 0xFF01 && c.value <= 0xFF5E) {
      out += static_cast<char>(c.value - 0xFF01 + '!');
    } else if (c.value == 0xA0 || c.value == 0x3000) {
      out += ' ';
    } else if (c.value == 0x2019) {
      out += '\'';
    } else if (c.value == 0x201C || c.value == 0x201D) {
      out += '"';
    } else if (c.value == U'\\') {
      const auto name = std::ranges::find_if(
          kDressing, [answer](std::string_view command) { return answer.starts_with(command); });
      taken = name == kDressing.end() ? 1 : name->size();
      out += name == kDressing.end() ? "\\" : "";
    } else {
      out += answer.substr(0, c.size);
    }
    answer.remove_prefix(taken);
  }
  return out;
}

}  // namespace

ChoicePage::ChoicePage(std::string_view answer, std::string_view letters)
    : text_(prepared(answer)), letters_(letters) {
  lists_choices_ = lists();
}

std::optional<char> ChoicePage::any_letter(std::size_t i) const {
  const char c = static_cast<char>(std::toupper(static_cast<unsigned char>(at(i))));
  return c != '\0' && letters_.find(c) != std::string::npos ? std::optional(c) : std::nullopt;
}

std::optional<char> ChoicePage::capital(std::size_t i) const {
  return at(i) >= 'A' && at(i) <= 'Z' ? any_letter(i) : std::nullopt;
}

bool ChoicePage::word_begins(std::size_t i) const {
  if (i == 0) {
    return true;
  }
  const char c = text_[i - 1];
  if (is_alnum(c) || c == '.' || c == '\\') {
    return false;
  }
  if (c == '-' || c == '\'' || c == '/' || c == '&' || c == '(') {
    return i < 2 || !is_alnum(text_[i - 2]);
  }
  return static_cast<unsigned char>(c) < 0x80 || !joins(back(std::string_view(text_).substr(0, i)));
}

bool ChoicePage::word_is_over(std::size_t i) const {
  if (i >= text_.size()) {
    return true;
  }
  const char c = text_[i];
  if (is_alnum(c) || c == '+' || c == '#') {
    return false;
  }
  if (c == '-' || c == '\'' || c == '/' || c == '&' || c == '.') {
    return !is_alnum(at(i + 1));
  }
  return static_cast<unsigned char>(c) < 0x80 || !joins(front(std::string_view(text_).substr(i)));
}

bool ChoicePage::is_plain_word(std::size_t i) const {
  const char c = static_cast<char>(std::toupper(static_cast<unsigned char>(at(i))));
  if ((c != 'A' && c != 'I') || at(i + 1) != ' ') {
    return false;
  }
  std::size_t begin = i + 1;
  while (at(begin) == ' ' && begin < i + kMaxDress) {
    ++begin;
  }
  std::size_t end = begin;
  while (is_alpha(at(end)) && end < begin + kMaxDress) {
    ++end;
  }
  // No noun, so no article stands before it; for "I" only what cannot follow the pronoun.
  static constexpr std::array<std::string_view, 26> kNoNouns{
      "is",   "because", "since", "as",  "and", "or",    "for",  "due",  "which",
      "that", "with",    "but",   "if",  "it",  "so",    "than", "then", "the",
      "this", "was",     "would", "has", "in",  "looks", "on",   "seems"};
  const std::string_view next = std::string_view(text_).substr(begin, end - begin);
  const auto known = std::ranges::find(kNoNouns, next);
  const auto last = c == 'A' ? kNoNouns.end() : kNoNouns.begin() + 3;
  return !next.empty() && known >= last;
}

std::size_t ChoicePage::skip_dress(std::size_t i) const {
  const std::size_t most = i + kMaxDress;
  while (i < most && is_dress(at(i))) {
    ++i;
  }
  return i;
}

bool ChoicePage::opens_line(std::size_t i) const {
  for (std::size_t n = 0; n < kMaxDress; ++n, --i) {
    if (i == 0 || text_[i - 1] == '\n') {
      return true;
    }
    if (!is_dress(text_[i - 1])) {
      return false;
    }
  }
  return false;
}

bool ChoicePage::closes_line(std::size_t i) const {
  for (std::size_t n = 0; n < kMaxDress; ++n, ++i) {
    const char c = at(i);
    if (i >= text_.size() || c == '\n') {
      return true;
    }
    if (!is_blank_char(c) && std::string_view("*_`\"'$)}].").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return false;
}

std::optional<char> ChoicePage::opening(std::size_t begin) const {
  const std::size_t i = skip_dress(begin);
  const bool dressed = i > begin && (before(i) == '(' || before(i) == '[');
  const char mark = at(i + 1);
  const auto letter = mark == ')' || dressed ? any_letter(i) : capital(i);
  if (!letter || !word_is_over(i + 1) || mark == '\0' ||
      std::string_view(").:]}*").find(mark) == std::string_view::npos) {
    return std::nullopt;
  }
  return letter;
}

bool ChoicePage::lists() const {
  std::optional<char> first;
  for (std::size_t begin = 0; begin < text_.size();) {
    const auto letter = opening(begin);
    if (letter && first && *letter != *first) {
      return true;
    }
    first = first ? first : letter;
    const auto end = text_.find('\n', begin);
    begin = end == std::string::npos ? text_.size() : end + 1;
  }
  return false;
}

}  // namespace faceoff::score
