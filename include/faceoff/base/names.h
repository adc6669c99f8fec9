#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace faceoff {

// The stable names of an enumeration, as they stand in files and tables:
//   constexpr Names kNames{std::array{Named{Finish::stop, "stop"}, Named{Finish::length,
//   "length"}}};
template <class Enum>
struct Named {
  Enum value;
  std::string_view name;
};
template <class Enum>
Named(Enum, const char*) -> Named<Enum>;

template <class Enum, std::size_t N>
struct Names {
  std::array<Named<Enum>, N> rows;

  // Empty for a value without a row.
  [[nodiscard]] constexpr std::string_view of(Enum value) const noexcept {
    const auto* const it = std::ranges::find(rows, value, &Named<Enum>::value);
    return it == rows.end() ? std::string_view() : it->name;
  }
  [[nodiscard]] constexpr std::optional<Enum> parse(std::string_view name) const noexcept {
    const auto* const it = std::ranges::find(rows, name, &Named<Enum>::name);
    return it == rows.end() ? std::nullopt : std::optional(it->value);
  }
};
template <class Enum, std::size_t N>
Names(std::array<Named<Enum>, N>) -> Names<Enum, N>;

}  // namespace faceoff
