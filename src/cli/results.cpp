#include "results.h"

#include "history.h"
#include "pairing.h"

#include <faceoff/base/files.h>
#include <faceoff/compare/comparison.h>
#include <faceoff/compare/summary.h>
#include <faceoff/report/reporter.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

compare::Summary summarise(const store::Manifest& manifest, const compare::Column& column) {
  const store::BackendEntry* entry = entry_of(manifest, column.name());
  return compare::summarise(column, {.planned = entry == nullptr ? 0 : entry->trials});
}

void join(const Loaded& run,
          std::vector<compare::Column>& columns,
          report::Report& merged,
          std::vector<compare::Summary>& summaries) {
  for (const auto& column : run.columns) {
    auto summary = summarise(run.manifest, column);
    compare::Column named = column.named(label_of(column, run));
    summary.backend = named.name();
    summaries.push_back(std::move(summary));
    columns.push_back(std::move(named));
    if (const store::BackendEntry* entry = entry_of(run.manifest, column.name())) {
      store::BackendEntry copy = *entry;
      copy.name = columns.back().name();
      merged.manifest.backends.push_back(std::move(copy));
    }
  }
}

std::vector<compare::GateSubject> subjects_within(
    const Loaded& run,
    const std::vector<compare::PairComparison>& comparisons,
    const std::vector<compare::Summary>& summaries) {
  std::vector<compare::GateSubject> subjects;
  for (std::size_t i = 0; i < run.columns.size(); ++i) {
    subjects.push_back({.name = run.columns[i].name(),
                        .column = &run.columns[i],
                        .summary = &summaries[i],
                        .pair = i == 0 ? nullptr : &comparisons[i - 1]});
  }
  return subjects;
}

void judge_run(const Loaded& run,
               const std::vector<compare::Summary>& summaries,
               report::Report& report) {
  if (run.baseline == nullptr) {
    if (!report.manifest.gating.baseline.empty()) {
      report.gates_note = "not judged: the run's copy of its baseline cannot be read";
      return;
    }
    judge(report, subjects_within(run, report.comparisons, summaries));
    return;
  }
  const Loaded reference = load_baseline(run.baseline);
  report::Baseline& baseline = report.baseline.emplace();
  baseline.name = run.baseline->name;
  baseline.run_id = run.baseline->manifest.id;
  baseline.run_started_utc = run.baseline->manifest.started_utc;
  const auto pairings = pair_with(reference, run, false, false, baseline.comparisons);
  for (const Pairing& pairing : pairings) {
    if (!pairing.obstacle.empty() && baseline.note.empty()) {
      baseline.note = "not compared: " + pairing.obstacle;
    }
  }
  judge(report, subjects_of(pairings, baseline.comparisons, summaries, 0));
}

report::Report report_on_one(const Loaded& run, const store::Gating& gating) {
  std::vector<compare::Summary> summaries;
  for (const auto& column : run.columns) {
    summaries.push_back(summarise(run.manifest, column));
  }
  auto report =
      report::build_report(run.manifest, summaries, compare::compare_all(run.columns, run.options));
  report.standings = compare::rank_all(run.columns, run.options);
  report.judging = run.judging.result(names_in(run.manifest));
  std::vector<std::string> judges;
  for (const auto& work : report.judging.judges) {
    judges.push_back(work.backend);
  }
  report.judging.kin = compare::find_kin(judges, run.manifest);
  report.omnibus = compare::tell_apart(run.columns, run.options);
  report.manifest.gating = gating;
  judge_run(run, summaries, report);
  return report;
}

compare::GateScope scope_of(std::span<const compare::Summary> summaries,
                            std::vector<std::string> names,
                            bool has_baseline) {
  compare::GateScope scope{.backends = std::move(names), .has_baseline = has_baseline};
  std::map<std::string, std::uint64_t> tags;
  for (const compare::Summary& summary : summaries) {
    scope.cases = std::max(scope.cases, summary.all.cases);
    for (const compare::Slice& slice : summary.tags) {
      tags[slice.tag] = std::max(tags[slice.tag], slice.cases);
    }
  }
  scope.tags.assign(tags.begin(), tags.end());
  return scope;
}

std::vector<std::string> names_of(const std::vector<compare::Column>& columns) {
  std::vector<std::string> names;
  for (const auto& column : columns) {
    names.push_back(column.name());
  }
  return names;
}

Result<report::Report> report_on_one(const Loaded& run,
                                     const GateRequest* gating,
                                     const Context& context) {
  store::Gating used = run.manifest.gating;
  if (gating != nullptr && !gating->gates.empty()) {
    std::vector<compare::Summary> summaries;
    for (const auto& column : run.columns) {
      summaries.push_back(summarise(run.manifest, column));
    }
    FACEOFF_TRY(check_request(
        *gating, scope_of(summaries, names_of(run.columns), run.baseline != nullptr), context));
    used = gating_of(*gating);
    used.baseline = run.manifest.gating.baseline;
  }
  used.inconclusive_fails =
      used.inconclusive_fails || (gating != nullptr && gating->inconclusive_fails);
  return report_on_one(run, used);
}

}  // namespace

Result<report::Report> report_on_run(const std::filesystem::path& folder,
                                     const std::filesystem::path& results,
                                     bool with_cases) {
  report::CaseGatherer cases;
  FACEOFF_TRY_ASSIGN(const auto run, load_run(folder, with_cases ? &cases : nullptr));
  auto report = report_on_one(run, run.manifest.gating);
  if (with_cases) {
    put_trend(run, results, report);
    put_cases(std::span(&run, 1), std::move(cases), report);
  }
  return report;
}

Result<report::Report> report_on(std::span<const Loaded> sources,
                                 const GateRequest* gating,
                                 const Context& context,
                                 bool by_id) {
  if (sources.size() == 1) {
    return report_on_one(sources.front(), gating, context);
  }
  report::Report merged;
  merged.manifest = sources.front().manifest;
  merged.manifest.backends.clear();
  merged.manifest.gating = gating != nullptr ? gating_of(*gating) : store::Gating{};
  std::vector<compare::Column> columns;
  std::vector<compare::Summary> summaries;
  for (const Loaded& source : sources) {
    join(source, columns, merged, summaries);
    if (source.manifest.state != store::RunState::complete) {
      merged.manifest.state = source.manifest.state;
    }
  }
  const Loaded& first = sources.front();
  std::vector<compare::PairComparison> comparisons;
  std::vector<Pairing> pairings;
  for (const Loaded& later : sources.subspan(1)) {
    auto more = pair_with(first, later, true, by_id, comparisons);
    std::ranges::move(more, std::back_inserter(pairings));
  }
  if (first.is_baseline) {
    FACEOFF_TRY(check_against_baseline(pairings, comparisons));
  }
  if (comparisons.empty()) {
    return fail(ErrorKind::usage,
                "the runs have no backend of the same name; compare runs that share one");
  }
  auto report = report::build_report(merged.manifest, summaries, std::move(comparisons));
  const std::size_t later = first.columns.size();
  if (gating != nullptr && !gating->gates.empty()) {
    std::vector<std::string> names;
    for (const Pairing& pairing : pairings) {
      names.push_back(pairing.candidate->name());
    }
    FACEOFF_TRY(check_request(
        *gating, scope_of(std::span(summaries).subspan(later), std::move(names), true), context));
    judge(report, subjects_of(pairings, report.comparisons, summaries, later));
  }
  return report;
}

bool show_cases(std::span<const OutputFormat> formats) {
  return std::ranges::any_of(formats, [](const OutputFormat& format) {
    // Gates and flips of a JUnit file need no records.
    const bool only_gates =
        format.name == "junit" && format.options.junit_level != report::JunitLevel::cases;
    return report::find(format.name)->shows_cases && !only_gates;
  });
}

void put_cases(std::span<const Loaded> sources,
               report::CaseGatherer&& cases,
               report::Report& report) {
  std::vector<report::CaseColumn> columns;
  for (const Loaded& source : sources) {
    for (const auto& column : source.columns) {
      columns.push_back({.label = sources.size() == 1 ? column.name() : label_of(column, source),
                         .backend = column.name(),
                         .folder = source.folder,
                         .records = source.records});
    }
  }
  report.cases =
      std::make_shared<const report::CaseViews>(std::move(cases).finish(std::move(columns)));
}

void put_trend(const Loaded& run, const std::filesystem::path& results, report::Report& report) {
  std::error_code error;
  const auto beside = std::filesystem::absolute(run.folder, error).parent_path();
  report.trend = trend_behind(run, std::filesystem::equivalent(beside, results, error));
}

Status keep_reports(const report::Report& report, const std::filesystem::path& folder) {
  FACEOFF_TRY(write_file_atomic(folder / "summary.json", report::write_json(report, {})));
  FACEOFF_TRY(write_file_atomic(folder / "report.md", report::write_markdown(report, {})));
  if (report.cases == nullptr) {
    return {};
  }
  FACEOFF_TRY_ASSIGN(const std::string page, report::to_text(*report::find("html"), report));
  return write_file_atomic(folder / "report.html", page);
}

}  // namespace faceoff::cli
