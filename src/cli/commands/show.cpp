#include "config.h"
#include "session.h"

#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>
#include <faceoff/report/case_page.h>
#include <faceoff/store/run_folder.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

constexpr std::array kFlags{
    Flag{.name = "flips", .help = "the cases that one backend passes and another does not"},
    Flag{.name = "failures", .help = "the trials that brought no answer, with their errors"},
    Flag{.name = "filter",
         .value = "EXPR",
         .help = "of the list: only cases whose id fits (a*), with tag:NAME, or `not ...`",
         .repeats = true},
    Flag{.name = "json", .help = "with CASE: its records as one JSON document"},
};

using report::CaseViews;

// CASE is an id, or the beginning of one only.
Result<std::size_t> find_case(const CaseViews& cases, const std::string& word) {
  if (const auto exact = cases.find(word)) {
    return *exact;
  }
  std::vector<std::size_t> found;
  std::vector<std::string_view> ids;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    ids.push_back(cases.id(i));
    if (ids.back().starts_with(word)) {
      found.push_back(i);
    }
  }
  if (found.size() == 1) {
    return found.front();
  }
  if (found.size() > 1) {
    return fail(ErrorKind::usage,
                fmt::format("'{}' is the beginning of {} cases, '{}' and '{}' among them; write "
                            "more of the id",
                            word,
                            found.size(),
                            cases.id(found[0]),
                            cases.id(found[1])));
  }
  const auto near = closest(word, ids);
  return fail(ErrorKind::usage,
              fmt::format("the run has no case '{}'; {}",
                          word,
                          near ? fmt::format("did you mean '{}'?", *near)
                               : "faceoff show RUN lists its cases"));
}

bool satisfies(const CaseViews& cases, std::size_t item, std::string_view filter) {
  if (filter.starts_with("not ")) {
    return !satisfies(cases, item, trim(filter.substr(4)));
  }
  if (filter.starts_with("tag:")) {
    const auto& tags = cases.tags(item);
    return std::ranges::find(tags, filter.substr(4)) != tags.end();
  }
  return fits(filter, cases.id(item));
}

bool any_flip(const CaseViews& cases, std::size_t item) {
  for (std::size_t column = 1; column < cases.columns().size(); ++column) {
    if (cases.flipped(item, 0, column)) {
      return true;
    }
  }
  return false;
}

bool any_failure(const CaseViews& cases, std::size_t item) {
  for (std::size_t column = 0; column < cases.columns().size(); ++column) {
    if (cases.standing(item, column).failed > 0) {
      return true;
    }
  }
  return false;
}

Result<std::string> list(const Arguments& arguments,
                         const CaseViews& cases,
                         const report::RenderOptions& options) {
  const bool flips = arguments.has("flips");
  const bool failures = arguments.has("failures");
  const auto filters = arguments.values("filter");
  std::vector<std::size_t> items;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const bool chosen = std::ranges::all_of(
        filters, [&](const std::string& filter) { return satisfies(cases, i, filter); });
    if (chosen && (!flips || any_flip(cases, i)) && (!failures || any_failure(cases, i))) {
      items.push_back(i);
    }
  }
  if (failures) {
    return report::write_failures(cases, items, options);
  }
  return report::write_case_list(
      fmt::format(
          "{}{} of {} cases", flips ? "Passed by one side only: " : "", items.size(), cases.size()),
      cases,
      items,
      options);
}

Result<std::string> as_json(const report::CaseView& item,
                            std::span<const report::CaseColumn> columns) {
  nlohmann::ordered_json document{{"schema", "faceoff.case/1"},
                                  {"case", item.id},
                                  {"records", nlohmann::ordered_json::array()}};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (const store::Record& record : item.answers[i]) {
      // Its own line, which is what `faceoff schema records` describes.
      document["records"].push_back(
          nlohmann::ordered_json::parse(store::to_line(record), nullptr, false));
    }
  }
  return document.dump(2, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<std::string> show(const Arguments& arguments, const Context& context) {
  doc::Diagnostics diagnostics;
  FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, diagnostics));
  if (!diagnostics.empty()) {
    print_diagnostics(diagnostics, context);
    return fail(ErrorKind::usage, "the configuration has mistakes");
  }
  const auto results = results_folder(arguments, config);
  FACEOFF_TRY_ASSIGN(const auto folder, store::find_run(results, arguments.positionals().front()));
  FACEOFF_TRY_ASSIGN(const auto run, store::open_run(folder));
  std::vector<report::CaseColumn> columns;
  for (const auto& backend : run.manifest.backends) {
    columns.push_back({.label = backend.name, .backend = backend.name, .folder = folder});
  }
  FACEOFF_TRY_ASSIGN(const auto cases, CaseViews::open(std::move(columns)));
  report::RenderOptions options;
  options.width = context.out.width;
  options.colour = context.out.colour;
  options.unicode = context.out.unicode;
  if (arguments.positionals().size() == 1) {
    if (arguments.has("json")) {
      return fail(ErrorKind::usage, "--json: name a case; faceoff report RUN --json has the run");
    }
    return list(arguments, cases, options);
  }
  if (arguments.has("flips") || arguments.has("failures")) {
    return fail(ErrorKind::usage, "--flips and --failures list cases; leave CASE out");
  }
  FACEOFF_TRY_ASSIGN(const auto item, find_case(cases, arguments.positionals()[1]));
  FACEOFF_TRY_ASSIGN(const auto view, cases.at(item));
  return arguments.has("json") ? as_json(view, cases.columns())
                               : report::write_case(view, cases.columns(), options);
}

Exit execute(const Arguments& arguments, Context& context) {
  const auto text = show(arguments, context);
  if (!text) {
    return report_error(text.error(), context);
  }
  const auto printed = print_out(*text);
  return printed ? Exit::ok : report_error(printed.error(), context);
}

}  // namespace

extern const Command show_command;
const Command show_command{
    .name = "show",
    .summary = "one case: prompt, answers side by side, why each score; or a list of cases",
    .positional = {.name = "RUN [CASE]",
                   .help =
                       "a run folder, an id or its beginning, latest, latest~1; and a case's id",
                   .min = 1,
                   .max = 2},
    .flags = kFlags,
    .examples =
        "faceoff show latest add-1\n"
        "faceoff show latest --flips\n"
        "faceoff show latest --failures\n"
        "faceoff show 7f3a --filter tag:math",
    .run = execute};

}  // namespace faceoff::cli
