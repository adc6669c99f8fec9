#include "config.h"
#include "history.h"
#include "session.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/base/wrap.h>
#include <faceoff/report/reporter.h>
#include <faceoff/score/pages.h>
#include <faceoff/score/scorer.h>
#include <faceoff/store/baseline.h>
#include <faceoff/store/run_folder.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::pair<std::string, std::string>;

// Names, and beside them or, where there is little room, below them what they are.
std::string two_columns(const std::vector<Row>& rows, std::size_t width) {
  constexpr std::size_t kLeastText = 24;
  std::size_t names = 0;
  for (const auto& [name, text] : rows) {
    names = std::max(names, display_width(name));
  }
  const bool beside = width == 0 || names + 2 + kLeastText <= width;
  std::string out;
  for (const auto& [name, text] : rows) {
    if (beside) {
      out +=
          wrap_text(
              fmt::format("{}  {}", pad(name, names), text), width, name.empty() ? 2 : names + 2) +
          "\n";
    } else {
      out += name.empty() ? "" : name + "\n";
      out += wrap_text("  " + text, width) + "\n";
    }
  }
  return out;
}

Result<std::vector<Row>> adapters(const Config& /*config*/,
                                  const std::filesystem::path& /*results*/) {
  std::vector<Row> rows;
  for (const auto& info : backend::all()) {
    rows.emplace_back(info.id, info.summary);
  }
  return rows;
}

std::string describe(const score::ExamplePage& example) {
  return fmt::format("'{}'{}{} gives {}",
                     display_text(example.answer),
                     example.target.empty() ? "" : fmt::format(" for '{}'", example.target),
                     example.options.empty() ? "" : fmt::format(" with {}", example.options),
                     example.value);
}

Result<std::vector<Row>> scorers(const Config& /*config*/,
                                 const std::filesystem::path& /*results*/) {
  std::vector<Row> rows;
  for (const auto& info : score::all()) {
    rows.emplace_back(info.name, info.summary);
    if (!info.options.empty()) {
      rows.emplace_back("", fmt::format("  options: {}", info.options));
    }
    const score::Page* page = score::page_of(info.name);
    if (page != nullptr && !page->source.empty()) {
      rows.emplace_back("", fmt::format("  source: {}", page->source));
    }
    if (page != nullptr && !page->examples.empty()) {
      rows.emplace_back("", "  example: " + describe(page->examples.front()));
    }
  }
  return rows;
}

Result<std::vector<Row>> formats(const Config& /*config*/,
                                 const std::filesystem::path& /*results*/) {
  std::vector<Row> rows;
  for (const auto& reporter : report::all()) {
    rows.emplace_back(reporter.name, reporter.summary);
  }
  return rows;
}

Result<std::vector<Row>> backends(const Config& config, const std::filesystem::path& /*results*/) {
  std::vector<Row> rows;
  for (const auto& spec : config.backends) {
    const std::string model =
        spec.simulate.empty() ? spec.model : "stand-in endpoint, " + spec.simulate;
    rows.emplace_back(display_text(spec.name),
                      fmt::format("{}  {}{}{}",
                                  spec.adapter,
                                  display_text(model),
                                  spec.base_url ? "  " : "",
                                  display_text(spec.base_url.value_or(""))));
  }
  return rows;
}

// A run with what the index knows of it.
struct RunRow {
  std::string folder;  // its name
  std::optional<store::Manifest> manifest = std::nullopt;
  std::string error = {};  // where it cannot be read
  std::map<std::string, double> scores = {};
};

std::vector<RunRow> run_rows(const std::filesystem::path& results) {
  std::map<std::string, std::map<std::string, double>> scores;
  if (const auto history = History::open(results)) {
    if (const auto points = (*history)->all()) {
      for (const auto& point : *points) {
        if (point.score.value) {
          scores[point.run][point.backend] = *point.score.value;
        }
      }
    }
  }
  std::vector<RunRow> rows;
  for (const auto& folder : store::list_runs(results)) {
    RunRow row{.folder = folder.filename().string()};
    if (auto run = store::open_run(folder)) {
      row.scores = scores[run->manifest.id];
      row.manifest = std::move(run->manifest);
    } else {
      row.error = run.error().message;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// "gpt-4o 84.0%, llama 75.5%"
std::string backends_of(const RunRow& row) {
  std::string names;
  for (const auto& entry : row.manifest->backends) {
    const auto score = row.scores.find(entry.name);
    names += (names.empty() ? "" : ", ") + display_text(entry.name);
    names += score == row.scores.end() ? "" : fmt::format(" {:.1f}%", score->second * 100);
  }
  return names;
}

Result<std::vector<Row>> runs(const Config& /*config*/, const std::filesystem::path& results) {
  std::vector<Row> rows;
  for (const RunRow& row : run_rows(results)) {
    rows.emplace_back(row.folder,
                      row.manifest ? fmt::format("{:<11}  {} cases  {}",
                                                 store::to_string(row.manifest->state),
                                                 row.manifest->cases,
                                                 backends_of(row))
                                   : display_text(row.error));
  }
  return rows;
}

// What the table of runs gives up where there is no room.
struct RunColumns {
  bool suite = true;
  bool cases = true;
  bool started = true;
  bool state = true;
};

// Runs by the short ids that every command takes.
std::vector<Row> short_rows(const std::vector<RunRow>& runs, const RunColumns& shown) {
  std::size_t suites = 0;
  std::size_t cases = 0;
  for (const RunRow& run : runs) {
    if (run.manifest) {
      suites = std::max(suites, display_width(display_text(run.manifest->suite)));
      cases = std::max(cases, std::to_string(run.manifest->cases).size());
    }
  }
  std::vector<Row> rows;
  for (const RunRow& run : runs) {
    if (!run.manifest) {
      rows.emplace_back(display_text(run.folder), display_text(run.error));
      continue;
    }
    const store::Manifest& manifest = *run.manifest;
    const std::string& utc = manifest.started_utc;
    std::string text;
    text += shown.suite ? pad(display_text(manifest.suite), suites) + "  " : "";
    text += shown.started && utc.size() >= 16
                ? display_text(utc.substr(0, 10) + " " + utc.substr(11, 5)) + "  "
                : "";
    text += shown.state ? fmt::format("{:<11}  ", store::to_string(manifest.state)) : "";
    text += shown.cases ? fmt::format("{:>{}} cases  ", manifest.cases, cases) : "";
    rows.emplace_back(display_text(store::short_id(manifest)), text + backends_of(run));
  }
  return rows;
}

std::string runs_table(const std::vector<RunRow>& runs, std::size_t width) {
  RunColumns shown;
  std::vector<Row> rows = short_rows(runs, shown);
  for (bool* part : {&shown.suite, &shown.cases, &shown.started, &shown.state}) {
    const bool fits = std::ranges::all_of(rows, [width](const Row& row) {
      return display_width(row.first) + 2 + display_width(row.second) <= width;
    });
    if (fits) {
      break;
    }
    *part = false;
    rows = short_rows(runs, shown);
  }
  return two_columns(rows, width);
}

Json runs_json(const std::filesystem::path& results) {
  Json rows = Json::array();
  for (const RunRow& row : run_rows(results)) {
    Json item{{"run", row.folder}, {"folder", (results / row.folder).string()}};
    if (!row.manifest) {
      item["error"] = row.error;
      rows.push_back(std::move(item));
      continue;
    }
    item["suite"] = row.manifest->suite;
    item["suite_digest"] = row.manifest->suite_digest;
    item["started"] = row.manifest->started_utc;
    item["state"] = store::to_string(row.manifest->state);
    item["cases"] = row.manifest->cases;
    item["backends"] = Json::array();
    for (const auto& entry : row.manifest->backends) {
      const auto score = row.scores.find(entry.name);
      item["backends"].push_back(
          {{"name", entry.name},
           {"model", entry.model},
           {"simulated", entry.simulated},
           {"score", score == row.scores.end() ? Json(nullptr) : Json(score->second)}});
    }
    rows.push_back(std::move(item));
  }
  return rows;
}

Result<std::vector<Row>> baselines(const Config& /*config*/, const std::filesystem::path& results) {
  std::vector<Row> rows;
  for (const auto& file : store::list_baselines(results)) {
    const auto baseline = store::read_baseline(file);
    rows.emplace_back(file.stem().string(),
                      baseline ? fmt::format("of run {}", display_text(baseline->manifest.id))
                               : display_text(baseline.error().message));
  }
  return rows;
}

Result<std::vector<Row>> suites(const Config& /*config*/,
                                const std::filesystem::path& /*results*/) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it("prompts", error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    const bool is_script = name.ends_with(".simulate.yaml");
    if (!is_script &&
        (name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json"))) {
      files.push_back(it->path());
    }
  }
  std::ranges::sort(files);
  std::vector<Row> rows;
  for (const auto& file : files) {
    doc::Diagnostics diagnostics;
    const auto checked = check_suite(file, RunOptions{}, diagnostics);
    if (!checked || checked->suite == nullptr || !diagnostics.empty()) {
      rows.emplace_back(file.string(), "has mistakes; see faceoff check " + file.string());
    } else {
      rows.emplace_back(file.string(),
                        fmt::format("{:>5} cases  {}",
                                    checked->census.cases,
                                    display_text(checked->suite->description())));
    }
  }
  return rows;
}

std::string_view origin_of(const backend::PriceEntry& entry) {
  switch (entry.origin) {
    case backend::Origin::project:
      return "faceoff.yaml";
    case backend::Origin::user:
      return "your configuration";
    case backend::Origin::flag:
      return "--prices";
    default:
      return "built in";
  }
}

// Dollars per million tokens, with every decimal that is there and at least two.
std::string per_million(Money token) {
  constexpr std::int64_t kTokensOfAPrice = 1'000'000;
  std::string text = decimal_dollars({token.picodollars * kTokensOfAPrice});
  const auto dot = text.find('.');
  const std::size_t decimals = dot == std::string::npos ? 0 : text.size() - dot - 1;
  text += dot == std::string::npos ? "." : "";
  text.append(decimals < 2 ? 2 - decimals : 0, '0');
  return "$" + text;
}

Result<std::vector<Row>> prices(const Config& config, const std::filesystem::path& /*results*/) {
  std::vector<Row> rows{{"MODEL", "in, cached and out: dollars per million tokens"}};
  for (const auto& entry : config.prices.entries()) {
    const auto& price = entry.price;
    std::string text = fmt::format("{} in, {}{} out",
                                   per_million(price.input),
                                   price.cached ? per_million(*price.cached) + " cached, " : "",
                                   per_million(price.output));
    text += price.as_of.empty() ? "" : "; as of " + display_text(price.as_of);
    text += fmt::format("; {}", origin_of(entry));
    text += price.source.empty() ? "" : ", from " + display_text(price.source);
    text += entry.note.empty() ? "" : "; " + display_text(entry.note);
    const std::string provider = entry.provider.empty() ? "" : entry.provider + ": ";
    rows.emplace_back(display_text(provider + entry.model), std::move(text));
  }
  return rows;
}

// Lines that go on under a name belong to it.
Json rows_json(const std::vector<Row>& rows) {
  Json out = Json::array();
  for (const auto& [name, text] : rows) {
    if (name.empty() && !out.empty()) {
      out.back()["details"].push_back(trim(text));
    } else {
      out.push_back({{"name", name}, {"summary", text}});
    }
  }
  return out;
}

struct Kind {
  std::string_view name;
  Result<std::vector<Row>> (*rows)(const Config&, const std::filesystem::path&);
};
constexpr std::array kFlags{Flag{.name = "prices",
                                 .value = "PATH",
                                 .help = "with `prices`: a file of prices over the others"},
                            Flag{.name = "json", .help = "one JSON document"}};

constexpr std::array kKinds{Kind{"suites", suites},
                            Kind{"backends", backends},
                            Kind{"adapters", adapters},
                            Kind{"scorers", scorers},
                            Kind{"formats", formats},
                            Kind{"prices", prices},
                            Kind{"runs", runs},
                            Kind{"baselines", baselines}};

Result<Exit> print_list(const Arguments& arguments, const Context& context) {
  const std::string& word = arguments.positionals().front();
  const auto* kind = std::ranges::find(kKinds, word, &Kind::name);
  if (kind == kKinds.end()) {
    std::vector<std::string_view> names;
    for (const auto& each : kKinds) {
      names.push_back(each.name);
    }
    const auto near = closest(word, names);
    return fail(ErrorKind::usage,
                fmt::format("cannot list '{}'; {}",
                            word,
                            near ? fmt::format("did you mean '{}'?", *near)
                                 : "choose suites, backends, adapters, scorers, formats, prices, "
                                   "runs or baselines"));
  }
  doc::Diagnostics diagnostics;
  FACEOFF_TRY_ASSIGN(Config config, load_config(arguments, context, diagnostics));
  FACEOFF_TRY_ASSIGN(config.prices, load_prices(arguments, config, diagnostics));
  if (!diagnostics.empty()) {
    print_diagnostics(diagnostics, context);
    return Exit::usage;
  }
  const auto results = results_folder(arguments, config);
  const bool of_runs = kind->rows == runs;
  const std::size_t width = context.out.tty ? context.out.width : 0;
  if (arguments.has("json")) {
    Json rows;
    if (of_runs) {
      rows = runs_json(results);
    } else {
      FACEOFF_TRY_ASSIGN(const auto all, kind->rows(config, results));
      rows = rows_json(all);
    }
    const Json document{{"schema", "faceoff.list/1"}, {"kind", word}, {"rows", std::move(rows)}};
    FACEOFF_TRY(print_out(document.dump(2, ' ', true, Json::error_handler_t::replace) + "\n"));
    return Exit::ok;
  }
  if (of_runs && width > 0) {
    FACEOFF_TRY(print_out(runs_table(run_rows(results), width)));
    return Exit::ok;
  }
  FACEOFF_TRY_ASSIGN(const auto rows, kind->rows(config, results));
  FACEOFF_TRY(print_out(two_columns(rows, width)));
  return Exit::ok;
}

Exit execute(const Arguments& arguments, Context& context) {
  const auto exit = print_list(arguments, context);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace

extern const Command list_command;
const Command list_command{
    .name = "list",
    .summary = "list suites, backends, adapters, scorers, formats, prices, runs or baselines",
    .positional = {.name = "KIND",
                   .help =
                       "suites, backends, adapters, scorers, formats, prices, runs or baselines",
                   .min = 1,
                   .max = 1},
    .flags = kFlags,
    .examples = "faceoff list scorers\nfaceoff list prices\nfaceoff list runs --json",
    .run = execute};

}  // namespace faceoff::cli
