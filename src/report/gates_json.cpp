#include "json_values.h"

namespace faceoff::report {
namespace {

std::string_view unit_name(compare::GateUnit unit) {
  switch (unit) {
    case compare::GateUnit::points:
      return "difference";
    case compare::GateUnit::share:
      return "share";
    case compare::GateUnit::seconds:
      return "seconds";
    case compare::GateUnit::dollars:
      return "usd_per_1k";
    case compare::GateUnit::factor:
      break;
  }
  return "factor";
}

Json gate_json(const compare::GateResult& gate) {
  Json warnings = Json::array();
  for (const compare::Warning warning : gate.warnings) {
    warnings.push_back(to_string(warning));
  }
  return {{"gate", to_string(gate.gate)},
          {"origin", text_or_null(gate.gate.origin)},
          {"backend", text_or_null(gate.gate.backend)},
          {"tag", text_or_null(gate.gate.tag)},
          {"state", to_string(gate.state)},
          {"comparable", gate.comparable},
          {"unit", unit_name(gate.unit)},
          {"value", number(gate.value)},
          {"lo", number(gate.lo)},
          {"hi", number(gate.hi)},
          {"conf", gate.conf},
          {"limit", number(gate.gate.limit)},
          {"method", text_or_null(gate.method)},
          {"n", gate.n},
          {"p", number(gate.p)},
          {"p_adjusted", number(gate.p_adjusted)},
          {"adjust", gate.p_adjusted ? "holm" : "none"},
          {"family_size", gate.family_size},
          {"false_alarm", number(gate.false_alarm)},
          {"needs_cases", gate.needs_cases ? Json(*gate.needs_cases) : Json(nullptr)},
          {"warnings", std::move(warnings)},
          {"message", gate.message}};
}

}  // namespace

Json gates_json(const Report& report) {
  if (report.gates.empty() && report.gates_note.empty()) {
    return nullptr;
  }
  Json results = Json::array();
  for (const compare::GateResult& gate : report.gates) {
    results.push_back(gate_json(gate));
  }
  return {{"alpha", report.manifest.gating.alpha},
          {"inconclusive", report.manifest.gating.inconclusive_fails ? "fail" : "pass"},
          {"note", text_or_null(report.gates_note)},
          {"results", std::move(results)}};
}

}  // namespace faceoff::report
