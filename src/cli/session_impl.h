#pragma once

// One suite on its way through preparation, run and report; its member functions are spread over
// session*.cpp. Private to cli.

#include "cache_use.h"
#include "fleet.h"
#include "session.h"
#include "signals.h"

#include <faceoff/net/transport.h>
#include <faceoff/run/runner.h>
#include <faceoff/store/run_folder.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::cli {

class Session {
 public:
  Session(const CheckedSuite& checked,
          const Job& job,
          const Variant& variant,
          Budget& budget,
          Context& context)
      : checked_(checked),
        judges_(job.judges),
        replays_(job.replays),
        results_(job.results),
        options_(job.options),
        outside_(job.outside),
        events_(job.events),
        variant_(variant),
        budget_(budget),
        context_(context) {}

  // Error: nothing was sent, or the run stands whole on the disk as far as it came.
  Result<Exit> go(const std::vector<backend::Spec>& specs);
  // For the event log, once go() is back.
  void tell_end(const Result<Exit>& exit) const;

 private:
  // session.cpp
  Status open_folder(const std::vector<backend::Spec>& specs);
  Status keep_baseline() const;
  void fit_descriptors(Fleet& fleet);
  // A note of the run, which its user sees at once.
  void note_and_say(const std::string& note);
  [[nodiscard]] run::Limits budget_left() const;
  // What an earlier invocation, or the run that is scored anew, knows of the judges' answers.
  Status recall_verdicts(run::Plan& plan);
  Result<run::Tally> run_trials(const Fleet& fleet,
                                net::Transport& transport,
                                run::StopSignal& stop,
                                const SignalGuard& signals);

  // session_start.cpp: what is known before anything is sent
  store::Manifest make_manifest() const;
  void describe_backends(const Fleet& fleet);
  void announce(const Fleet& fleet) const;
  [[nodiscard]] std::string announce_kin() const;

  // session_end.cpp: what is left behind
  Status write_down(const run::Tally& tally, bool interrupted);
  Result<Exit> conclude(const run::Tally& tally, const std::optional<int>& signal);
  void withdraw(const Fleet& fleet);
  [[nodiscard]] std::string too_many_errors(const run::Tally& tally) const;
  [[nodiscard]] Error kept(Error error) const;
  [[nodiscard]] std::string go_on() const;
  [[nodiscard]] store::BackendEntry& entry_of(const std::string& lane);

  const CheckedSuite& checked_;
  const std::vector<backend::Spec>& judges_;
  const Replays& replays_;
  const std::filesystem::path& results_;
  const RunOptions& options_;
  const run::OutsideSettings& outside_;
  EventLog* events_;
  const Variant& variant_;
  Budget& budget_;
  Context& context_;
  std::unique_ptr<store::AnswerCache> cache_;
  std::unique_ptr<store::RunWriter> writer_;
  std::vector<std::unique_ptr<store::Replay>> recorded_;  // this run's own answers, by lane
  std::unique_ptr<store::Questions> questions_;
  store::Manifest manifest_;
  // Of this invocation, judges behind the others; the manifest may have more.
  std::vector<store::BackendEntry> lanes_;
  std::size_t contestants_ = 0;  // lanes that are compared
  bool resumed_ = false;
  bool was_complete_ = false;  // before it was opened again
  std::uint64_t appended_ = 0;
  bool begun_ = false;  // run_started was told
  std::string reason_;  // why it ended as it did
};

// As it stands in tables: "gpt-4o (simulated)".
[[nodiscard]] std::string shown_name(const std::string& backend, bool simulated);

}  // namespace faceoff::cli
