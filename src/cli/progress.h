#pragma once

// What a run shows while it goes on, on stderr. Private to cli.

#include "command.h"
#include "progress_block.h"

#include <faceoff/base/random.h>
#include <faceoff/base/units.h>
#include <faceoff/run/runner.h>

#include <cstdint>
#include <optional>
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
  void trial_waits(const run::TrialName& trial,
                   Duration wait,
                   const backend::Failure& cause) override;
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
  // A line of its own, above the block.
  void say(const std::string& line);
  // The same, also where there is no progress: the user has asked for it.
  void answer(const std::string& line);
  // Of a lane, as it came.
  [[nodiscard]] const std::string& name_of(std::size_t lane) const {
    return lanes_[lane].lane.name;
  }

 private:
  // Some of all values, drawn evenly, for a median that is shown ten times a second.
  struct Sample {
    std::vector<double> values;
    std::uint64_t seen = 0;
    void add(double value, Random& random);
    [[nodiscard]] std::optional<double> median() const;
  };
  struct State {
    ProgressLane lane;
    std::uint64_t done = 0;
    std::uint64_t scored = 0;
    double score_sum = 0;
    std::uint64_t passed = 0;
    std::uint64_t failed = 0;
    std::uint64_t retries = 0;
    std::uint64_t in_flight = 0;
    Sample ttft;
    Sample e2e;
    Sample token_rate;
    std::optional<Money> spent;  // by answers whose price is known
    std::string waiting;         // why a trial waits, until the next answer
    std::string held;            // why the whole backend waits, until it goes on
    bool said_to_wait = false;
    std::int64_t limit = 0;  // in flight, after the server asked for fewer; 0: as configured
  };
  [[nodiscard]] ProgressView view(TimePoint now) const;
  [[nodiscard]] std::string plain_line(TimePoint now) const;
  void draw(TimePoint now);
  // To the block's first line, which is then to be written over; nothing where no block stands.
  [[nodiscard]] std::string go_up();
  void fit_terminal();

  const Clock* clock_;
  Mode mode_;
  Style style_;
  std::vector<State> lanes_;
  TimePoint began_;
  TimePoint last_plain_;
  std::uint64_t last_tenth_ = 0;
  std::optional<TimePoint> last_saved_;
  std::vector<std::size_t> drawn_;  // widths of the lines that stand there
  std::size_t rows_ = 0;
  Random random_{1};
};

}  // namespace faceoff::cli
