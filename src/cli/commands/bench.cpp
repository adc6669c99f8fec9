#include "bench_options.h"
#include "bench_report.h"
#include "config.h"
#include "fleet.h"
#include "keys.h"
#include "process_setup.h"
#include "scratch_folder.h"
#include "session.h"
#include "signals.h"

#include <faceoff/base/cpu.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/net/curl_transport.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>

namespace faceoff::cli {
namespace {

constexpr std::uint64_t kMostPrompts = 1024;

// Everything that one invocation sends, measures and says.
class Bench {
 public:
  Bench(const BenchOptions& options, Context& context) : options_(options), context_(context) {}

  Result<Exit> go(const Arguments& arguments) {
    doc::Diagnostics diagnostics;
    FACEOFF_TRY_ASSIGN(const Config config, load_config(arguments, context_, diagnostics));
    if (options_.suite) {
      FACEOFF_TRY_ASSIGN(auto checked, check_suite(*options_.suite, options_.run, diagnostics));
      suite_.emplace(std::move(checked));
    }
    if (!diagnostics.empty()) {
      print_diagnostics(diagnostics, context_);
      return Exit::usage;
    }
    FACEOFF_TRY_ASSIGN(auto specs, choose_specs(arguments, config));
    FACEOFF_TRY_ASSIGN(fleet_, Fleet::plan(std::move(specs), options_.run, context_));
    if (options_.dry_run) {
      return say_what_would_be_sent();
    }
    FACEOFF_TRY_ASSIGN(const auto folder, ScratchFolder::create());
    FACEOFF_TRY(open_records());
    return measure(folder->path());
  }

 private:
  Result<std::vector<backend::Spec>> choose_specs(const Arguments& arguments,
                                                  const Config& config) const {
    FACEOFF_TRY_ASSIGN(auto specs, choose_backends(arguments, config));
    const auto commands = options_.dry_run ? KeyCommands::leave_out : KeyCommands::run;
    FACEOFF_TRY(load_keys(arguments, context_, commands, specs));
    for (auto& spec : specs) {
      if (spec.adapter == "replay") {
        return fail(ErrorKind::usage,
                    fmt::format("backend '{}': a replay has no speed of its own; bench needs a "
                                "server",
                                spec.name));
      }
      if (options_.cache == load::PromptCache::cold) {
        spec.prompt_cache = false;
      } else if (options_.cache == load::PromptCache::warm) {
        spec.prompt_cache = true;
      }
    }
    return specs;
  }

  // The prompts of point number `point` of a sweep. Each point has made-up prompts of its own: a
  // server may have kept those of the one before.
  Result<load::PromptSource> prompts_of(std::size_t point) {
    load::PromptSource source;
    source.cache = options_.cache;
    source.seed = options_.stage.seed + point;
    if (suite_) {
      FACEOFF_TRY(read_suite(source));
    } else {
      const load::Stage stage = stage_at(options_, options_.loads[point]);
      const auto count = std::min(kMostPrompts, stage.requests + stage.warmup);
      source.requests = load::synthetic_prompts(count, options_.prompt_tokens, source.seed);
      outcome_.prompts = fmt::format("made-up prompts of about {} tokens", options_.prompt_tokens);
    }
    for (auto& request : source.requests) {
      if (options_.max_tokens) {
        request.params.max_tokens = options_.max_tokens;
      }
    }
    return source;
  }

  Status read_suite(load::PromptSource& source) {
    const bool all_local = std::ranges::all_of(fleet_.members(), [](const Member& member) {
      return member.backend == nullptr || member.backend->is_local();
    });
    const auto selects = make_filter(options_.run.filters);
    doc::Diagnostics diagnostics;
    const auto cases = suite_->suite->open();
    std::uint64_t withheld = 0;
    while (options_.run.limit == 0 || source.requests.size() < options_.run.limit) {
      FACEOFF_TRY_ASSIGN(auto item, cases->next(diagnostics));
      if (!item) {
        break;
      }
      if (selects && !selects(*item)) {
        continue;
      }
      if (item->local_only && !all_local) {
        ++withheld;
        continue;
      }
      source.requests.push_back({.messages = item->messages, .params = item->params});
    }
    if (source.requests.empty()) {
      return fail(ErrorKind::usage,
                  fmt::format("{}: no case is left to send", options_.suite->string()));
    }
    if (withheld > 0 && outcome_.notes.empty()) {
      outcome_.notes.push_back(fmt::format(
          "{} local-only cases were left out: a backend is not on this machine", withheld));
    }
    outcome_.prompts = fmt::format(
        "{} prompts of {}", source.requests.size(), display_text(suite_->suite->name()));
    return {};
  }

  Result<Exit> say_what_would_be_sent() {
    FACEOFF_TRY(prompts_of(0));
    std::string out = fmt::format("bench would send {}\n", outcome_.prompts);
    for (const Member& member : fleet_.members()) {
      const bool here = member.backend == nullptr || member.backend->is_local();
      out += fmt::format("  to {}{}\n",
                         display_text(member.spec.name),
                         here ? " (this machine)"
                              : fmt::format(" at {} (leaves this machine)",
                                            display_text(member.backend->base_url())));
      for (const double load : options_.loads) {
        const load::Stage stage = stage_at(options_, load);
        const bool timed = stage.duration.has_value();
        out += fmt::format("    {}: {} for warm-up and {}\n",
                           load_text(stage.mode, load),
                           stage.warmup,
                           timed ? "for " + format_duration(*stage.duration)
                                 : fmt::format("{} measured", stage.requests));
      }
    }
    FACEOFF_TRY(print_out(out));
    return Exit::ok;
  }

  Status open_records() {
    if (!options_.records) {
      return {};
    }
    records_ =
        UniqueFd(::open(options_.records->c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!records_.valid()) {
      return fail(ErrorKind::io,
                  fmt::format("{}: {}", options_.records->string(), errno_text(errno)));
    }
    return {};
  }

  Result<Exit> measure(const std::filesystem::path& folder) {
    const std::int64_t descriptors = descriptors_for_connections();
    const double most = std::ranges::max(options_.loads);
    if (options_.stage.mode == load::Mode::closed && most > static_cast<double>(descriptors)) {
      return fail(ErrorKind::usage,
                  fmt::format("--concurrency: this process may not open more than {} connections "
                              "(ulimit -n)",
                              descriptors));
    }
    net::CurlOptions curl;
    curl.max_connections = static_cast<std::size_t>(std::max<std::int64_t>(1024, descriptors));
    FACEOFF_TRY_ASSIGN(transport_, net::make_curl_transport(context_.clock, curl));
    const SignalGuard signals(stop_, *transport_);
    FACEOFF_TRY(fleet_.start(folder, context_));
    FACEOFF_TRY(fleet_.identify(options_.run, *transport_, context_.clock, stop_));
    outcome_.stamps = transport_->stamp_source();
    outcome_.started_utc = format_utc(context_.clock.utc_now());
    for (const Member& member : fleet_.members()) {
      outcome_.backends.push_back(member.spec.name);
      note_slots(member, most);
    }
    for (std::size_t i = 0; i < options_.loads.size() && !stop_.drain.load(); ++i) {
      FACEOFF_TRY(measure_point(i, descriptors));
    }
    FACEOFF_TRY(report());
    return exit_code(signals);
  }

  void note_slots(const Member& member, double most) {
    const auto slots = member.identity.slots;
    if (options_.stage.mode == load::Mode::closed && slots && most > static_cast<double>(*slots)) {
      outcome_.notes.push_back(
          fmt::format("{}: has {} slots; requests beyond that wait inside the server",
                      display_text(member.spec.name),
                      *slots));
    }
  }

  Status measure_point(std::size_t point, std::int64_t descriptors) {
    load::Stage stage = stage_at(options_, options_.loads[point]);
    stage.max_in_flight = std::min<std::int64_t>(stage.max_in_flight, descriptors);
    stage.seed += point;
    FACEOFF_TRY_ASSIGN(const load::PromptSource prompts, prompts_of(point));
    std::vector<load::Target> targets;
    for (const run::Lane& lane : fleet_.lanes(options_.run)) {
      targets.push_back({.backend = lane.backend,
                         .params = lane.params,
                         .deadlines = lane.deadlines,
                         .reach = lane.reach});
    }
    std::vector<std::optional<BenchPoint>> points(targets.size());
    if (stage.mode == load::Mode::serial) {
      FACEOFF_TRY(run_targets(stage, point, targets, 0, prompts, points));
    } else {
      // One backend at a time: two on one machine would share it. Which is first alternates.
      for (std::size_t n = 0; n < targets.size() && !stop_.drain.load(); ++n) {
        const std::size_t at = point % 2 == 0 ? n : targets.size() - 1 - n;
        FACEOFF_TRY(run_targets(stage, point, {targets[at]}, at, prompts, points));
      }
    }
    for (auto& measured : points) {
      if (measured) {
        outcome_.points.push_back(*std::move(measured));
      }
    }
    return {};
  }

  Status run_targets(const load::Stage& stage,
                     std::size_t point,
                     const std::vector<load::Target>& targets,
                     std::size_t first,
                     const load::PromptSource& prompts,
                     std::vector<std::optional<BenchPoint>>& points) {
    const double load = options_.loads[point];
    const Duration cpu = thread_cpu_time();
    const TimePoint began = context_.clock.now();
    FACEOFF_TRY_ASSIGN(
        load::StageResult result,
        load::run_stage(stage, targets, prompts, *transport_, context_.clock, stop_));
    result.signs.wall = context_.clock.now() - began;
    result.signs.loop_busy =
        to_seconds(thread_cpu_time() - cpu) / std::max(1e-9, to_seconds(result.signs.wall));
    for (std::size_t i = 0; i < targets.size(); ++i) {
      points[first + i] = point_of(stage, load, result, i, fleet_.members()[first + i]);
      FACEOFF_TRY(write_records(result, i, *points[first + i]));
      announce(*points[first + i], result);
    }
    return {};
  }

  BenchPoint point_of(const load::Stage& stage,
                      double load,
                      const load::StageResult& result,
                      std::size_t target,
                      const Member& member) const {
    BenchPoint point;
    point.backend = member.spec.name;
    point.adapter = member.backend->adapter();
    point.model = member.backend->model();
    point.load = load;
    point.summary = load::summarise(stage, result, target, options_.slos);
    load::ClientSigns signs = result.signs;
    if (stage.mode == load::Mode::open) {
      const auto delay = point.summary.figures.of(chat::Metric::schedule_delay).describe().p99;
      point.schedule_delay_p99_ms = delay;
      signs.schedule_delay_p99 = delay ? std::optional(from_ms(*delay)) : std::nullopt;
      signs.inter_arrival = std::chrono::round<Duration>(std::chrono::duration<double>(1.0 / load));
    }
    point.client = load::judge_client(signs);
    point.loop_busy = signs.loop_busy;
    return point;
  }

  Status write_records(const load::StageResult& result,
                       std::size_t target,
                       const BenchPoint& point) {
    if (!records_.valid()) {
      return {};
    }
    std::string lines;
    for (const load::Sample& sample : result.samples) {
      if (sample.target == target) {
        lines += sample_json(point.backend, point.load, result.began, sample);
      }
    }
    return write_all(records_.get(), redactor().redact_known(lines), options_.records->string());
  }

  void announce(const BenchPoint& point, const load::StageResult& result) const {
    if (!options_.quiet) {
      print_err(fmt::format("{}, {}: {} requests in {}\n",
                            display_text(point.backend),
                            load_text(options_.stage.mode, point.load),
                            point.summary.issued,
                            format_duration(result.ended - result.began)));
    }
  }

  Status report() {
    outcome_.stopped = stop_.drain.load();
    const std::string text = options_.json ? bench_json(outcome_, options_)
                                           : bench_text(outcome_, options_, context_.out);
    return print_out(redactor().redact_known(text));
  }

  [[nodiscard]] Exit exit_code(const SignalGuard& signals) const {
    if (const auto caught = signals.caught()) {
      return *caught == SIGINT ? Exit::interrupted : Exit::terminated;
    }
    const bool silent = std::ranges::any_of(outcome_.points, [](const BenchPoint& point) {
      return point.summary.issued > 0 && point.summary.count(load::AnswerStatus::ok) == 0;
    });
    return silent ? Exit::backend : Exit::ok;
  }

  const BenchOptions& options_;
  Context& context_;
  std::optional<CheckedSuite> suite_;
  std::unique_ptr<net::Transport> transport_;
  run::StopSignal stop_;
  Fleet fleet_;
  UniqueFd records_;
  BenchOutcome outcome_;
};

Exit execute(const Arguments& arguments, Context& context) {
  const auto options = read_bench_options(arguments);
  if (!options) {
    return report_error(options.error(), context);
  }
  const auto exit = Bench(*options, context).go(arguments);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace

extern const Command bench_command;
const Command bench_command{
    .name = "bench",
    .summary = "measure how fast backends answer, and the load at which they no longer do",
    .positional = {.name = "SUITE",
                   .help = "a suite whose prompts are sent (default: made-up ones)",
                   .min = 0,
                   .max = 1},
    .flags = bench_flags(),
    .examples =
        "faceoff bench -b a=simulate:prompts/quickstart.gpt-4o.simulate.yaml\n"
        "faceoff bench -b llama --concurrency 1,2,4,8 --slo 'ttft<500ms' --slo 'tpot<40ms'\n"
        "faceoff bench prompts/quickstart.yaml -b gpt-4o -b llama --rate 1,2,4/s --duration 30s",
    .run = execute};

}  // namespace faceoff::cli
