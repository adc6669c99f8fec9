#pragma once

// Single cases as JSON for the script of the HTML report, with short names. Private to report.

#include <faceoff/report/case_views.h>

#include <string>

namespace faceoff::report {

// A JSON document of prompt, targets and every answer of a case; texts are cut to 4 KB each, with
// their whole length beside them.
[[nodiscard]] std::string case_json(const CaseView& view);
// "temperature 0, max_tokens 16, seed 7"
[[nodiscard]] std::string parameters_text(const chat::Params& params);
// What tells scorers apart: the label where there is one, else the name.
[[nodiscard]] std::string scorer_name(const score::Score& score);

}  // namespace faceoff::report
