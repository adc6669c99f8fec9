#include "session.h"

#include "fleet.h"
#include "progress.h"
#include "results.h"
#include "resume.h"
#include "run_observer.h"
#include "signals.h"
#include "version.h"

#include <faceoff/base/log.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/net/curl_transport.h>
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
    return writer_.append(record, clock_.now());
  }

 private:
  store::RunWriter& writer_;
  const Clock& clock_;
};

std::string shown_name(const std::string& backend, bool simulated) {
  return simulated ? backend + " (simulated)" : backend;
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
          const fs::path& results,
          const RunOptions& options,
          Context& context)
      : checked_(checked), results_(results), options_(options), context_(context) {}

  Result<Exit> go(const std::vector<backend::Spec>& specs);

 private:
  Status open_folder(const std::vector<backend::Spec>& specs);
  store::Manifest make_manifest() const;
  void announce(const Fleet& fleet) const;
  Result<run::Tally> run_trials(const Fleet& fleet,
                                net::Transport& transport,
                                run::StopSignal& stop,
                                const SignalGuard& signals);
  Result<Exit> conclude(const run::Tally& tally, const std::optional<int>& signal);
  void withdraw(const Fleet& fleet);
  [[nodiscard]] std::string too_many_errors(const run::Tally& tally) const;

  const CheckedSuite& checked_;
  const fs::path& results_;
  const RunOptions& options_;
  Context& context_;
  std::unique_ptr<store::RunWriter> writer_;
  store::Manifest manifest_;
  bool resumed_ = false;
};

store::Manifest Session::make_manifest() const {
  const suite::Suite& suite = *checked_.suite;
  store::Manifest manifest;
  std::random_device entropy;
  manifest.id = store::make_run_id(suite.name(), context_.clock.utc_now(), entropy());
  manifest.suite = suite.name();
  manifest.suite_path = suite.path().string();
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
  return manifest;
}

Status Session::open_folder(const std::vector<backend::Spec>& specs) {
  manifest_ = make_manifest();
  if (!options_.resume) {
    const fs::path folder = options_.output.value_or(results_ / manifest_.id);
    FACEOFF_TRY_ASSIGN(writer_, store::RunWriter::create(folder, manifest_));
    return {};
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
  return {};
}

void Session::announce(const Fleet& fleet) const {
  if (options_.quiet) {
    return;
  }
  std::string out = fmt::format("{}: {} cases on {} backend{}; {}\n",
                                display_text(checked_.suite->name()),
                                checked_.selected,
                                fleet.members().size(),
                                fleet.members().size() == 1 ? "" : "s",
                                writer_->folder().string());
  for (const auto& entry : manifest_.backends) {
    out += fmt::format("  {}  {}  ({}; {} in flight{}{})\n",
                       display_text(shown_name(entry.name, entry.simulated)),
                       display_text(entry.base_url),
                       entry.local ? "this machine" : "leaves this machine",
                       entry.concurrency,
                       entry.identity.server.empty() ? "" : "; ",
                       display_text(entry.identity.server));
  }
  if (resumed_) {
    out += fmt::format("  resuming: {} answers are kept\n", writer_->done().size());
  }
  print_err(out);
}

Result<run::Tally> Session::run_trials(const Fleet& fleet,
                                       net::Transport& transport,
                                       run::StopSignal& stop,
                                       const SignalGuard& signals) {
  run::Plan plan;
  plan.suite = checked_.suite.get();
  plan.suite_name = checked_.suite->name();
  plan.lanes = fleet.lanes(options_);
  plan.selects = make_filter(options_.filters);
  plan.limit = options_.limit;
  plan.repeat = options_.repeat;
  plan.seed = options_.seed;
  const auto& done = writer_->done();
  if (resumed_) {
    plan.is_done = [&done](const store::TrialKey& key) { return done.contains(key); };
  }
  std::vector<ProgressLane> lanes;
  for (const auto& entry : manifest_.backends) {
    const auto reused = std::ranges::count(done, entry.name, &store::TrialKey::backend);
    lanes.push_back({.name = shown_name(entry.name, entry.simulated),
                     .planned = entry.trials,
                     .reused = static_cast<std::uint64_t>(reused)});
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
  auto tally = run::run(plan, transport, context_.clock, sink, observer, stop);
  progress.close();
  return tally;
}

std::string Session::too_many_errors(const run::Tally& tally) const {
  for (std::size_t i = 0; i < tally.lanes.size(); ++i) {
    const auto& lane = tally.lanes[i];
    if (lane.stopped) {
      return fmt::format("{}: {}", manifest_.backends[i].name, *lane.stopped);
    }
    const double rate = lane.finished == 0
                            ? 0.0
                            : static_cast<double>(lane.failed) / static_cast<double>(lane.finished);
    if (rate > options_.max_error_rate) {
      return fmt::format(
          "{}: {} of {} requests failed, more than --max-error-rate {:.3g}% allows; "
          "the failures stand in {}",
          manifest_.backends[i].name,
          lane.failed,
          lane.finished,
          options_.max_error_rate * 100,
          (writer_->folder() / "report.md").string());
    }
  }
  return {};
}

Result<Exit> Session::conclude(const run::Tally& tally, const std::optional<int>& signal) {
  const bool interrupted =
      tally.ending == run::Ending::drained || tally.ending == run::Ending::cancelled;
  manifest_.finished_utc = format_utc(context_.clock.utc_now());
  manifest_.state = interrupted                            ? store::RunState::interrupted
                    : tally.ending == run::Ending::stopped ? store::RunState::stopped
                                                           : store::RunState::complete;
  manifest_.loop_lag_ms = to_ms(tally.max_loop_lag);
  for (std::size_t i = 0; i < tally.lanes.size(); ++i) {
    manifest_.backends[i].concurrency_history = tally.lanes[i].concurrency_history;
    if (tally.lanes[i].suspended > 0) {
      manifest_.notes.push_back(
          fmt::format("{}: {} trials were in flight while this process or the machine slept; they "
                      "have no latency figure",
                      manifest_.backends[i].name,
                      tally.lanes[i].suspended));
    }
    if (tally.lanes[i].withheld > 0) {
      manifest_.notes.push_back(
          fmt::format("{}: {} local-only trials were not sent to this remote backend",
                      manifest_.backends[i].name,
                      tally.lanes[i].withheld));
    }
    if (tally.lanes[i].stopped) {
      manifest_.notes.push_back(
          fmt::format("{}: stopped: {}", manifest_.backends[i].name, *tally.lanes[i].stopped));
    }
  }
  FACEOFF_TRY(writer_->sync());
  FACEOFF_TRY(writer_->update(manifest_));
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
  }
  report.exit = report::Exit{.code = static_cast<int>(exit), .reason = reason};
  const std::string go_on = resume_hint(context_.command_line, writer_->folder());
  const std::string show = fmt::format("faceoff report {} --format md", writer_->folder().string());
  report.next_commands = {interrupted || exit == Exit::backend ? go_on : show};
  FACEOFF_TRY(keep_reports(report, writer_->folder()));
  FACEOFF_TRY(write_formats(report, options_.formats, context_));
  if (interrupted) {
    print_err(fmt::format("interrupted: the answers so far are kept in {}; go on with\n  {}\n",
                          writer_->folder().string(),
                          go_on));
  } else if (!complaint.empty()) {
    static_cast<void>(report_error({ErrorKind::transport, complaint}, context_));
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
  for (const auto* name : {"run.json", "records.jsonl", "run.lock"}) {
    fs::remove(folder / name, ignored);
  }
  fs::remove(folder, ignored);
}

Result<Exit> Session::go(const std::vector<backend::Spec>& specs) {
  FACEOFF_TRY_ASSIGN(Fleet fleet, Fleet::plan(specs, options_, context_));
  FACEOFF_TRY(open_folder(specs));
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
  manifest_.backends = fleet.entries(options_);
  manifest_.trials = 0;
  for (auto& entry : manifest_.backends) {
    entry.trials = checked_.selected_trials - (entry.local ? 0 : checked_.selected_local);
    manifest_.trials += entry.trials;
  }
  manifest_.state = store::RunState::running;
  FACEOFF_TRY(writer_->update(manifest_));
  announce(fleet);
  const TimePoint began = context_.clock.now();
  const Duration cpu_before = cpu_time();
  FACEOFF_TRY_ASSIGN(const auto tally, run_trials(fleet, *transport, stop, signals));
  const double wall = to_seconds(context_.clock.now() - began);
  manifest_.client_busy = wall > 0 ? to_seconds(cpu_time() - cpu_before) / wall : 0.0;
  FACEOFF_TRY_ASSIGN(const Exit exit, conclude(tally, signals.caught()));
  if (!options_.output) {
    store::point_latest(results_, writer_->folder());
  }
  return exit;
}

}  // namespace

Exit run_suite(const CheckedSuite& checked,
               const std::vector<backend::Spec>& specs,
               const fs::path& results,
               const RunOptions& options,
               Context& context) {
  if (checked.selected == 0) {
    print_err(
        fmt::format("{}: no case is selected; nothing was sent\n", checked.suite->path().string()));
    return Exit::nothing_to_do;
  }
  Session session(checked, results, options, context);
  const auto exit = session.go(specs);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace faceoff::cli
