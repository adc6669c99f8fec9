#include "gating.h"

#include "terminal.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

Status add_flag_gates(const Arguments& arguments,
                      std::string_view flag,
                      std::string_view prefix,
                      GateRequest& request) {
  for (const std::string& word : arguments.values(flag)) {
    const std::string text = std::string(prefix) + word;
    auto gate = compare::parse_gate(text);
    if (!gate) {
      return fail(ErrorKind::usage,
                  fmt::format("--{}: {}", flag, compare::show(gate.error(), text)));
    }
    gate->origin = fmt::format("--{}", flag);
    add_gates(request, {*std::move(gate)});
  }
  return {};
}

Status add_failures(const Arguments& arguments, GateRequest& request) {
  for (const std::string& text : arguments.values("fail-on")) {
    auto gate = compare::parse_failure(text);
    if (!gate) {
      return fail(ErrorKind::usage,
                  fmt::format("--fail-on: {}", compare::show(gate.error(), text)));
    }
    gate->origin = "--fail-on";
    add_gates(request, {*std::move(gate)});
  }
  return {};
}

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::string known_baselines(const fs::path& results, std::string_view word) {
  std::vector<std::string> names;
  for (const fs::path& file : store::list_baselines(results)) {
    names.push_back(file.stem().string());
  }
  if (names.empty()) {
    return "none is set; make one with faceoff baseline set NAME RUN";
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = closest(word, views);
  return near ? fmt::format("did you mean '{}'?", *near)
              : fmt::format("there are {}", join(names, ", "));
}

std::string label_list(const std::vector<std::string>& labels) {
  constexpr std::size_t kMost = 3;
  std::vector<std::string> shown(
      labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(std::min(kMost, labels.size())));
  std::string text = join(shown, "; ");
  if (labels.size() > kMost) {
    text += fmt::format(" and {} more", labels.size() - kMost);
  }
  return text;
}

}  // namespace

Result<GateRequest> read_gate_request(const Arguments& arguments) {
  GateRequest request;
  request.of_files = !arguments.has("no-gates");
  request.baseline = arguments.value("baseline");
  FACEOFF_TRY(add_flag_gates(arguments, "gate", "", request));
  FACEOFF_TRY(add_failures(arguments, request));
  FACEOFF_TRY(add_flag_gates(arguments, "max-drop", "max-drop ", request));
  FACEOFF_TRY(add_flag_gates(arguments, "max-slowdown", "max-slowdown ", request));
  if (const auto text = arguments.value("alpha")) {
    const auto alpha = parse_double(*text);
    if (!alpha || *alpha <= 0.0 || *alpha >= 0.5) {
      return fail(ErrorKind::usage,
                  fmt::format("--alpha: '{}' must be above 0 and below 0.5, e.g. 0.05", *text));
    }
    request.alpha = *alpha;
  }
  const std::string policy = arguments.value("inconclusive").value_or("pass");
  if (policy != "pass" && policy != "fail") {
    return fail(ErrorKind::usage,
                fmt::format("--inconclusive: '{}' is neither pass nor fail", policy));
  }
  request.inconclusive_fails = policy == "fail";
  return request;
}

void add_gates(GateRequest& request, const std::vector<compare::Gate>& gates) {
  for (const compare::Gate& gate : gates) {
    const std::string text = to_string(gate);
    const auto same = [&](const compare::Gate& other) { return to_string(other) == text; };
    if (std::ranges::none_of(request.gates, same)) {
      request.gates.push_back(gate);
    }
  }
}

store::Gating gating_of(const GateRequest& request) {
  store::Gating gating;
  for (const compare::Gate& gate : request.gates) {
    gating.gates.push_back(to_string(gate));
  }
  gating.alpha = request.alpha;
  gating.inconclusive_fails = request.inconclusive_fails;
  return gating;
}

Result<store::Baseline> find_baseline(const fs::path& results, std::string_view word, UtcTime now) {
  const bool marked = word.starts_with('@');
  const std::string_view name = marked ? word.substr(1) : word;
  if (!marked && is_file(fs::path(word))) {
    return store::read_baseline(fs::path(word));
  }
  if (store::check_baseline_name(name) && is_file(store::baseline_path(results, name))) {
    return store::read_baseline(store::baseline_path(results, name));
  }
  if (marked) {
    return fail(ErrorKind::usage,
                fmt::format("there is no baseline '{}'; {}", name, known_baselines(results, name)));
  }
  const auto run = store::find_run(results, word);
  if (!run) {
    return fail(
        ErrorKind::usage,
        fmt::format(
            "there is no baseline, file or run '{}'; {}", word, known_baselines(results, word)));
  }
  const std::string id = fs::weakly_canonical(*run).filename().string();
  const std::string short_id = id.substr(id.rfind('-') + 1);
  return store::make_baseline(
      *run, store::check_baseline_name(short_id) ? short_id : std::string("run"), now);
}

std::uint64_t case_key(std::string_view id, std::string_view digest) {
  return fnv1a(fmt::format("{}\n{}", id, digest));
}

Status check_request(const GateRequest& request,
                     const compare::GateScope& scope,
                     const Context& context) {
  const compare::GateOptions options{.alpha = request.alpha};
  const compare::GateAdvice advice = compare::check_gates(request.gates, scope, options);
  if (!advice.errors.empty()) {
    return fail(ErrorKind::usage, join(advice.errors, "\n"));
  }
  for (const std::string& warning : advice.warnings) {
    tell(context,
         fmt::format("{}warning:{} {}\n",
                     context.err.colour ? "\x1b[1;33m" : "",
                     context.err.colour ? "\x1b[0m" : "",
                     display_text(warning)));
  }
  return {};
}

std::string scorers_differ(const std::vector<std::string>& reference,
                           const std::vector<std::string>& candidate) {
  const auto name_of = [](const std::string& scorer) {
    return scorer.substr(0, scorer.rfind('/'));
  };
  for (const std::string& before : reference) {
    for (const std::string& after : candidate) {
      if (name_of(before) == name_of(after) && before != after) {
        return fmt::format(
            "the reference was scored by {}, this run by {}; score both with one "
            "version",
            display_text(before),
            display_text(after));
      }
    }
  }
  return {};
}

void judge(report::Report& report, std::span<const compare::GateSubject> subjects) {
  const store::Gating& gating = report.manifest.gating;
  if (gating.gates.empty()) {
    return;
  }
  if (report.manifest.state != store::RunState::complete) {
    report.gates_note = fmt::format("not judged: the run is not complete ({})",
                                    store::to_string(report.manifest.state));
    return;
  }
  std::vector<compare::Gate> gates;
  for (const std::string& text : gating.gates) {
    auto gate = compare::parse_gate(text);
    if (!gate) {
      report.gates_note = "not judged: the run was made with gates that this version cannot read";
      return;
    }
    gates.push_back(*std::move(gate));
  }
  report.gates = compare::evaluate_gates(gates, subjects, {.alpha = gating.alpha});
}

GateExit gate_exit(const report::Report& report) {
  std::vector<std::string> failed;
  std::vector<std::string> open;
  bool must_stop = report.manifest.gating.inconclusive_fails;
  for (const compare::GateResult& gate : report.gates) {
    if (gate.state == compare::GateState::fail) {
      failed.push_back(gate.label);
    } else if (gate.state == compare::GateState::inconclusive) {
      open.push_back(gate.label);
      // That more cases could decide it may be tolerated; that nothing was judged may not.
      must_stop = must_stop || !gate.comparable;
    }
  }
  if (!failed.empty()) {
    return {Exit::gate_failed, fmt::format("gate failed: {}", label_list(failed))};
  }
  if (!open.empty() && must_stop) {
    return {Exit::inconclusive, fmt::format("gate not decided: {}", label_list(open))};
  }
  return {Exit::ok, "finished"};
}

}  // namespace faceoff::cli
