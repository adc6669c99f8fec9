#pragma once

#include <faceoff/base/result.h>
#include <faceoff/chat/metrics.h>

#include <span>
#include <string>
#include <string_view>

namespace faceoff::load {

// One clause of what a good answer is: `ttft<500ms`, `tpot<=40ms`, `tok_s_user>20`.
struct Slo {
  chat::Metric metric = chat::Metric::ttft;
  enum class Test : std::uint8_t { below, at_most, above, at_least } test = Test::at_most;
  double limit = 0.0;  // in the unit of the metric
  std::string text;
};

// Error of kind usage: no such figure (with the near ones), no limit, a time without a unit.
[[nodiscard]] Result<Slo> parse_slo(std::string_view text);
// An answer for which the figure is undefined does not meet the clause.
[[nodiscard]] bool meets(const chat::MetricValues& values, const Slo& slo) noexcept;
[[nodiscard]] bool meets_all(const chat::MetricValues& values, std::span<const Slo> slos) noexcept;

}  // namespace faceoff::load
