#pragma once

// Values of the JSON report. Private to report.

#include <faceoff/report/report.h>

#include <cmath>
#include <optional>
#include <string>

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

// {"results": [...], ...}; null where the run had no gates.
[[nodiscard]] Json gates_json(const Report& report);

}  // namespace faceoff::report
