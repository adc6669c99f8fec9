#include "session.h"

#include "keys.h"
#include "outside.h"
#include "process_setup.h"
#include "progress.h"
#include "resume.h"
#include "run_observer.h"
#include "sequential_stop.h"
#include "session_impl.h"
#include "terminal.h"

#include <faceoff/base/cpu.h>
#include <faceoff/base/text.h>
#include <faceoff/load/self_check.h>
#include <faceoff/net/curl_transport.h>
#include <faceoff/store/baseline.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

// Appends to the run folder with the clock's time.
class FolderSink final : public run::Sink {
 public:
  FolderSink(store::RunWriter& writer, const Clock& clock) : writer_(writer), clock_(clock) {}
  Status append(const store::Record& record, std::string_view line) override {
    if (line.empty()) {
      writer_.add(store::to_line(record, store::short_id(writer_.manifest())));
    } else {
      writer_.add(line);
    }
    ++appended_;
    return {};
  }
  Status flush() override { return writer_.flush(clock_.now()); }
  [[nodiscard]] std::uint64_t appended() const noexcept { return appended_; }

 private:
  store::RunWriter& writer_;
  const Clock& clock_;
  std::uint64_t appended_ = 0;
};

// Of the tally, the thread that ran the loop and the time it took.
store::SelfCheck self_check(const run::Tally& tally, Duration loop_cpu, Duration wall) {
  load::ClientSigns signs;
  signs.loop_lags = tally.loop_lags;
  signs.gaps = tally.gaps;
  signs.token_events = tally.token_events;
  signs.coalesced = tally.coalesced;
  signs.kernel_stamps = tally.kernel_stamps;
  signs.wall = wall;
  signs.loop_busy = wall > Duration{0} ? to_seconds(loop_cpu) / to_seconds(wall) : 0.0;
  const load::ClientVerdict verdict = load::judge_client(signs);
  return {.loop_lag_p99_ms = to_ms(verdict.loop_lag_p99),
          .loop_busy = signs.loop_busy,
          .coalesced_share = verdict.coalesced_share,
          .kernel_share = verdict.kernel_share,
          .gap_p50_ms = to_ms(verdict.gap_p50),
          .client_bound = verdict.bound,
          .why = verdict.why};
}

// Where a filter names a tag that the suite does not have.
std::string tag_hint(const std::vector<std::string>& filters, const suite::Census& census) {
  std::vector<std::string_view> tags;
  for (const auto& [tag, count] : census.tags) {
    tags.push_back(tag);
  }
  for (const std::string& filter : filters) {
    if (!filter.starts_with("tag:")) {
      continue;
    }
    const std::string_view tag = std::string_view(filter).substr(4);
    const auto near = closest(tag, tags);
    if (std::ranges::find(tags, tag) == tags.end()) {
      return fmt::format("; no case has the tag '{}'{}",
                         display_text(tag),
                         near ? fmt::format(", did you mean '{}'?", display_text(*near)) : "");
    }
  }
  return {};
}

}  // namespace

Status Session::open_folder(const std::vector<backend::Spec>& specs) {
  manifest_ = make_manifest();
  if (!options_.resume) {
    if (!options_.output && !options_.quiet && !variant_.rescored) {
      tell(context_, resume_offer(context_.command_line, results_, manifest_.suite, specs));
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
  FACEOFF_TRY(check_same_judges({.folder = folder, .manifest = before}, judges_));
  manifest_.id = before.id;
  manifest_.started_utc = before.started_utc;
  if (options_.stop_when_sure && before.stop_rule.empty()) {
    return fail(ErrorKind::usage,
                "--stop-when-sure: the run was begun without it, in the order of the file; resume "
                "it without the flag");
  }
  manifest_.stop_rule = before.stop_rule;
  manifest_.backends = before.backends;
  manifest_.judges = before.judges;
  was_complete_ = before.state == store::RunState::complete;
  if (variant_.sends_again) {
    manifest_.command = before.command;
    manifest_.cases = before.cases;
    manifest_.gating = before.gating;
  }
  if (variant_.sends_again || !before.gating.baseline.empty()) {
    // Judged by what it was begun with, and by the copy that it has.
    manifest_.gating = before.gating;
    return {};
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

// A request that finds no free descriptor would count against its backend.
void Session::fit_descriptors(Fleet& fleet) {
  const std::int64_t connections = descriptors_for_connections();
  const auto limit = fleet.limit_connections(connections, options_);
  if (!limit) {
    return;
  }
  note_and_say(
      fmt::format("at most {} requests in flight per backend, fewer than asked for: this process "
                  "may not open more files (ulimit -n)",
                  *limit));
}

void Session::note_and_say(const std::string& note) {
  manifest_.notes.push_back(note);
  if (!options_.quiet) {
    tell(context_, note + "\n");
  }
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

Status Session::recall_verdicts(run::Plan& plan) {
  if (checked_.judges.empty()) {
    return {};
  }
  plan.asks = !variant_.rescored;
  if (variant_.rescored) {
    FACEOFF_TRY_ASSIGN(questions_, store::questions_of_run(variant_.rescored_folder));
  } else if (resumed_) {
    FACEOFF_TRY_ASSIGN(questions_, store::questions_of_run(writer_->folder()));
    for (std::size_t i = 0; i < contestants_; ++i) {
      FACEOFF_TRY_ASSIGN(auto own,
                         store::replay_run(writer_->folder(), lanes_[i].name, lanes_[i].name));
      plan.lanes[i].recorded = own.get();
      recorded_.push_back(std::move(own));
    }
    plan.awaits = [this](const store::TrialKey& key) { return writer_->awaits(key); };
  }
  plan.questions = questions_.get();
  return {};
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
    // The address of a server of ours may have been another one's yesterday.
    if (lane.answers == nullptr && (!lane.managed || !lane.cache_identity.empty())) {
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
  plan.run = store::short_id(writer_->manifest());
  plan.limit = options_.limit;
  plan.repeat = options_.repeat;
  plan.seed = options_.seed;
  plan.limits = budget_left();
  if (checked_.needs.any()) {
    run::OutsideSettings outside = outside_;
    outside.log_folder = fs::absolute(writer_->folder());
    plan.outside = run::make_outside(std::move(outside));
    plan.outside_threads = outside_workers();
  }
  if (variant_.sends_again) {
    plan.is_done = [this](const store::TrialKey& key) {
      return !variant_.sends_again(*writer_, key);
    };
  } else if (resumed_) {
    plan.is_done = [this](const store::TrialKey& key) { return writer_->is_done(key); };
  }
  FACEOFF_TRY(recall_verdicts(plan));
  std::vector<ProgressLane> lanes;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const store::BackendEntry& entry = lanes_[i];
    lanes.push_back({.name = shown_name(entry.name, entry.simulated),
                     .planned = entry.trials,
                     .reused = i >= contestants_ ? 0
                               : variant_.sends_again && !variant_.only_failed
                                   ? 0
                                   : writer_->kept(entry.name).answered,
                     .judges = i >= contestants_});
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
  RunObserver observer(progress,
                       events_,
                       signals,
                       stop,
                       context_.clock,
                       options_.quiet ? RunObserver::Talk::no : RunObserver::Talk::yes);
  if (events_ != nullptr) {
    std::vector<EventLog::Lane> told;
    for (const auto& entry : lanes_) {
      told.push_back({.backend = entry.name,
                      .planned = entry.trials,
                      .reused = writer_->kept(entry.name).answered});
    }
    events_->run_started(manifest_.id, manifest_.suite, std::move(told));
    begun_ = true;
  }
  FolderSink sink(*writer_, context_.clock);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < contestants_; ++i) {
    names.push_back(lanes_[i].name);
  }
  SequentialStop watched(sink, std::move(names), stop);
  std::unique_ptr<suite::Suite> shuffled;
  if (options_.stop_when_sure) {
    FACEOFF_TRY_ASSIGN(shuffled,
                       in_random_order(*checked_.suite, plan.selects, plan.limit, options_.seed));
    plan.suite = shuffled.get();
    watched.watch_gates(gating_of(checked_.gating), checked_.selected);
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

Result<Exit> Session::go(const std::vector<backend::Spec>& specs) {
  if (options_.stop_when_sure) {
    FACEOFF_TRY(check_stopping(gating_of(checked_.gating), specs.size()));
  }
  FACEOFF_TRY_ASSIGN(Fleet fleet, Fleet::plan(specs, options_, context_, replays_, judges_));
  contestants_ = specs.size();
  FACEOFF_TRY(fleet.check_prices(options_));
  warn_of_key_log(context_);
  FACEOFF_TRY_ASSIGN(cache_, open_cache(options_.cache, context_));
  FACEOFF_TRY(open_folder(specs));
  if (variant_.only_failed && std::ranges::all_of(specs, [this](const backend::Spec& spec) {
        return writer_->kept(spec.name).failed == 0;
      })) {
    tell(context_,
         fmt::format("{}: no trial failed; nothing was sent\n",
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
  if (cache_) {
    for (const std::string& note : fleet.find_cache_identities(stop)) {
      note_and_say(note);
    }
  }
  describe_backends(fleet);
  manifest_.state = store::RunState::running;
  FACEOFF_TRY(writer_->update(manifest_));
  announce(fleet);
  const TimePoint began = context_.clock.now();
  const Duration cpu_before = process_cpu_time();
  const Duration loop_before = thread_cpu_time();
  auto tally = run_trials(fleet, *transport, stop, signals);
  if (!tally) {
    // The disk may take this much yet; if not, the manifest says `running`, as after a kill.
    manifest_.state = store::RunState::stopped;
    manifest_.finished_utc = format_utc(context_.clock.utc_now());
    static_cast<void>(writer_->close());
    static_cast<void>(writer_->update(manifest_));
    return tl::make_unexpected(kept(std::move(tally).error()));
  }
  const Duration wall = context_.clock.now() - began;
  manifest_.client_busy =
      wall > Duration{0} ? to_seconds(process_cpu_time() - cpu_before) / to_seconds(wall) : 0.0;
  manifest_.self_check = self_check(*tally, thread_cpu_time() - loop_before, wall);
  FACEOFF_TRY_ASSIGN(const Exit exit, conclude(*tally, signals.caught()));
  if (!options_.output) {
    store::point_latest(results_, writer_->folder());
  }
  return exit;
}

void Session::tell_end(const Result<Exit>& exit) const {
  if (!begun_) {
    return;
  }
  const Exit code = exit ? *exit : exit_of(exit.error());
  events_->run_finished(
      manifest_.id, static_cast<int>(code), exit ? reason_ : exit.error().message);
}

Exit run_suite(const CheckedSuite& checked,
               const Job& job,
               const Variant& variant,
               Budget& budget,
               Context& context) {
  if (checked.selected == 0) {
    tell(context,
         fmt::format("{}: no case is selected; nothing was sent{}\n",
                     checked.suite->path().string(),
                     tag_hint(job.options.filters, checked.census)));
    return Exit::nothing_to_do;
  }
  Session session(checked, job, variant, budget, context);
  const auto exit = session.go(job.specs);
  session.tell_end(exit);
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace faceoff::cli
