#include "config.h"
#include "history.h"
#include "session.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/report/reporter.h>
#include <faceoff/score/scorer.h>
#include <faceoff/store/baseline.h>
#include <faceoff/store/run_folder.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

using Row = std::pair<std::string, std::string>;

std::string two_columns(const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const auto& [name, text] : rows) {
    width = std::max(width, display_width(name));
  }
  std::string out;
  for (const auto& [name, text] : rows) {
    out += fmt::format("{}  {}\n", pad(name, width), text);
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

Result<std::vector<Row>> scorers(const Config& /*config*/,
                                 const std::filesystem::path& /*results*/) {
  std::vector<Row> rows;
  for (const auto& info : score::all()) {
    rows.emplace_back(info.name, fmt::format("{} (options: {})", info.summary, info.options));
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

Result<std::vector<Row>> runs(const Config& /*config*/, const std::filesystem::path& results) {
  std::map<std::pair<std::string, std::string>, double> scores;
  if (const auto history = History::open(results)) {
    if (const auto points = (*history)->all()) {
      for (const auto& point : *points) {
        if (point.score.value) {
          scores[{point.run, point.backend}] = *point.score.value;
        }
      }
    }
  }
  std::vector<Row> rows;
  for (const auto& folder : store::list_runs(results)) {
    const auto run = store::open_run(folder);
    if (!run) {
      rows.emplace_back(folder.filename().string(), display_text(run.error().message));
      continue;
    }
    std::string names;
    for (const auto& entry : run->manifest.backends) {
      const auto score = scores.find({run->manifest.id, entry.name});
      names += (names.empty() ? "" : ", ") + display_text(entry.name);
      names += score == scores.end() ? "" : fmt::format(" {:.1f}%", score->second * 100);
    }
    rows.emplace_back(folder.filename().string(),
                      fmt::format("{:<11}  {} cases  {}",
                                  store::to_string(run->manifest.state),
                                  run->manifest.cases,
                                  names));
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

struct Kind {
  std::string_view name;
  Result<std::vector<Row>> (*rows)(const Config&, const std::filesystem::path&);
};
constexpr std::array kFlags{Flag{
    .name = "prices", .value = "PATH", .help = "with `prices`: a file of prices over the others"}};

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
  FACEOFF_TRY_ASSIGN(const auto rows, kind->rows(config, results_folder(arguments, config)));
  FACEOFF_TRY(print_out(two_columns(rows)));
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
    .examples = "faceoff list scorers\nfaceoff list prices\nfaceoff list runs",
    .run = execute};

}  // namespace faceoff::cli
