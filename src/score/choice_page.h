#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// An answer prepared for the search of letters: full-width letters and brackets are ASCII, the
// names of LaTeX commands that only dress text are gone. Places are byte offsets of text().
class ChoicePage {
 public:
  ChoicePage(std::string_view answer, std::string_view letters);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }
  // '\0' outside the text.
  [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  [[nodiscard]] char before(std::size_t i) const { return i > 0 ? at(i - 1) : '\0'; }
  // The letter in capitals, when one of the choices stands at `i`.
  [[nodiscard]] std::optional<char> any_letter(std::size_t i) const;
  [[nodiscard]] std::optional<char> capital(std::size_t i) const;

  // Whether a word can begin at `i`, or one that ends before `i` is over. A hyphen, an apostrophe
  // or a slash joins: the B of "B-cell", "B's", "A/B" and "f(B)" does not stand alone.
  [[nodiscard]] bool word_begins(std::size_t i) const;
  [[nodiscard]] bool word_is_over(std::size_t i) const;
  [[nodiscard]] bool stands_alone(std::size_t i) const {
    return word_begins(i) && word_is_over(i + 1);
  }
  // "A" or "I" at `i` is a word of a sentence: "A cat", "I think", not "A is right".
  [[nodiscard]] bool is_plain_word(std::size_t i) const;
  // Behind blanks and the marks that dress a letter: quotes, stars, opening brackets, $.
  [[nodiscard]] std::size_t skip_dress(std::size_t i) const;
  // Only blanks, or nothing but dress, stand between the beginning of the line and `i`.
  [[nodiscard]] bool opens_line(std::size_t i) const;
  [[nodiscard]] bool closes_line(std::size_t i) const;
  // Lines that open with "B)" or the like name two letters or more: a list of the choices.
  [[nodiscard]] bool lists_choices() const noexcept { return lists_choices_; }
  // The letter that opens the text at `begin` with a mark behind it: "B) Paris".
  [[nodiscard]] std::optional<char> opening(std::size_t begin) const;

 private:
  [[nodiscard]] bool lists() const;

  std::string text_;
  std::string letters_;
  bool lists_choices_ = false;
};

}  // namespace faceoff::score
