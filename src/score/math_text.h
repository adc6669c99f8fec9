#pragma once

#include "decimal.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace faceoff::score {

// Normal form of the MATH benchmark (Hendrycks et al., math_equivalence.py, as in
// lm-evaluation-harness and HELM); nullopt where the reference raises an exception.
[[nodiscard]] std::optional<std::string> math_normal(std::string_view text);
// Its is_equiv(): equal normal forms, or equal texts where one cannot be normalised.
[[nodiscard]] bool math_string_equal(std::string_view a, std::string_view b);

// A number as a fraction where it is one, else near enough (roots, pi, large powers).
struct MathValue {
  std::optional<Rational> exact;
  long double near = 0.0L;
};
// Reads arithmetic as text or LaTeX: numbers with groups of three, + - * / ^, \frac, \sqrt, \pi,
// brackets, \times, \cdot, \div. Nothing else is read and nothing is run: at most 1000 bytes and 40
// levels; nullopt for everything that is no number ("x + 1").
[[nodiscard]] std::optional<MathValue> math_value(std::string_view text);
// Equal exactly when both are fractions, else to 12 significant digits.
[[nodiscard]] bool equal(const MathValue& a, const MathValue& b);

// The part of an answer that is compared: the last \boxed{}, else the last $...$, else the text;
// without units, \text{}, degrees, currency, and what stands before the last '='.
[[nodiscard]] std::string math_answer(std::string_view text, std::span<const std::string> units);

}  // namespace faceoff::score
