#include "sections.h"

#include <faceoff/base/units.h>

#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using score::Outcome;

void add(Line& line, const Detail& detail, std::string text) {
  if (!line.empty()) {
    line.push_back({std::string(detail.glyphs.separator)});
  }
  line.push_back({std::move(text)});
}

// "$0.26 ($1.28 per 1000 answers, prices of 2026-05)". A stand-in spends nothing, and an answer
// without a token count makes the sum a lower bound.
std::string cost_text(const Column& column) {
  const compare::Summary& summary = column.summary;
  const auto per_thousand = compare::cost_per_thousand(summary);
  if (!per_thousand) {
    return column.entry.price ? "cost not known: no token counts" : "no price set";
  }
  const bool simulated = column.entry.simulated || summary.simulated;
  std::string text = summary.without_usage > 0 ? "at least " : "";
  text += fmt::format("{}{} ({} per 1000",
                      simulated ? "would cost " : "",
                      format_money(summary.cost),
                      format_money(*per_thousand));
  if (column.entry.price && !column.entry.price->as_of.empty()) {
    text += fmt::format(", prices of {}", display_text(column.entry.price->as_of));
  }
  text += summary.without_usage > 0 ? ", an estimate)" : ")";
  return text;
}

Line data_of(const Column& column, const Detail& detail) {
  const compare::Summary& summary = column.summary;
  Line line;
  add(line, detail, cost_text(column));
  if (summary.prompt_tokens + summary.completion_tokens > 0) {
    add(line,
        detail,
        fmt::format("{} tokens in, {} out", summary.prompt_tokens, summary.completion_tokens));
  }
  if (summary.without_usage > 0) {
    add(line,
        detail,
        fmt::format("{} without a token count", counted(summary.without_usage, "answer")));
  }
  if (column.entry.local || summary.prompts_sent == 0) {
    add(line, detail, "nothing left this machine");
  } else {
    add(line, detail, counted(summary.prompts_sent, "prompt") + " to ");
    Detail whole = detail;
    whole.name_width = detail.name_width > 0 ? detail.name_width + 12 : 0;
    line.push_back(name_span(column.host.empty() ? "an unknown host" : column.host, whole));
  }
  if (summary.system_rate) {
    add(line, detail, rate(*summary.system_rate) + " tok/s over the run");
  }
  return line;
}

std::string retries_text(const compare::Summary& summary) {
  std::uint64_t total = 0;
  std::string causes;
  for (const auto& [cause, count] : summary.retries) {
    total += count;
    causes += (causes.empty() ? "" : ", ") + fmt::format("{} {}", count, backend::to_string(cause));
  }
  return fmt::format("{} {} ({})", total, total == 1 ? "retry" : "retries", causes);
}

Line reliability_of(const Column& column, const Detail& detail) {
  const compare::Summary& summary = column.summary;
  const compare::Slice& all = summary.all;
  const std::uint64_t planned = summary.planned > 0 ? summary.planned : all.trials;
  Line line{{fmt::format("{} of {} answered", all.answered, planned),
             all.answered < planned ? Style::bad : Style::plain}};
  constexpr std::array<std::pair<Outcome, std::string_view>, 6> kWords{{
      {Outcome::failed, "failed"},
      {Outcome::truncated, "truncated"},
      {Outcome::refused, "refused"},
      {Outcome::empty, "empty"},
      {Outcome::no_extraction, "without an extractable answer"},
      {Outcome::unscored, "unscored"},
  }};
  for (const auto& [outcome, word] : kWords) {
    if (const std::uint64_t count = all.outcomes.of(outcome); count > 0) {
      add(line, detail, fmt::format("{} {}", count, word));
    }
  }
  if (!summary.retries.empty()) {
    add(line, detail, retries_text(summary));
  }
  if (summary.cached > 0) {
    add(line, detail, fmt::format("{} from a cache or replay", summary.cached));
  }
  return line;
}

void add_quotes(const Column& column, const Detail& detail, Section& section) {
  for (const compare::FailureCount& failure : column.summary.failures) {
    Quote quote;
    quote.intro = label_of(column, detail);
    quote.intro.push_back(
        {fmt::format(": {} {}, as in case ", failure.count, backend::to_string(failure.kind))});
    quote.intro.push_back(name_span(failure.case_id, detail));
    quote.text = failure.message;
    section.quotes.push_back(std::move(quote));
  }
}

}  // namespace

Section reliability_section(const Report& report, const Detail& detail) {
  Section section;
  section.heading = {{"Cost, data and reliability", Style::bold}};
  for (const Column& column : report.columns) {
    section.paragraphs.push_back({label_of(column, detail), data_of(column, detail)});
    section.paragraphs.push_back({{}, reliability_of(column, detail)});
    add_quotes(column, detail, section);
  }
  return section;
}

}  // namespace faceoff::report
