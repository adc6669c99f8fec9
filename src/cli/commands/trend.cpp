#include "config.h"
#include "history.h"
#include "output.h"
#include "session.h"
#include "version.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/store/baseline.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::array kFlags{
    Flag{.name = "backend",
         .letter = 'b',
         .value = "NAME",
         .help = "only this backend",
         .repeats = true},
    Flag{.name = "last", .value = "N", .help = "of the last N runs (default: 20)"},
    Flag{.name = "rebuild", .help = "read every run anew instead of using the index"},
    Flag{.name = "format",
         .value = "FMT[:PATH]",
         .help = "table, md, html or json; with :PATH into a file",
         .repeats = true},
    kJsonFlag,
};

std::vector<std::string_view> names_of(const std::vector<History::SuiteRow>& suites) {
  std::vector<std::string_view> names;
  for (const auto& suite : suites) {
    names.push_back(suite.name);
  }
  return names;
}

// Without a word, the suite of the newest run.
Result<std::string> choose_suite(const Arguments& arguments,
                                 const std::vector<History::SuiteRow>& suites) {
  if (suites.empty()) {
    return fail(ErrorKind::usage, "there are no runs yet; faceoff run SUITE makes one");
  }
  if (arguments.positionals().empty()) {
    return suites.front().name;
  }
  const std::string& word = arguments.positionals().front();
  const auto names = names_of(suites);
  if (std::ranges::find(names, word) != names.end()) {
    return word;
  }
  const auto near = closest(word, names);
  std::vector<std::string> all(names.begin(), names.end());
  return fail(ErrorKind::usage,
              fmt::format("no run of suite '{}'; {}",
                          word,
                          near ? fmt::format("did you mean '{}'?", *near)
                               : "there are runs of " + join(all, ", ")));
}

// The runs that baselines were made of say so.
void mark_baselines(const std::filesystem::path& results, report::Trend& trend) {
  for (const auto& file : store::list_baselines(results)) {
    const auto baseline = store::read_baseline(file);
    for (report::TrendPoint& point : trend.points) {
      if (baseline && point.run == baseline->manifest.id) {
        point.baseline += (point.baseline.empty() ? "" : ", ") + baseline->name;
      }
    }
  }
}

Result<report::Trend> find_trend(const Arguments& arguments, const Config& config) {
  FACEOFF_TRY_ASSIGN(const auto last, arguments.integer("last", 1));
  FACEOFF_TRY_ASSIGN(
      const auto history,
      History::open(results_folder(arguments, config),
                    arguments.has("rebuild") ? History::Start::rebuild : History::Start::keep));
  FACEOFF_TRY_ASSIGN(const auto suites, history->suites());
  report::Trend trend;
  FACEOFF_TRY_ASSIGN(trend.suite, choose_suite(arguments, suites));
  constexpr std::int64_t kUsual = 20;
  FACEOFF_TRY_ASSIGN(
      trend.points,
      history->points(trend.suite, static_cast<std::uint64_t>(last.value_or(kUsual))));
  const auto wanted = arguments.values("backend");
  for (const std::string& name : wanted) {
    std::vector<std::string_view> names;
    for (const auto& point : trend.points) {
      names.push_back(point.backend);
    }
    if (std::ranges::find(names, name) == names.end()) {
      const auto near = closest(name, names);
      return fail(ErrorKind::usage,
                  fmt::format("-b: these runs have no backend '{}'{}",
                              name,
                              near ? fmt::format("; did you mean '{}'?", *near) : ""));
    }
  }
  if (!wanted.empty()) {
    std::erase_if(trend.points, [&wanted](const report::TrendPoint& point) {
      return std::ranges::find(wanted, point.backend) == wanted.end();
    });
  }
  mark_baselines(results_folder(arguments, config), trend);
  return trend;
}

Result<std::vector<OutputFormat>> read_trend_formats(const Arguments& arguments) {
  FACEOFF_TRY_ASSIGN(auto formats, read_formats(arguments));
  for (const OutputFormat& format : formats) {
    constexpr std::array<std::string_view, 4> kNames{"table", "md", "html", "json"};
    if (std::ranges::find(kNames, format.name) == kNames.end()) {
      return fail(ErrorKind::usage,
                  fmt::format("--format: a trend has no form '{}'; choose table, md, html or json",
                              format.name));
    }
  }
  if (std::ranges::all_of(formats, [](const auto& format) { return format.path.has_value(); })) {
    formats.push_back({.name = "table", .path = std::nullopt});
  }
  return formats;
}

std::string text_of(const report::Trend& trend,
                    const OutputFormat& format,
                    const Context& context) {
  if (format.name == "json") {
    return report::write_trend_json(trend);
  }
  if (format.name == "html") {
    return report::write_trend_html(trend, version_text());
  }
  if (format.name == "md") {
    return report::write_trend_markdown(trend);
  }
  report::RenderOptions options;
  if (!format.path) {
    options.width = context.out.width;
    options.colour = context.out.colour;
    options.unicode = context.out.unicode;
  }
  return report::write_trend(trend, options);
}

Result<Exit> print_trend(const Arguments& arguments, const Context& context) {
  doc::Diagnostics diagnostics;
  FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, diagnostics));
  if (!diagnostics.empty()) {
    print_diagnostics(diagnostics, context);
    return Exit::usage;
  }
  FACEOFF_TRY_ASSIGN(const auto formats, read_trend_formats(arguments));
  FACEOFF_TRY_ASSIGN(const auto trend, find_trend(arguments, config));
  for (const OutputFormat& format : formats) {
    const std::string text = text_of(trend, format, context);
    FACEOFF_TRY(format.path ? write_file_atomic(*format.path, text, 0644) : print_out(text));
  }
  return Exit::ok;
}

Exit execute(const Arguments& arguments, Context& context) {
  const auto exit = print_trend(arguments, context);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace

extern const Command trend_command;
const Command trend_command{
    .name = "trend",
    .summary = "score and latency of a suite over its runs, with intervals",
    .positional = {.name = "SUITE",
                   .help = "a suite's name (default: that of the newest run)",
                   .min = 0,
                   .max = 1},
    .flags = kFlags,
    .examples =
        "faceoff trend\nfaceoff trend quickstart -b llama --last 50\n"
        "faceoff trend quickstart --format html:trend.html",
    .run = execute};

}  // namespace faceoff::cli
