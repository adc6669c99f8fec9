#pragma once

// The words and amounts of the gate language, shared by its text and its mapping form. Private to
// compare.

#include <faceoff/compare/gate.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace faceoff::compare {

// What stands behind a kind.
enum class Amount : std::uint8_t {
  points,    // 3pp
  share,     // 80%, or 0.8
  time,      // 1.5s
  slowdown,  // 20%
  dollars,   // $2, or 2
};

struct KindRow {
  GateKind kind;
  std::string_view word;
  Amount amount;
  std::string_view comparison;  // ">=", "<=" or empty
  bool needs_amount;
  std::string_view example;
};
inline constexpr std::array kKindRows{
    KindRow{GateKind::alarm, "alarm", Amount::points, "", false, "alarm, or alarm 2pp"},
    KindRow{GateKind::not_worse, "not-worse", Amount::points, "", true, "not-worse 3pp"},
    KindRow{GateKind::equivalent, "equivalent", Amount::points, "", true, "equivalent 2pp"},
    KindRow{GateKind::score, "score", Amount::share, ">=", true, "score >= 80%"},
    KindRow{GateKind::quantile, "ttft.p95", Amount::time, "<=", true, "ttft.p95 <= 1.5s"},
    KindRow{GateKind::error_rate, "error-rate", Amount::share, "<=", true, "error-rate <= 2%"},
    KindRow{GateKind::max_drop, "max-drop", Amount::points, "", true, "max-drop 3pp"},
    KindRow{
        GateKind::max_slowdown, "max-slowdown", Amount::slowdown, "", true, "max-slowdown 20%"},
    KindRow{GateKind::cost, "cost-per-1k", Amount::dollars, "<=", true, "cost-per-1k <= $2"}};
[[nodiscard]] const KindRow& row_of(GateKind kind) noexcept;

// Sets kind, metric and quantile of a gate from its first word. Else a message with its help.
struct WordMistake {
  std::string message;
  std::string help;
};
[[nodiscard]] std::optional<WordMistake> read_kind(std::string_view word, Gate& gate);
[[nodiscard]] std::string kind_word(const Gate& gate);

// Reads the limit or margin of a gate whose kind is known.
[[nodiscard]] std::optional<WordMistake> read_amount(std::string_view word, Gate& gate);
[[nodiscard]] std::string amount_word(const Gate& gate);

// What the parts say together: a slowdown has no tag.
[[nodiscard]] std::optional<WordMistake> check_parts(const Gate& gate);

}  // namespace faceoff::compare
