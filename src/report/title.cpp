#include "sections.h"

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

// "2026-08-22 14:05 UTC" of RFC 3339; anything else as it is.
std::string minute_of(const std::string& utc) {
  if (utc.size() < 16 || utc[10] != 'T' || utc.back() != 'Z') {
    return utc;
  }
  return utc.substr(0, 10) + " " + utc.substr(11, 5) + " UTC";
}

// The random end of a run's id, enough to name it.
std::string short_id(const std::string& id) {
  const auto dash = id.rfind('-');
  return dash == std::string::npos || dash + 1 == id.size() ? id : id.substr(dash + 1);
}

std::string size_of(const Report& report) {
  std::uint64_t cases = report.manifest.cases;
  std::uint64_t repeats = 0;
  for (const Column& column : report.columns) {
    cases = std::max(cases, column.summary.all.cases);
    repeats = std::max(repeats, column.summary.all.repeats);
  }
  return fmt::format("{}, {} each", counted(cases, "case"), counted(repeats, "answer"));
}

Paragraph simulated_note() {
  return {{{"simulated"}},
          {{"the stand-in endpoint of faceoff answered; no figure of it is a model's"}}};
}

// Above these the client may have been what was slow.
constexpr double kLateLoopMs = 10.0;
constexpr double kBusyClient = 0.9;

}  // namespace

Line title_of(const Report& report, const Detail& detail) {
  const store::Manifest& run = report.manifest;
  const std::string separator(detail.glyphs.separator);
  Line title{name_span(run.suite, detail)};
  title.front().style = Style::bold;
  title.push_back({separator + size_of(report) + separator});
  const std::string& when = run.finished_utc.empty() ? run.started_utc : run.finished_utc;
  title.push_back({display_text(minute_of(when)), Style::plain, true});
  title.push_back({separator + "run "});
  title.push_back(name_span(short_id(run.id), detail));
  title.push_back({separator + "faceoff "});
  title.push_back(name_span(run.version, detail));
  return title;
}

std::vector<Section> note_sections(const Report& report) {
  Section notes;
  notes.heading = {{"Notes", Style::bold}};
  if (std::any_of(report.columns.begin(), report.columns.end(), is_simulated)) {
    notes.paragraphs.push_back(simulated_note());
  }
  const store::Manifest& run = report.manifest;
  if (!run.rescored_from.empty()) {
    notes.paragraphs.push_back({{{"scored anew"}},
                                {{"the answers and latencies are those of run "},
                                 {display_text(run.rescored_from), Style::plain, true}}});
  }
  for (const Column& column : report.columns) {
    const store::BackendEntry& entry = column.entry;
    if (!entry.replayed_from.empty()) {
      notes.paragraphs.push_back(
          {{{"replay"}},
           {{fmt::format("{}: replayed from {}{}; its latency is not compared",
                         display_text(entry.name),
                         display_text(entry.replayed_from),
                         entry.model.empty() ? "" : ", model " + display_text(entry.model)),
             Style::plain,
             true}}});
    }
  }
  if (run.self_check) {
    if (run.self_check->client_bound) {
      notes.paragraphs.push_back(
          {{{"this machine"}},
           {{"the client was the bottleneck: " + display_text(run.self_check->why) +
             "; latencies may come out too long"}}});
    }
  } else if (run.loop_lag_ms > kLateLoopMs || run.client_busy > kBusyClient) {
    notes.paragraphs.push_back(
        {{{"this machine"}},
         {{fmt::format("the client was late by up to {:.1f} ms and {:.0f}% busy: latencies may "
                       "come out too long",
                       run.loop_lag_ms,
                       run.client_busy * 100)}}});
  }
  for (const std::string& note : run.notes) {
    notes.paragraphs.push_back({{{"run"}}, {{display_text(note), Style::plain, true}}});
  }
  Section next;
  next.heading = {{"Next", Style::bold}};
  for (const std::string& command : report.next_commands) {
    next.paragraphs.push_back({{}, {{display_text(command), Style::plain, true, true}}});
  }
  std::vector<Section> sections;
  for (Section* section : {&notes, &next}) {
    if (!section->paragraphs.empty()) {
      sections.push_back(std::move(*section));
    }
  }
  return sections;
}

}  // namespace faceoff::report
