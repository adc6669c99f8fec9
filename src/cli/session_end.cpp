// What a run leaves behind.

#include "results.h"
#include "resume.h"
#include "session_impl.h"
#include "terminal.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <csignal>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

std::uint64_t recorded(const run::Tally& tally) {
  std::uint64_t count = 0;
  for (const auto& lane : tally.lanes) {
    count += lane.finished - lane.failed + lane.reused;
  }
  return count;
}

// What is worth looking at now.
std::vector<std::string> next_commands(const report::Report& report, const fs::path& folder) {
  const std::string run = shell_word(folder.string());
  std::vector<std::string> commands;
  const bool flips = std::ranges::any_of(report.comparisons, [](const auto& pair) {
    return pair.score.n_only_reference_passes + pair.score.n_only_candidate_passes > 0;
  });
  if (flips) {
    commands.push_back(fmt::format("faceoff show {} --flips", run));
  }
  commands.push_back(fmt::format("faceoff report {} --format html:report.html", run));
  return commands;
}

}  // namespace

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

std::string Session::too_many_errors(const run::Tally& tally) const {
  for (std::size_t i = 0; i < tally.lanes.size(); ++i) {
    const auto& lane = tally.lanes[i];
    if (lane.stopped) {
      return fmt::format("{}: {}", lanes_[i].name, *lane.stopped);
    }
    // Failed trials of an earlier invocation were sent again, so the run has these and no others.
    const std::uint64_t questions = lane.questions + lane.questions_failed;
    const double unanswered = questions == 0 ? 0.0
                                             : static_cast<double>(lane.questions_failed) /
                                                   static_cast<double>(questions);
    if (unanswered > options_.max_error_rate) {
      return fmt::format(
          "{}: {} of {} questions to this judge failed, more than --max-error-rate "
          "{:.3g}% allows; the answers are kept",
          lanes_[i].name,
          lane.questions_failed,
          questions,
          options_.max_error_rate * 100);
    }
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

store::BackendEntry& Session::entry_of(const std::string& lane) {
  const auto found = std::ranges::find(manifest_.backends, lane, &store::BackendEntry::name);
  return found != manifest_.backends.end()
             ? *found
             : *std::ranges::find(manifest_.judges, lane, &store::BackendEntry::name);
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
    entry_of(lanes_[i].name).concurrency_history = tally.lanes[i].concurrency_history;
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
  if (tally.questions_missing > 0) {
    manifest_.notes.push_back(fmt::format(
        "{} question{} to judges have no answer in run {}, and scoring anew sends nothing; to have "
        "them asked: faceoff run {} -b NAME=replay:{}#BACKEND, with the judge defined",
        tally.questions_missing,
        tally.questions_missing == 1 ? "" : "s",
        manifest_.rescored_from,
        shell_word(checked_.suite->path().string()),
        manifest_.rescored_from));
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
  // Of a larger run the page is made when it is asked for.
  constexpr std::uint64_t kMostPaged = 20'000;
  const bool with_cases = manifest_.cases <= kMostPaged || show_cases(options_.formats);
  FACEOFF_TRY_ASSIGN(auto report, report_on_run(writer_->folder(), results_, with_cases));
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
  reason_ = reason;
  const std::string show =
      fmt::format("faceoff report {} --format md", shell_word(writer_->folder().string()));
  const bool finished = exit == Exit::ok || exit == Exit::gate_failed || exit == Exit::inconclusive;
  report.next_commands = {go_on()};
  if (finished) {
    report.next_commands = next_commands(report, writer_->folder());
  }
  const auto formats = formats_for(options_.formats, checked_.suite->name());
  Status shown = keep_reports(report, writer_->folder());
  if (shown) {
    shown = write_formats(
        report, formats, context_, options_.events == "-" ? Stdout::taken : Stdout::free);
  }
  if (!shown) {
    Error error = std::move(shown).error();
    error.message += fmt::format("; every answer is kept, print the report with\n  {}", show);
    return tl::make_unexpected(std::move(error));
  }
  if (interrupted) {
    tell(context_,
         fmt::format("interrupted: the answers so far are kept in {}; go on with\n  {}\n",
                     display_text(writer_->folder().string()),
                     display_text(go_on())));
  } else if (exit == Exit::budget) {
    tell(context_,
         fmt::format("{}; {} of {} answers are kept in {}; go on with\n  {}\n",
                     tally.budget,
                     recorded(tally),
                     manifest_.trials,
                     display_text(writer_->folder().string()),
                     display_text(go_on())));
  } else if (!complaint.empty()) {
    static_cast<void>(report_error({ErrorKind::transport, complaint}, context_));
  } else if (exit != Exit::ok) {
    tell(context_, reason + "\n");
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

}  // namespace faceoff::cli
