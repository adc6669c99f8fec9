#pragma once

// What happens in a run, as it happens, for programs. Private to cli.

#include <faceoff/base/clock.h>
#include <faceoff/base/files.h>
#include <faceoff/run/runner.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::cli {

// One JSON object a line (`faceoff schema events`), each in one write: run_started,
// request_started, first_token, request_finished, retry, item_scored, warning, run_finished. ASCII,
// secrets redacted, no prompt and no answer. `seq` counts from 1 within the command; `t_mono_ms` is
// the steady clock since the log was opened. A reader that goes away or a full disk ends the log
// with a warning, not the run. Called from one thread.
class EventLog {
 public:
  // `target`: a file that is begun anew, fd:N, or - for standard output. Errors of kind usage and
  // io, before anything is sent. `clock` outlives the log.
  [[nodiscard]] static Result<std::unique_ptr<EventLog>> open(const std::string& target,
                                                              const Clock& clock);

  struct Lane {
    std::string backend;
    std::uint64_t planned = 0;
    std::uint64_t reused = 0;
  };
  void run_started(std::string_view run, std::string_view suite, std::vector<Lane> lanes);
  void request_started(const run::TrialName& trial);
  void first_token(const run::TrialName& trial);
  void request_finished(const run::TrialName& trial, const backend::Failure* failure);
  void retry(const run::TrialName& trial, Duration wait, const backend::Failure& cause);
  void item_scored(std::size_t lane, const store::Record& record);
  // `lane`: nullptr for what is about the whole run.
  void warning(const std::size_t* lane, std::string_view message);
  void run_finished(std::string_view run, int exit, std::string_view reason);

 private:
  class Line;
  EventLog(UniqueFd file, int fd, std::string name, const Clock& clock);
  Line line(std::string_view event);
  Line line(std::string_view event, const run::TrialName& trial);
  void write(const Line& line);

  UniqueFd file_;
  int fd_;
  std::string name_;
  const Clock& clock_;
  TimePoint began_;
  std::uint64_t seq_ = 0;
  bool broken_ = false;
  std::vector<Lane> lanes_;
};

}  // namespace faceoff::cli
