#include "session.h"

#include "cache_use.h"
#include "dry_run.h"
#include "fleet.h"
#include "keys.h"
#include "process_setup.h"
#include "progress.h"
#include "replays.h"
#include "results.h"
#include "resume.h"
#include "run_observer.h"
#include "sequential_stop.h"
#include "signals.h"
#include "version.h"

#include <faceoff/base/log.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/net/curl_transport.h>
#include <faceoff/net/proxy.h>
#include <faceoff/run/runner.h>
#include <faceoff/store/run_folder.h>

#include <algorithm>
#include <csignal>
#include <random>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <sys/resource.h>
#include <sys/utsname.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

// Appends to the run folder with the clock's time.
class FolderSink final : public run::Sink {
 public:
  FolderSink(store::RunWriter& writer, const Clock& clock) : writer_(writer), clock_(clock) {}
  Status append(const store::Record& record) override {
    FACEOFF_TRY(writer_.append(record, clock_.now()));
    ++appended_;
    return {};
  }
  [[nodiscard]] std::uint64_t appended() const noexcept { return appended_; }

 private:
  store::RunWriter& writer_;
  const Clock& clock_;
  std::uint64_t appended_ = 0;
};

std::string shown_name(const std::string& backend, bool simulated) {
  return simulated ? backend + " (simulated)" : backend;
}

std::uint64_t recorded(const run::Tally& tally) {
  std::uint64_t count = 0;
  for (const auto& lane : tally.lanes) {
    count += lane.finished - lane.failed + lane.reused;
  }
  return count;
}

std::string host_os() {
  utsname name{};
  if (::uname(&name) != 0) {
    return {};
  }
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

Duration cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& t) {
    return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

// One suite on its way through preparation, run and report.
class Session {
 public:
  Session(const CheckedSuite& checked,
          const Job& job,
          const Variant& variant,
          Budget& budget,
          Context& context)
      : checked_(checked),
        replays_(job.replays),
        results_(job.results),
        options_(job.options),
        variant_(variant),
        budget_(budget),
        context_(context) {}

  Result<Exit> go(const std::vector<backend::Spec>& specs);

 private:
  Status open_folder(const std::vector<backend::Spec>& specs);
  Status keep_baseline() const;
  store::Manifest make_manifest() const;
  void describe_backends(const Fleet& fleet);
  void fit_descriptors(Fleet& fleet);
  void announce(const Fleet& fleet) const;
  [[nodiscard]] run::Limits budget_left() const;
  Status write_down(const run::Tally& tally, bool interrupted);
  [[nodiscard]] Error kept(Error error) const;
  [[nodiscard]] std::string go_on() const;
  Result<run::Tally> run_trials(const Fleet& fleet,
                                net::Transport& transport,
                                run::StopSignal& stop,
                                const SignalGuard& signals);
  Result<Exit> conclude(const run::Tally& tally, const std::optional<int>& signal);
  void withdraw(const Fleet& fleet);
  [[nodiscard]] std::string too_many_errors(const run::Tally& tally) const;

  const CheckedSuite& checked_;
  const Replays& replays_;
  const fs::path& results_;
  const RunOptions& options_;
  const Variant& variant_;
  Budget& budget_;
  Context& context_;
  std::unique_ptr<store::AnswerCache> cache_;
  std::unique_ptr<store::RunWriter> writer_;
  store::Manifest manifest_;
  std::vector<store::BackendEntry> lanes_;  // of this invocation; the manifest may have more
  bool resumed_ = false;
  bool was_complete_ = false;  // before it was opened again
  std::uint64_t appended_ = 0;
};

store::Manifest Session::make_manifest() const {
  const suite::Suite& suite = *checked_.suite;
  store::Manifest manifest;
  std::random_device entropy;
  manifest.id = store::make_run_id(suite.name(), context_.clock.utc_now(), entropy());
  manifest.suite = suite.name();
  manifest.suite_path = suite.path().string();
  std::error_code unknown;
  manifest.directory = fs::current_path(unknown).string();
  manifest.suite_digest = suite.digest();
  manifest.description = suite.description();
  manifest.cases = checked_.selected;
  manifest.command = context_.command_line;
  manifest.version = std::string(version_text());
  manifest.curl_version = net::curl_version_text();
  manifest.host_os = host_os();
  manifest.started_utc = format_utc(context_.clock.utc_now());
  manifest.seed = options_.seed;
  manifest.scorers = checked_.scorers;
  manifest.gating = gating_of(checked_.gating);
  manifest.gating.baseline = checked_.baseline ? checked_.baseline->name : "";
  if (options_.stop_when_sure) {
    manifest.stop_rule = kEvidenceRule;
  }
  manifest.notes = variant_.notes;
  if (variant_.rescored) {
    // The command of then says how the answers came to be.
    manifest.command = variant_.rescored->command;
    manifest.rescored_from = variant_.rescored->id;
  }
  return manifest;
}

Status Session::open_folder(const std::vector<backend::Spec>& specs) {
  manifest_ = make_manifest();
  if (!options_.resume) {
    if (!options_.output && !options_.quiet && !variant_.rescored) {
      print_err(resume_offer(context_.command_line, results_, manifest_.suite, specs));
    }
    const fs::path folder = options_.output.value_or(results_ / manifest_.id);
    FACEOFF_TRY_ASSIGN(writer_, store::RunWriter::create(folder, manifest_));
    return keep_baseline();
  }
  fs::path folder;
  if (options_.output) {
    folder = *options_.output;
  } else {
    FACEOFF_TRY_ASSIGN(folder, find_unfinished(results_, manifest_.suite, specs));
  }
  FACEOFF_TRY_ASSIGN(writer_, store::RunWriter::resume(folder));
  resumed_ = true;
  const store::Manifest& before = writer_->manifest();
  FACEOFF_TRY(check_same_run({.folder = folder, .manifest = before}, manifest_.suite, specs));
  manifest_.id = before.id;
  manifest_.started_utc = before.started_utc;
  if (options_.stop_when_sure && before.stop_rule.empty()) {
    return fail(ErrorKind::usage,
                "--stop-when-sure: the run was begun without it, in the order of the file; resume "
                "it without the flag");
  }
  manifest_.stop_rule = before.stop_rule;
  manifest_.backends = before.backends;
  was_complete_ = before.state == store::RunState::complete;
  if (variant_.sends_again) {
    manifest_.command = before.command;
    manifest_.cases = before.cases;
  }
  return keep_baseline();
}

// The run stays judgeable when the baseline has moved on.
Status Session::keep_baseline() const {
  if (checked_.baseline == nullptr) {
    return {};
  }
  return store::write_baseline(*checked_.baseline, writer_->folder() / store::kBaselineCopy);
}

// What the fleet is made of, in place of backends of the same names that a resumed run had.
void Session::describe_backends(const Fleet& fleet) {
  lanes_ = fleet.entries(options_);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    store::BackendEntry& entry = lanes_[i];
    const bool local = fleet.members()[i].backend->is_local();
    entry.trials = checked_.selected_trials - (local ? 0 : checked_.selected_local);
    if (variant_.rescored) {
      const auto& recorded = variant_.rescored->backends;
      const auto old = std::ranges::find(recorded, entry.name, &store::BackendEntry::name);
      entry.adapter = old->adapter;
      entry.replayed_from = old->replayed_from;
      entry.concurrency = old->concurrency;
    }
    const auto known =
        std::ranges::find(manifest_.backends, entry.name, &store::BackendEntry::name);
    if (known == manifest_.backends.end()) {
      manifest_.backends.push_back(entry);
    } else {
      *known = entry;
    }
  }
  manifest_.trials = 0;
  for (const auto& entry : manifest_.backends) {
    manifest_.trials += entry.trials;
  }
}

// A request that finds no free descriptor would count against its backend.
void Session::fit_descriptors(Fleet& fleet) {
  const std::int64_t connections = descriptors_for_connections();
  const auto limit = fleet.limit_connections(connections, options_);
  if (!limit) {
    return;
  }
  manifest_.notes.push_back(
      fmt::format("at most {} requests in flight per backend, fewer than asked for: this process "
                  "may not open more files (ulimit -n)",
                  *limit));
  if (!options_.quiet) {
    print_err(manifest_.notes.back() + "\n");
  }
}

// The command that goes on with this run.
std::string Session::go_on() const {
  if (variant_.sends_again || variant_.rescored) {
    std::string words = "faceoff";
    for (std::size_t i = 1; i < context_.command_line.size(); ++i) {
      words += " " + shell_word(context_.command_line[i]);
    }
    return words;
  }
  return resume_hint(context_.command_line, writer_->folder());
}

// An error behind which the run stands whole on the disk.
Error Session::kept(Error error) const {
  std::uint64_t answers = appended_;
  for (const auto& lane : lanes_) {
    answers += writer_->kept(lane.name).answered;
  }
  error.message += fmt::format(
      "; nothing more was sent, {} {} kept in {}; when the cause is gone, "
      "go on with\n  {}",
      answers,
      answers == 1 ? "answer is" : "answers are",
      writer_->folder().string(),
      go_on());
  return error;
}

void Session::announce(const Fleet& fleet) const {
  if (options_.quiet) {
    return;
  }
  std::string out = fmt::format("{}: {} cases on {} backend{}; {}\n",
                                display_text(checked_.suite->name()),
                                checked_.selected,
                                lanes_.size(),
                                lanes_.size() == 1 ? "" : "s",
                                display_text(writer_->folder().string()));
  for (const auto& entry : lanes_) {
    if (replays_.contains(entry.name)) {
      out += fmt::format(
          "  {}  {} ({}{}; nothing is sent)\n",
          display_text(shown_name(entry.name, entry.simulated)),
          variant_.rescored ? "scored anew" : "replayed from " + display_text(entry.replayed_from),
          entry.model.empty() ? "" : "model ",
          entry.model.empty() ? "a file" : display_text(entry.model));
      continue;
    }
    const auto proxy = net::proxy_for(entry.base_url, context_.environment);
    out += fmt::format("  {}  {}  ({}{}; {} in flight{}{})\n",
                       display_text(shown_name(entry.name, entry.simulated)),
                       display_text(entry.base_url),
                       entry.local ? "this machine" : "leaves this machine",
                       proxy ? " through the proxy " + display_text(*proxy) : std::string(),
                       entry.concurrency,
                       entry.identity.server.empty() ? "" : "; ",
                       display_text(entry.identity.server));
  }
  out += announce_costs(fleet, checked_, options_);
  if (resumed_) {
    store::Kept all;
    for (const auto& entry : lanes_) {
      all.answered += writer_->kept(entry.name).answered;
    }
    out += fmt::format("  resuming: {} answers are kept\n", all.answered);
  }
  for (const auto& note : variant_.notes) {
    out += fmt::format("  note: {}\n", display_text(note));
  }
  print_err(out);
}

// What the suites before this one have left.
run::Limits Session::budget_left() const {
  run::Limits left = budget_.limits;
  if (left.time) {
    *left.time = std::max(Duration{0}, *left.time - (context_.clock.now() - budget_.began));
  }
  if (left.cost) {
    left.cost->picodollars =
        std::max<std::int64_t>(0, left.cost->picodollars - budget_.spent.picodollars);
  }
  return left;
}

Result<run::Tally> Session::run_trials(const Fleet& fleet,
                                       net::Transport& transport,
                                       run::StopSignal& stop,
                                       const SignalGuard& signals) {
  run::Plan plan;
  plan.suite = checked_.suite.get();
  plan.suite_name = checked_.suite->name();
  plan.lanes = fleet.lanes(options_);
  for (auto& lane : plan.lanes) {
    lane.keeps_timing = variant_.rescored.has_value();
    if (lane.answers == nullptr) {
      lane.cache_read = options_.cache.read ? cache_.get() : nullptr;
      lane.cache_write = options_.cache.write ? cache_.get() : nullptr;
    }
  }
  plan.selects = make_filter(options_.filters);
  if (!variant_.left_out.empty()) {
    plan.selects = [this, also = plan.selects](const suite::Case& item) {
      return !variant_.left_out.contains(item.id) && (!also || also(item));
    };
  }
  plan.limit = options_.limit;
  plan.repeat = options_.repeat;
  plan.seed = options_.seed;
  plan.limits = budget_left();
  if (variant_.sends_again) {
    plan.is_done = [this](const store::TrialKey& key) {
      return !variant_.sends_again(*writer_, key);
    };
  } else if (resumed_) {
    plan.is_done = [this](const store::TrialKey& key) { return writer_->is_done(key); };
  }
  std::vector<ProgressLane> lanes;
  for (const auto& entry : lanes_) {
    lanes.push_back({.name = shown_name(entry.name, entry.simulated),
                     .planned = entry.trials,
                     .reused = variant_.sends_again && !variant_.only_failed
                                   ? 0
                                   : writer_->kept(entry.name).answered});
  }
  auto mode =
      context_.err.tty && context_.environment("TERM") != "dumb" && !context_.environment("CI")
          ? Progress::Mode::redraw
          : Progress::Mode::plain;
  if (options_.quiet || options_.progress == "none") {
    mode = Progress::Mode::none;
  } else if (options_.progress != "auto") {
    mode = options_.progress == "bar" ? Progress::Mode::redraw : Progress::Mode::plain;
  }
  Progress progress(mode, context_.err, std::move(lanes), context_.clock);
  RunObserver observer(
      progress, signals, stop, options_.quiet ? RunObserver::Talk::no : RunObserver::Talk::yes);
  FolderSink sink(*writer_, context_.clock);
  std::vector<std::string> names;
  for (const auto& entry : manifest_.backends) {
    names.push_back(entry.name);
  }
  SequentialStop watched(sink, std::move(names), stop);
  std::unique_ptr<suite::Suite> shuffled;
  if (options_.stop_when_sure) {
    FACEOFF_TRY_ASSIGN(shuffled,
                       in_random_order(*checked_.suite, plan.selects, plan.limit, options_.seed));
    plan.suite = shuffled.get();
    FACEOFF_TRY(watched.read_earlier(writer_->folder()));
  }
  run::Sink& target = options_.stop_when_sure ? static_cast<run::Sink&>(watched) : sink;
  auto tally = run::run(plan, transport, context_.clock, target, observer, stop);
  progress.close();
  appended_ = sink.appended();
  if (tally && watched.stopped() && !signals.caught()) {
    tally->ending = run::Ending::complete;
    note_early_stop(*tally, manifest_);
  }
  return tally;
}

std::string Session::too_many_errors(const run::Tally& tally) const {
  for (std::size_t i = 0; i < tally.lanes.size(); ++i) {
    const auto& lane = tally.lanes[i];
    if (lane.stopped) {
      return fmt::format("{}: {}", lanes_[i].name, *lane.stopped);
    }
    // Failed trials of an earlier invocation were sent again, so the run has these and no others.
    const std::uint64_t trials = lane.finished + lane.reused;
    const double rate =
        trials == 0 ? 0.0 : static_cast<double>(lane.failed) / static_cast<double>(trials);
    if (rate > options_.max_error_rate) {
      return fmt::format(
          "{}: {} of {} requests failed, more than --max-error-rate {:.3g}% allows; "
          "the failures stand in {}",
          lanes_[i].name,
          lane.failed,
          trials,
          options_.max_error_rate * 100,
          (writer_->folder() / "report.md").string());
    }
  }
  return {};
}

Status Session::write_down(const run::Tally& tally, bool interrupted) {
  manifest_.finished_utc = format_utc(context_.clock.utc_now());
  const bool over_budget = tally.ending == run::Ending::budget;
  manifest_.state = interrupted                            ? store::RunState::interrupted
                    : over_budget                          ? store::RunState::budget
                    : tally.ending == run::Ending::stopped ? store::RunState::stopped
                                                           : store::RunState::complete;
  // Only some trials were asked for: the others are as recorded or missing as before.
  if (variant_.sends_again && !was_complete_ && manifest_.state == store::RunState::complete) {
    manifest_.state = store::RunState::stopped;
  }
  manifest_.loop_lag_ms = to_ms(tally.max_loop_lag);
  for (std::size_t i = 0; i < tally.lanes.size(); ++i) {
    std::ranges::find(manifest_.backends, lanes_[i].name, &store::BackendEntry::name)
        ->concurrency_history = tally.lanes[i].concurrency_history;
    if (tally.lanes[i].suspended > 0) {
      manifest_.notes.push_back(
          fmt::format("{}: {} trials were in flight while this process or the machine slept; they "
                      "have no latency figure",
                      lanes_[i].name,
                      tally.lanes[i].suspended));
    }
    if (tally.lanes[i].withheld > 0) {
      manifest_.notes.push_back(
          fmt::format("{}: {} local-only trials were not sent to this remote backend",
                      lanes_[i].name,
                      tally.lanes[i].withheld));
    }
    if (tally.lanes[i].stopped) {
      manifest_.notes.push_back(
          fmt::format("{}: stopped: {}", lanes_[i].name, *tally.lanes[i].stopped));
    }
  }
  if (over_budget) {
    manifest_.notes.push_back("ended early: " + tally.budget);
  }
  for (const auto& lane : tally.lanes) {
    budget_.spent += lane.cost;
  }
  FACEOFF_TRY(writer_->close());
  return writer_->update(manifest_);
}

Result<Exit> Session::conclude(const run::Tally& tally, const std::optional<int>& signal) {
  const bool interrupted =
      tally.ending == run::Ending::drained || tally.ending == run::Ending::cancelled;
  if (auto status = write_down(tally, interrupted); !status) {
    return tl::make_unexpected(kept(std::move(status).error()));
  }
  FACEOFF_TRY_ASSIGN(auto report, report_on_run(writer_->folder()));
  Exit exit = Exit::ok;
  std::string reason = "finished";
  std::string complaint;
  if (interrupted) {
    exit = signal == SIGINT ? Exit::interrupted : Exit::terminated;
    reason = "interrupted";
  } else if (complaint = too_many_errors(tally); !complaint.empty()) {
    exit = Exit::backend;
    reason = complaint;
  } else if (tally.ending == run::Ending::budget) {
    exit = Exit::budget;
    reason = tally.budget;
  } else if (const GateExit gates = gate_exit(report); gates.exit != Exit::ok) {
    exit = gates.exit;
    reason = gates.reason;
  }
  report.exit = report::Exit{.code = static_cast<int>(exit), .reason = reason};
  const std::string show =
      fmt::format("faceoff report {} --format md", shell_word(writer_->folder().string()));
  report.next_commands = {exit == Exit::ok ? show : go_on()};
  Status shown = keep_reports(report, writer_->folder());
  if (shown) {
    shown = write_formats(report, options_.formats, context_);
  }
  if (!shown) {
    Error error = std::move(shown).error();
    error.message += fmt::format("; every answer is kept, print the report with\n  {}", show);
    return tl::make_unexpected(std::move(error));
  }
  if (interrupted) {
    print_err(fmt::format("interrupted: the answers so far are kept in {}; go on with\n  {}\n",
                          display_text(writer_->folder().string()),
                          display_text(go_on())));
  } else if (exit == Exit::budget) {
    print_err(fmt::format("{}; {} of {} answers are kept in {}; go on with\n  {}\n",
                          tally.budget,
                          recorded(tally),
                          manifest_.trials,
                          display_text(writer_->folder().string()),
                          display_text(go_on())));
  } else if (!complaint.empty()) {
    static_cast<void>(report_error({ErrorKind::transport, complaint}, context_));
  } else if (exit != Exit::ok) {
    print_err(reason + "\n");
  }
  return exit;
}

// Nothing was asked: an empty folder helps nobody, a server's log does.
void Session::withdraw(const Fleet& fleet) {
  if (resumed_) {
    return;
  }
  const fs::path folder = writer_->folder();
  manifest_.state = store::RunState::stopped;
  manifest_.finished_utc = format_utc(context_.clock.utc_now());
  if (fleet.has_managed()) {
    static_cast<void>(writer_->update(manifest_));
    return;
  }
  writer_.reset();
  std::error_code ignored;
  for (const auto* name : {"run.json", "records.jsonl", "run.lock", "baseline.json"}) {
    fs::remove(folder / name, ignored);
  }
  fs::remove(folder, ignored);
}

Result<Exit> Session::go(const std::vector<backend::Spec>& specs) {
  if (options_.stop_when_sure && specs.size() < 2) {
    return fail(ErrorKind::usage, "--stop-when-sure: needs two backends to compare");
  }
  FACEOFF_TRY_ASSIGN(Fleet fleet, Fleet::plan(specs, options_, context_, replays_));
  FACEOFF_TRY(fleet.check_prices(options_));
  warn_of_key_log(context_);
  FACEOFF_TRY_ASSIGN(cache_, open_cache(options_.cache, context_));
  FACEOFF_TRY(open_folder(specs));
  if (variant_.only_failed && std::ranges::all_of(specs, [this](const backend::Spec& spec) {
        return writer_->kept(spec.name).failed == 0;
      })) {
    print_err(fmt::format("{}: no trial failed; nothing was sent\n",
                          display_text(writer_->folder().string())));
    return Exit::nothing_to_do;
  }
  FACEOFF_TRY_ASSIGN(const auto transport, net::make_curl_transport(context_.clock, {}));
  run::StopSignal stop;
  const SignalGuard signals(stop, *transport);
  Status ready = fleet.start(writer_->folder(), context_);
  if (ready) {
    ready = fleet.identify(options_, *transport, context_.clock, stop);
  }
  if (!ready) {
    withdraw(fleet);
    if (signals.caught()) {
      return signals.caught() == SIGINT ? Exit::interrupted : Exit::terminated;
    }
    return tl::make_unexpected(std::move(ready).error());
  }
  fit_descriptors(fleet);
  describe_backends(fleet);
  manifest_.state = store::RunState::running;
  FACEOFF_TRY(writer_->update(manifest_));
  announce(fleet);
  const TimePoint began = context_.clock.now();
  const Duration cpu_before = cpu_time();
  auto tally = run_trials(fleet, *transport, stop, signals);
  if (!tally) {
    // The disk may take this much yet; if not, the manifest says `running`, as after a kill.
    manifest_.state = store::RunState::stopped;
    manifest_.finished_utc = format_utc(context_.clock.utc_now());
    static_cast<void>(writer_->close());
    static_cast<void>(writer_->update(manifest_));
    return tl::make_unexpected(kept(std::move(tally).error()));
  }
  const double wall = to_seconds(context_.clock.now() - began);
  manifest_.client_busy = wall > 0 ? to_seconds(cpu_time() - cpu_before) / wall : 0.0;
  FACEOFF_TRY_ASSIGN(const Exit exit, conclude(*tally, signals.caught()));
  if (!options_.output) {
    store::point_latest(results_, writer_->folder());
  }
  return exit;
}

}  // namespace

Exit run_suite(const CheckedSuite& checked,
               const Job& job,
               const Variant& variant,
               Budget& budget,
               Context& context) {
  if (checked.selected == 0) {
    print_err(
        fmt::format("{}: no case is selected; nothing was sent\n", checked.suite->path().string()));
    return Exit::nothing_to_do;
  }
  Session session(checked, job, variant, budget, context);
  const auto exit = session.go(job.specs);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace faceoff::cli
