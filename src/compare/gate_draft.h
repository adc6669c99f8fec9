#pragma once

// A gate that was measured but not yet decided. Private to compare.

#include <faceoff/compare/gate_result.h>

#include <string>

namespace faceoff::compare {

struct GateDraft {
  GateResult result;
  const Comparison* comparison = nullptr;  // of comparative kinds
  bool passes = false;                     // proven
  bool may_fail = false;                   // the range agrees with a small p
  std::string reason;                      // why there is nothing to judge
};

// Value, range, p and proof of one gate on one subject; `least` as least_cases().
[[nodiscard]] GateDraft measure(const Gate& gate,
                                const GateSubject& subject,
                                std::uint64_t least,
                                const GateOptions& options);

// The sentences of a decided gate.
[[nodiscard]] std::string message_of(const GateDraft& draft);

}  // namespace faceoff::compare
