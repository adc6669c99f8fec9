#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// What the references do in Python, done the same way here: a score is only comparable when the
// last blank is.

// One of the 32 characters of string.punctuation.
[[nodiscard]] bool is_punctuation(char c) noexcept;
// str.split(): runs of white space, that above ASCII and U+001C to U+001F included.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);
// str.strip()
[[nodiscard]] std::string_view strip(std::string_view text);
// str.strip(marks) for ASCII marks.
[[nodiscard]] std::string_view strip(std::string_view text, std::string_view marks);
[[nodiscard]] std::string replaced(std::string_view text,
                                   std::string_view from,
                                   std::string_view to);

// The value of a decimal digit of any script (category Nd).
[[nodiscard]] std::optional<int> digit_value(char32_t c) noexcept;
// float(text): surrounding white space, digits of any script, 1_000, inf and nan; nullopt where
// Python raises ValueError.
[[nodiscard]] std::optional<double> parse_float(std::string_view text);
// str(value) of a float: "12.0", "1e+16", "nan".
[[nodiscard]] std::string float_text(double value);
// format(value, '.5g') and its like.
[[nodiscard]] std::string general_text(double value, int digits);
// round(value, 2), correctly rounded, and numpy.round(value, 2), which is not.
[[nodiscard]] double round_2(double value);
[[nodiscard]] double numpy_round_2(double value);

enum class Articles : bool { keep, remove };
// The normal form of the SQuAD evaluation: lower case, without ASCII punctuation, without a, an and
// the, single blanks. openai/evals and HELM do the same.
[[nodiscard]] std::string squad_normal(std::string_view text, Articles articles);
// That of DROP: token by token (split at blanks and hyphens), numbers as Python prints them.
// `folded`: inspect_ai's form of it, with full case folding, and marks around a number cut off.
enum class Case : bool { lower, folded };
[[nodiscard]] std::string drop_normal(std::string_view text, Case letters);

}  // namespace faceoff::score
