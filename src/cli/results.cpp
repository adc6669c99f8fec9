#include "results.h"

#include "sequential_stop.h"

#include <faceoff/base/files.h>
#include <faceoff/base/log.h>
#include <faceoff/compare/comparison.h>
#include <faceoff/compare/summary.h>
#include <faceoff/report/reporter.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

struct Loaded {
  store::Manifest manifest;
  std::vector<compare::Column> columns;
  compare::Options options;  // for comparisons within the run
};

Result<Loaded> load(const std::filesystem::path& folder) {
  FACEOFF_TRY_ASSIGN(auto run, store::open_run(folder));
  std::vector<std::string> order;
  for (const auto& backend : run.manifest.backends) {
    order.push_back(backend.name);
  }
  compare::Results results(order);
  const bool watched = run.manifest.stop_rule == kEvidenceRule;
  compare::SequentialWatch watch(order);
  FACEOFF_TRY_ASSIGN(const auto read, store::read_records(folder, [&](store::Record&& record) {
                       results.add(record);
                       if (watched) {
                         watch.add(record);
                       }
                     }));
  compare::Options options;
  for (std::size_t i = 1; watched && i < order.size(); ++i) {
    options.evidence[order[i]] = watch.evidence(order[i]);
  }
  if (read.damaged_tail) {
    log::warn(
        fmt::format("{}: the last record is cut off and was left out; --resume repairs the file",
                    folder.string()));
  }
  return Loaded{.manifest = std::move(run.manifest),
                .columns = results.columns(),
                .options = std::move(options)};
}

compare::Summary summarise(const store::Manifest& manifest, const compare::Column& column) {
  const auto entry =
      std::ranges::find(manifest.backends, column.name(), &store::BackendEntry::name);
  return compare::summarise(column,
                            {.planned = entry == manifest.backends.end() ? 0 : entry->trials});
}

// gpt-4o of run ...-7f3a21bc is "gpt-4o@7f3a21bc".
std::string label(const std::string& backend, const store::Manifest& manifest) {
  return backend + "@" + manifest.id.substr(manifest.id.rfind('-') + 1);
}

void join(const Loaded& run,
          std::vector<compare::Column>& columns,
          report::Report& merged,
          std::vector<compare::Summary>& summaries) {
  for (const auto& column : run.columns) {
    auto summary = summarise(run.manifest, column);
    compare::Column named = column.named(label(column.name(), run.manifest));
    summary.backend = named.name();
    summaries.push_back(std::move(summary));
    columns.push_back(std::move(named));
    const auto entry =
        std::ranges::find(run.manifest.backends, column.name(), &store::BackendEntry::name);
    if (entry != run.manifest.backends.end()) {
      store::BackendEntry copy = *entry;
      copy.name = columns.back().name();
      merged.manifest.backends.push_back(std::move(copy));
    }
  }
}

// Which column of the first run a column of a later one is held against.
const compare::Column* counterpart(const Loaded& first,
                                   const Loaded& later,
                                   const compare::Column& column) {
  const auto same = std::ranges::find(first.columns, column.name(), &compare::Column::name);
  if (same != first.columns.end()) {
    return &*same;
  }
  return first.columns.size() == 1 && later.columns.size() == 1 ? &first.columns.front() : nullptr;
}

}  // namespace

Result<report::Report> report_on_run(const std::filesystem::path& folder) {
  FACEOFF_TRY_ASSIGN(const auto run, load(folder));
  std::vector<compare::Summary> summaries;
  for (const auto& column : run.columns) {
    summaries.push_back(summarise(run.manifest, column));
  }
  auto report =
      report::build_report(run.manifest, summaries, compare::compare_all(run.columns, run.options));
  report.standings = compare::rank_all(run.columns, run.options);
  return report;
}

Result<report::Report> report_on_runs(std::span<const std::filesystem::path> folders) {
  if (folders.size() == 1) {
    return report_on_run(folders.front());
  }
  std::vector<Loaded> runs;
  for (const auto& folder : folders) {
    FACEOFF_TRY_ASSIGN(auto run, load(folder));
    runs.push_back(std::move(run));
  }
  report::Report merged;
  merged.manifest = runs.front().manifest;
  merged.manifest.backends.clear();
  std::vector<compare::Column> columns;
  std::vector<compare::Summary> summaries;
  for (const auto& run : runs) {
    join(run, columns, merged, summaries);
  }
  std::vector<compare::PairComparison> comparisons;
  const Loaded& first = runs.front();
  for (auto later = runs.begin() + 1; later != runs.end(); ++later) {
    compare::Options options;
    options.scorers_changed = later->manifest.scorers != first.manifest.scorers;
    for (const auto& column : later->columns) {
      const compare::Column* reference = counterpart(first, *later, column);
      if (reference == nullptr) {
        continue;
      }
      comparisons.push_back(
          compare::compare_backends(reference->named(label(reference->name(), first.manifest)),
                                    column.named(label(column.name(), later->manifest)),
                                    options));
    }
  }
  if (comparisons.empty()) {
    return fail(ErrorKind::usage,
                "the runs have no backend of the same name; compare runs that share one");
  }
  return report::build_report(merged.manifest, summaries, std::move(comparisons));
}

Status keep_reports(const report::Report& report, const std::filesystem::path& folder) {
  FACEOFF_TRY(write_file_atomic(folder / "summary.json", report::write_json(report, {})));
  return write_file_atomic(folder / "report.md", report::write_markdown(report, {}));
}

Status write_formats(const report::Report& report,
                     std::span<const OutputFormat> formats,
                     const Context& context) {
  const report::RenderOptions terminal{
      .width = context.out.width, .colour = context.out.colour, .unicode = context.out.unicode};
  for (const auto& format : formats) {
    const report::Reporter* reporter = report::find(format.name);
    if (format.path) {
      FACEOFF_TRY(write_file_atomic(*format.path, reporter->write(report, {}), 0644));
    } else {
      FACEOFF_TRY(print_out(reporter->write(report, terminal)));
    }
  }
  const auto to_stdout = [](const OutputFormat& f) { return !f.path; };
  if (std::ranges::none_of(formats, to_stdout)) {
    return print_out(report::write_table(report, terminal));
  }
  return {};
}

}  // namespace faceoff::cli
