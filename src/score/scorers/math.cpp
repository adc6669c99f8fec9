#include "best_of.h"
#include "math_text.h"
#include "python_text.h"

#include <faceoff/base/text.h>

namespace faceoff::score {
namespace {

// The parts of (a, b), [a, b], {a, b} or a, b; one when there is no comma outside brackets.
std::vector<std::string> members(std::string_view text) {
  const auto bare = std::string(strip(replaced(replaced(text, "\\{", "{"), "\\}", "}")));
  std::string_view inside = bare;
  const bool enclosed = inside.size() > 1 &&
                        std::string_view("([{").find(inside.front()) != std::string_view::npos &&
                        std::string_view(")]}").find(inside.back()) != std::string_view::npos;
  const auto cut = [](std::string_view list) {
    std::vector<std::string> out(1);
    int depth = 0;
    for (const char c : list) {
      depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
      if (c == ',' && depth == 0) {
        out.emplace_back();
      } else {
        out.back() += c;
      }
    }
    return out;
  };
  const auto outer = cut(inside);
  if (outer.size() > 1 || !enclosed) {
    return outer;
  }
  auto inner = cut(inside.substr(1, inside.size() - 2));
  return inner.size() > 1 ? inner : outer;
}

bool equal_part(const std::string& a, const std::string& b) {
  const auto left = math_value(a);
  const auto right = math_value(b);
  return left && right ? equal(*left, *right) : math_string_equal(strip(a), strip(b));
}

bool equal_math(const std::string& a, const std::string& b) {
  if (equal_part(a, b)) {
    return true;
  }
  const auto left = members(a);
  const auto right = members(b);
  return left.size() > 1 && left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), equal_part);
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  auto units = options.texts("units");
  if (!options.finish()) {
    return nullptr;
  }
  return best_of(
      "math", [units = std::move(units)](std::string_view answer, std::string_view target) {
        return equal_math(math_answer(answer, units), math_answer(target, units)) ? 1.0 : 0.0;
      });
}

}  // namespace

constinit const Info math_scorer{
    .name = "math",
    .summary = "equal to a target in value: fractions, powers, roots, percent, units, tuples",
    .options = "units",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
