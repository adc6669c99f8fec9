#pragma once

#include <faceoff/report/case_views.h>
#include <faceoff/report/reporter.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

// Single cases on a terminal. Foreign text is made safe, and every line of it stands behind a bar.
namespace faceoff::report {

// One case: prompt, targets, the answers with the words that differ from the first column's (side
// by side where the width allows), why each has its score, what its attempts met.
[[nodiscard]] std::string write_case(const CaseView& item,
                                     std::span<const CaseColumn> columns,
                                     const RenderOptions& options);

// A line for each of these cases: how every column did. `heading` is of our own words.
[[nodiscard]] std::string write_case_list(const std::string& heading,
                                          const CaseViews& cases,
                                          std::span<const std::size_t> items,
                                          const RenderOptions& options);

// Trials without an answer among these cases, with their errors.
[[nodiscard]] Result<std::string> write_failures(const CaseViews& cases,
                                                 std::span<const std::size_t> items,
                                                 const RenderOptions& options);

}  // namespace faceoff::report
