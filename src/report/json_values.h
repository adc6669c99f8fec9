#pragma once

// Values of the JSON report. Private to report.

#include <faceoff/report/report.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace faceoff::report {

using Json = nlohmann::ordered_json;

inline Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
inline Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}
inline Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

// The parts of the document.
[[nodiscard]] Json backend_json(const Column& column);
[[nodiscard]] Json comparisons_json(const std::vector<compare::PairComparison>& comparisons);
[[nodiscard]] Json standings_json(const Report& report);
// These four are null where the run had none.
[[nodiscard]] Json omnibus_json(const Report& report);
[[nodiscard]] Json baseline_json(const Report& report);
[[nodiscard]] Json judging_json(const compare::Judging& judging);
// {"results": [...], ...}
[[nodiscard]] Json gates_json(const Report& report);

}  // namespace faceoff::report
