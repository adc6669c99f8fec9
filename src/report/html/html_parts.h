#pragma once

// The parts of the HTML report in reading order. Private to report.

#include "../look.h"
#include "html_text.h"

#include <faceoff/report/report.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::report {

// What reading the single cases brings; empty without Report::cases.
struct CaseData {
  // Seconds of every trial with the figure, by column, sorted; +infinity: a time limit.
  std::vector<std::vector<double>> ttft;
  std::vector<std::vector<double>> e2e;
  // By scorer, then by column: the sum of its values and their number.
  std::map<std::string, std::vector<std::pair<double, std::uint64_t>>> scorers;
  std::vector<std::string> parameters;  // by column: "temperature 0, max_tokens 16"
  bool complete = false;                // the figures are of all cases
  std::size_t cases = 0;                // of the run
  std::size_t listed = 0;               // ... that stand in the list
  std::size_t with_text = 0;            // ... whose prompt and answers are in the file
  Json json;                            // for the script
};
// Reads the cases; errors of kind io.
[[nodiscard]] Result<CaseData> read_case_data(const Report& report);

[[nodiscard]] const Detail& html_detail() noexcept;
// The place of a backend among the columns, for its colour.
[[nodiscard]] std::size_t column_of(const Report& report, std::string_view backend) noexcept;
// The name with its colour and shape, "simulated" behind it where it is so.
void column_name(Html& out, const Report& report, std::string_view backend);

void verdict_part(Html& out, const Report& report);
void score_part(Html& out, const Report& report, const CaseData& data);
void latency_part(Html& out, const Report& report, const CaseData& data);
void cost_part(Html& out, const Report& report);
void flips_part(Html& out, const Report& report);
void cases_part(Html& out, const Report& report, const CaseData& data);
void failures_part(Html& out, const Report& report);
[[nodiscard]] bool has_gates(const Report& report);
void gates_part(Html& out, const Report& report);
// Earlier runs of the suite, where the report knows some.
[[nodiscard]] bool has_trend(const Report& report);
void trend_part(Html& out, const Report& report);
void method_part(Html& out, const Report& report, const CaseData& data);

}  // namespace faceoff::report
