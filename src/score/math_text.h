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
// The same with a value for every variable, another one for each `sample` from 1.
[[nodiscard]] std::optional<MathValue> math_value_at(std::string_view text, unsigned sample);
// Equal exactly when both are fractions, else to 12 significant digits.
[[nodiscard]] bool equal(const MathValue& a, const MathValue& b);

// Whether two expressions have the same value wherever their variables (single letters, with or
// without a subscript, and Greek ones) are tried: at a handful of fixed fractions.
[[nodiscard]] bool same_expression(std::string_view a, std::string_view b);

// Equality of answers: of numbers and expressions in value; of tuples and intervals part by part,
// with the same brackets; of sets and lists without brackets in any order; of inequalities either
// way round, also written as an interval; of anything else as math_string_equal().
[[nodiscard]] bool math_equal(const std::string& a, const std::string& b);

// The part of an answer that is compared: what is boxed, else the last formula, else the text, of
// which the last number when it is prose; without units, \text{}, degrees, currency, what stands
// before an '=' (an equation of several terms is kept) and behind an \approx.
[[nodiscard]] std::string math_answer(std::string_view text, std::span<const std::string> units);

}  // namespace faceoff::score
