#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace faceoff::suite {

// What is wrong in a template, at a byte offset of its text.
struct TemplateError {
  enum class Kind { unclosed, bad_name, unknown_name, too_large };
  Kind kind = Kind::unclosed;
  std::size_t offset = 0;  // of the {{
  std::size_t length = 0;
  std::string name;  // what stood between the braces
};

using Lookup = std::function<std::optional<std::string_view>(std::string_view name)>;

inline constexpr std::size_t kMaxRendered = 1024 * 1024;

// One or more letters, digits, _ . -
[[nodiscard]] bool is_variable_name(std::string_view name) noexcept;

// Replaces {{name}} (blanks around the name are allowed) in a single pass: values are
// never expanded again, there is no logic, and no name reaches the environment. \{{ is a literal
// {{.
[[nodiscard]] std::variant<std::string, TemplateError> render(std::string_view text,
                                                              const Lookup& lookup);

}  // namespace faceoff::suite
