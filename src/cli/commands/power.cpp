#include "config.h"
#include "results.h"
#include "session.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/compare/gate_check.h>
#include <faceoff/compare/plan.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kFlags{
    Flag{.name = "n", .letter = 'n', .value = "N", .help = "cases of the suite"},
    Flag{.name = "detect", .value = "PP", .help = "the difference to be seen, e.g. 3pp"},
    Flag{.name = "disagreement",
         .value = "P%",
         .help = "share of cases on which the models differ (default: 10% to 40%)"},
    Flag{.name = "agreement", .value = "P%", .help = "100% minus that"},
    Flag{.name = "accuracy",
         .value = "P%",
         .help = "of both models; the disagreement follows from it"},
    Flag{.name = "repeats", .value = "K", .help = "answers to each case (default: 1)"},
    Flag{.name = "clusters", .value = "N", .help = "groups that the cases come from"},
    Flag{.name = "icc", .value = "X", .help = "correlation within a group, 0 to 1 (default: 0.1)"},
    Flag{.name = "margin",
         .value = "PP",
         .help = "also: how often an unchanged model passes a not-worse gate"},
    Flag{.name = "power", .value = "P%", .help = "how often it shall be seen (default: 80%)"},
    Flag{.name = "alpha", .value = "P", .help = "chance of a false alarm (default: 0.05)"},
    Flag{.name = "json", .help = "as one JSON document"},
};

struct Question {
  std::vector<compare::Design> designs;  // one a disagreement, rising
  std::string source;                    // what the disagreement rests on
  std::optional<std::uint64_t> cases;
  std::optional<double> difference;
  std::optional<double> margin;
};

Result<std::optional<double>> number_with(const Arguments& arguments,
                                          std::string_view flag,
                                          std::string_view unit,
                                          std::string_view example,
                                          double low,
                                          double high) {
  const auto text = arguments.value(flag);
  if (!text) {
    return std::nullopt;
  }
  const auto number =
      parse_double(text->ends_with(unit) ? text->substr(0, text->size() - unit.size()) : "");
  const double scale = unit.empty() ? 1.0 : 100.0;
  if (!number || *number / scale <= low || *number / scale >= high) {
    return fail(ErrorKind::usage,
                fmt::format("--{}: '{}' must be above {:g}{} and below {:g}{}, e.g. {}",
                            flag,
                            *text,
                            low * scale,
                            unit,
                            high * scale,
                            unit,
                            example));
  }
  return *number / scale;
}

Status read_disagreement(const Arguments& arguments, Question& question) {
  FACEOFF_TRY_ASSIGN(const auto differ,
                     number_with(arguments, "disagreement", "%", "20%", 0.0, 1.0));
  FACEOFF_TRY_ASSIGN(const auto agree, number_with(arguments, "agreement", "%", "80%", 0.0, 1.0));
  FACEOFF_TRY_ASSIGN(const auto accuracy, number_with(arguments, "accuracy", "%", "80%", 0.0, 1.0));
  if ((differ ? 1 : 0) + (agree ? 1 : 0) + (accuracy ? 1 : 0) > 1) {
    return fail(ErrorKind::usage, "give one of --disagreement, --agreement and --accuracy");
  }
  std::vector<double> shares{0.1, 0.2, 0.3, 0.4};
  question.source = "no run is known yet, so a range is shown";
  if (differ || agree) {
    shares = {differ ? *differ : 1.0 - *agree};
    question.source = "as given";
  } else if (accuracy) {
    shares = {compare::expected_disagreement(*accuracy, 0.5),
              compare::expected_disagreement(*accuracy, 0.0)};
    question.source = "from the accuracy, if the models share half of their luck or none";
  }
  for (const double share : shares) {
    question.designs.push_back({.disagreement = share});
  }
  return {};
}

// What an earlier run says: of every pair of backends the disagreement, grouping and repeats
// included.
Status read_run(const Arguments& arguments,
                const Config& config,
                const std::string& name,
                Question& question) {
  for (const auto* flag : {"disagreement", "agreement", "accuracy", "repeats", "clusters", "icc"}) {
    if (arguments.has(flag)) {
      return fail(ErrorKind::usage,
                  fmt::format("--{}: comes from the run; leave out one of the two", flag));
    }
  }
  FACEOFF_TRY_ASSIGN(const auto folder, store::find_run(results_folder(arguments, config), name));
  FACEOFF_TRY_ASSIGN(const auto run, load_run(folder));
  const auto pairs = compare::compare_all(run.columns);
  if (pairs.empty()) {
    return fail(ErrorKind::usage,
                fmt::format("{}: has one backend, so it shows no disagreement; use --accuracy",
                            folder.string()));
  }
  std::vector<double> shares;
  for (const auto& pair : pairs) {
    const compare::Comparison& score = pair.score;
    const auto n = static_cast<double>(score.n_pairs);
    if (score.counts) {
      shares.push_back(static_cast<double>(score.counts->n10 + score.counts->n01) / n);
    } else if (score.estimate.se) {
      shares.push_back(*score.estimate.se * *score.estimate.se * n);
    }
  }
  std::erase_if(shares, [](double share) { return !(share > 0.0); });
  if (shares.empty()) {
    return fail(
        ErrorKind::usage,
        fmt::format("{}: no two answers differ in score; use --disagreement", folder.string()));
  }
  std::ranges::sort(shares);
  question.source = fmt::format("as in run {}", display_text(run.manifest.id));
  for (const double share : shares) {
    question.designs.push_back({.disagreement = std::min(share, 1.0)});
  }
  if (!question.cases) {
    question.cases = pairs.front().score.n_pairs;
  }
  return {};
}

Result<Question> read_question(const Arguments& arguments, const Context& context) {
  Question question;
  FACEOFF_TRY_ASSIGN(const auto n, arguments.integer("n", 1));
  if (n) {
    question.cases = static_cast<std::uint64_t>(*n);
  }
  FACEOFF_TRY_ASSIGN(question.difference, number_with(arguments, "detect", "pp", "3pp", 0.0, 1.0));
  FACEOFF_TRY_ASSIGN(question.margin, number_with(arguments, "margin", "pp", "3pp", 0.0, 1.0));
  if (const auto& words = arguments.positionals(); !words.empty()) {
    doc::Diagnostics diagnostics;
    FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context, diagnostics));
    FACEOFF_TRY(read_run(arguments, config, words.front(), question));
  } else {
    FACEOFF_TRY(read_disagreement(arguments, question));
  }
  FACEOFF_TRY_ASSIGN(const auto repeats, arguments.integer("repeats", 1));
  FACEOFF_TRY_ASSIGN(const auto clusters, arguments.integer("clusters", 2));
  FACEOFF_TRY_ASSIGN(const auto icc, number_with(arguments, "icc", "", "0.1", -1e-9, 1.0));
  FACEOFF_TRY_ASSIGN(const auto power, number_with(arguments, "power", "%", "80%", 0.4999, 1.0));
  FACEOFF_TRY_ASSIGN(const auto alpha, number_with(arguments, "alpha", "", "0.05", 0.0, 1.0));
  if (icc && !clusters) {
    return fail(ErrorKind::usage, "--icc: is about groups; give their number with --clusters");
  }
  for (compare::Design& design : question.designs) {
    design.repeats = static_cast<std::uint32_t>(repeats.value_or(1));
    design.clusters = static_cast<std::uint64_t>(clusters.value_or(0));
    design.icc = clusters ? icc.value_or(0.1) : 0.0;
    design.power = power.value_or(design.power);
    design.alpha = alpha.value_or(design.alpha);
  }
  return question;
}

std::string points(double share) {
  return fmt::format("{:.3g}", std::round(share * 1000.0) / 10.0);
}

// "18 to 26", "19", or nothing.
std::string range_of(const std::vector<std::string>& values) {
  if (values.empty()) {
    return {};
  }
  return values.front() == values.back() ? values.front()
                                         : fmt::format("{} to {}", values.front(), values.back());
}

std::string needed_text(double difference, const Question& question) {
  std::vector<std::string> values;
  for (const compare::Design& design : question.designs) {
    if (const auto cases = compare::cases_needed(difference, design)) {
      values.push_back(std::to_string(*cases));
    }
  }
  const std::string range = range_of(values);
  return range.empty() ? std::string("no number of cases") : fmt::format("about {} cases", range);
}

std::string sentence_of(const Question& question) {
  const compare::Design& design = question.designs.front();
  const std::string often = fmt::format("{:g} of 100 runs", design.power * 100.0);
  std::string text;
  if (question.cases) {
    std::vector<std::string> values;
    for (const compare::Design& each : question.designs) {
      if (const auto difference = compare::detectable_with(*question.cases, each)) {
        values.push_back(points(*difference));
      }
    }
    const std::string range = range_of(values);
    const std::string how = fmt::format(
        "With {} cases, asked {} each,",
        *question.cases,
        design.repeats == 1 ? std::string("once") : fmt::format("{} times", design.repeats));
    text += range.empty() ? fmt::format("{} no difference shows in {}. ", how, often)
                          : fmt::format("{} differences of {} pp or more show in {}{}. ",
                                        how,
                                        range,
                                        often,
                                        values.size() > 1 ? ", the larger the more the models "
                                                            "disagree"
                                                          : "");
  }
  if (question.cases && question.difference) {
    std::vector<std::string> values;
    for (const compare::Design& each : question.designs) {
      values.push_back(fmt::format(
          "{:.0f}", compare::chance_to_show(*question.cases, *question.difference, each) * 100.0));
    }
    text += fmt::format("A difference of {} pp shows in {} of 100. ",
                        points(*question.difference),
                        range_of(values));
  }
  std::vector<double> wanted{0.10, 0.05};
  if (question.difference) {
    wanted = {*question.difference};
  }
  for (const double difference : wanted) {
    text += fmt::format(
        "For {} pp it takes {}. ", points(difference), needed_text(difference, question));
  }
  if (question.margin && question.cases) {
    std::vector<std::string> values;
    for (const compare::Design& each : question.designs) {
      values.push_back(fmt::format(
          "{:.0f}",
          compare::unchanged_passes(*question.cases, each.disagreement, *question.margin) * 100.0));
    }
    text += fmt::format("An unchanged model passes 'not-worse {}pp' in {} of 100. ",
                        points(*question.margin),
                        range_of(values));
  }
  text.pop_back();
  return text;
}

std::vector<std::uint64_t> sizes_of(const Question& question) {
  std::vector<std::uint64_t> sizes{20, 40, 100, 200, 300, 500, 1000, 2000, 5000};
  if (question.cases && std::ranges::find(sizes, *question.cases) == sizes.end()) {
    sizes.push_back(*question.cases);
    std::ranges::sort(sizes);
  }
  return sizes;
}

std::string table_of(const Question& question) {
  std::string out = fmt::format("{:>8}", "cases");
  for (const compare::Design& design : question.designs) {
    out += fmt::format("{:>14}", fmt::format("{:.3g}% differ", design.disagreement * 100.0));
  }
  out += "\n";
  for (const std::uint64_t cases : sizes_of(question)) {
    out += fmt::format("{:>8}", cases);
    for (const compare::Design& design : question.designs) {
      const auto difference = compare::detectable_with(cases, design);
      out += fmt::format("{:>14}", difference ? points(*difference) + " pp" : "-");
    }
    out += cases == question.cases ? "  <\n" : "\n";
  }
  return out;
}

std::string notes_of(const Question& question) {
  const compare::Design& design = question.designs.front();
  std::string out = fmt::format("Disagreement: {}.", question.source);
  if (design.repeats > 1) {
    out += " Half of it is taken to be chance between answers; repeats lessen only that half.";
  }
  if (design.clusters > 0) {
    out += fmt::format(
        " The cases come from {} groups, correlation {:g} within.", design.clusters, design.icc);
  }
  return out;
}

Json json_of(const Question& question) {
  Json rows = Json::array();
  for (const std::uint64_t cases : sizes_of(question)) {
    for (const compare::Design& design : question.designs) {
      const auto difference = compare::detectable_with(cases, design);
      rows.push_back({{"n", cases},
                      {"disagreement", design.disagreement},
                      {"detectable", difference ? Json(*difference) : Json(nullptr)}});
    }
  }
  Json needed = Json::array();
  if (question.difference) {
    for (const compare::Design& design : question.designs) {
      const auto cases = compare::cases_needed(*question.difference, design);
      needed.push_back({{"difference", *question.difference},
                        {"disagreement", design.disagreement},
                        {"n", cases ? Json(*cases) : Json(nullptr)},
                        {"chance_to_show",
                         question.cases ? Json(compare::chance_to_show(
                                              *question.cases, *question.difference, design))
                                        : Json(nullptr)}});
    }
  }
  const compare::Design& design = question.designs.front();
  return {{"schema", "faceoff.power/1"},
          {"alpha", design.alpha},
          {"power", design.power},
          {"repeats", design.repeats},
          {"clusters", design.clusters > 0 ? Json(design.clusters) : Json(nullptr)},
          {"icc", design.clusters > 0 ? Json(design.icc) : Json(nullptr)},
          {"n", question.cases ? Json(*question.cases) : Json(nullptr)},
          {"rows", std::move(rows)},
          {"needed", std::move(needed)},
          {"sentence", sentence_of(question)}};
}

Exit execute(const Arguments& arguments, Context& context) {
  const auto question = read_question(arguments, context);
  if (!question) {
    return report_error(question.error(), context);
  }
  const std::string text =
      arguments.has("json")
          ? json_of(*question).dump(2) + "\n"
          : fmt::format(
                "{}\n\n{}\n{}\n", sentence_of(*question), table_of(*question), notes_of(*question));
  const auto printed = print_out(text);
  return printed ? Exit::ok : report_error(printed.error(), context);
}

}  // namespace

extern const Command power_command;
const Command power_command{
    .name = "power",
    .summary = "how many cases for which difference: before a run, or from an earlier one",
    .positional = {.name = "RUN",
                   .help = "a run that shows how much the models disagree",
                   .min = 0,
                   .max = 1},
    .flags = kFlags,
    .examples =
        "faceoff power --n 40\n"
        "faceoff power --detect 3pp --accuracy 80%\n"
        "faceoff power --n 300 --repeats 3 --clusters 60 --icc 0.2\n"
        "faceoff power latest --detect 5pp",
    .run = execute};

}  // namespace faceoff::cli
