#pragma once

// What a run shows while it goes on, on stderr. Private to cli.

#include "command.h"

#include <faceoff/base/units.h>
#include <faceoff/run/runner.h>

#include <cstdint>
#include <string>
#include <vector>

namespace faceoff::cli {

struct ProgressLane {
  std::string name;
  std::uint64_t planned = 0;
  std::uint64_t reused = 0;
  bool judges = false;  // counts questions of scorers; `planned` is about right
};

// A block of lines that is redrawn in place on a terminal (at most ten times a second); otherwise a
// plain line every tenth of the work or half a minute. Waits and their reasons are always shown.
class Progress final : public run::Observer {
 public:
  enum class Mode : std::uint8_t { redraw, plain, none };
  // `clock` must outlive the object.
  Progress(Mode mode, Style style, std::vector<ProgressLane> lanes, const Clock& clock);

  void trial_started(std::size_t lane) override;
  void trial_waits(std::size_t lane, Duration wait, const backend::Failure& cause) override;
  void lane_waits(std::size_t lane, Duration wait, const std::string& why) override;
  void lane_goes_on(std::size_t lane) override;
  void concurrency_changed(std::size_t lane, std::int64_t limit, const std::string& why) override;
  void slept(Duration lost) override;
  void trial_finished(std::size_t lane, const store::Record& record) override;
  void question_finished(std::size_t lane, const store::Record& record) override;
  void lane_stopped(std::size_t lane, const std::string& why) override;
  void tick(TimePoint now) override;
  // Removes the block, so that the result stands alone; plain: says how it ended, if it has not.
  void close();

 private:
  struct State {
    ProgressLane lane;
    std::uint64_t done = 0;
    std::uint64_t passed = 0;
    std::uint64_t failed = 0;
    std::uint64_t retries = 0;
    std::uint64_t in_flight = 0;
    Money spent;          // by answers whose price is known
    std::string waiting;  // why a trial waits, until the next answer
    std::string held;     // why the whole backend waits, until it goes on
    bool said_to_wait = false;
    std::int64_t limit = 0;  // in flight, after the server asked for fewer; 0: as configured
  };
  [[nodiscard]] std::string block(TimePoint now) const;
  [[nodiscard]] std::string plain_line(TimePoint now) const;
  [[nodiscard]] std::string bar(const State& state) const;
  [[nodiscard]] std::string rate_and_rest(const State& state, TimePoint now) const;
  void say(const std::string& line);
  void erase();

  const Clock* clock_;
  Mode mode_;
  Style style_;
  std::vector<State> lanes_;
  TimePoint began_;
  TimePoint last_plain_;
  std::uint64_t last_tenth_ = 0;
  std::size_t drawn_lines_ = 0;
};

}  // namespace faceoff::cli
