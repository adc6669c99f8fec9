#pragma once

#include "look.h"
#include "page.h"

#include <faceoff/report/report.h>

namespace faceoff::report {

// The parts of a page in reading order.
[[nodiscard]] Line title_of(const Report& report, const Detail& detail);
[[nodiscard]] std::vector<Section> score_sections(const Report& report, const Detail& detail);
// What each scorer could not extract, columns beside the score and figures of the whole corpus;
// nothing where one scorer judged every answer.
[[nodiscard]] std::vector<Section> scorer_sections(const Report& report, const Detail& detail);
[[nodiscard]] Section latency_section(const Report& report, const Detail& detail);
// Nothing where no case was answered twice.
[[nodiscard]] std::vector<Section> repeats_sections(const Report& report, const Detail& detail);
[[nodiscard]] std::vector<Section> note_sections(const Report& report);
[[nodiscard]] Section reliability_section(const Report& report, const Detail& detail);
[[nodiscard]] std::vector<Section> verdict_sections(const Report& report, const Detail& detail);
// Comparisons with a baseline, and what became of the gates.
[[nodiscard]] std::vector<Section> gate_sections(const Report& report, const Detail& detail);
// What judges did and how far they can be trusted; nothing where none was asked.
[[nodiscard]] std::vector<Section> judge_sections(const Report& report, const Detail& detail);
// How many cases would show what this comparison could not; empty when it came out clear.
[[nodiscard]] std::string planning_note(const compare::Comparison& comparison);
// One block of lines for each backend, in place of the score and latency tables.
[[nodiscard]] std::vector<Section> block_sections(const Report& report, const Detail& detail);

[[nodiscard]] Page make_page(const Report& report, const Detail& detail);

}  // namespace faceoff::report
