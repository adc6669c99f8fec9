#include "progress.h"

#include "terminal.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/base/wrap.h>
#include <faceoff/compare/trial.h>
#include <faceoff/stats/proportion.h>
#include <faceoff/stats/quantile.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <unistd.h>

namespace faceoff::cli {
namespace {

constexpr std::size_t kMostSamples = 4096;
constexpr double kTwoSided95 = 1.959964;
constexpr std::uint64_t kFewForInterval = 5;
constexpr Duration kPlainInterval = std::chrono::seconds(30);
constexpr Duration kWorthALine = std::chrono::seconds(2);

std::string clock_text(Duration d) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(d).count();
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

// " spent=$0.18", or nothing where no price is known.
std::string spent_text(const std::optional<Money>& spent) {
  return spent ? " spent=" + format_money(*spent) : "";
}

}  // namespace

void Progress::Sample::add(double value, Random& random) {
  ++seen;
  if (values.size() < kMostSamples) {
    values.push_back(value);
  } else if (const std::uint64_t at = random.below(seen); at < kMostSamples) {
    values[at] = value;
  }
}

std::optional<double> Progress::Sample::median() const {
  return stats::quantile(values, 0.5);
}

Progress::Progress(Mode mode, Style style, std::vector<ProgressLane> lanes, const Clock& clock)
    : clock_(&clock), mode_(mode), style_(style), began_(clock.now()), last_plain_(began_) {
  for (auto& lane : lanes) {
    State state;
    state.done = lane.reused;
    state.lane = std::move(lane);
    lanes_.push_back(std::move(state));
  }
}

void Progress::trial_started(std::size_t lane) {
  ++lanes_[lane].in_flight;
}

void Progress::trial_waits(const run::TrialName& trial,
                           Duration wait,
                           const backend::Failure& cause) {
  State& state = lanes_[trial.lane];
  ++state.retries;
  const std::string status = cause.http_status != 0 ? fmt::format("HTTP {}", cause.http_status)
                                                    : std::string(backend::to_string(cause.kind));
  state.waiting = fmt::format("{} waits {}: {} ({}), {} {} so far",
                              display_text(state.lane.name),
                              format_duration(wait),
                              status,
                              fit_width(display_text(cause.message), 80),
                              state.retries,
                              state.retries == 1 ? "retry" : "retries");
}

void Progress::lane_waits(std::size_t lane, Duration wait, const std::string& why) {
  State& state = lanes_[lane];
  state.held = fmt::format("{} waits {}: {}",
                           display_text(state.lane.name),
                           format_duration(wait),
                           fit_width(display_text(why), 160));
  // A bar shows it in its place; otherwise each new wait of a length that is noticed is a line.
  if (mode_ == Mode::plain && wait >= kWorthALine) {
    state.said_to_wait = true;
    say(state.held);
  }
}

void Progress::lane_goes_on(std::size_t lane) {
  State& state = lanes_[lane];
  state.held.clear();
  state.waiting.clear();
  if (mode_ == Mode::plain && std::exchange(state.said_to_wait, false)) {
    say(fmt::format("{} goes on", display_text(state.lane.name)));
  }
}

void Progress::concurrency_changed(std::size_t lane,
                                   std::int64_t limit,
                                   const std::string& /*why*/) {
  lanes_[lane].limit = limit;
}

void Progress::slept(Duration lost) {
  say(fmt::format(
      "this process or the machine slept for {}; what was in flight has no latency figure",
      format_duration(lost)));
}

void Progress::trial_finished(std::size_t lane, const store::Record& record) {
  State& state = lanes_[lane];
  state.in_flight -= state.in_flight > 0 ? 1U : 0U;
  ++state.done;
  state.failed += record.outcome == score::Outcome::failed ? 1U : 0U;
  state.passed += record.value.value_or(0.0) >= 1.0 ? 1U : 0U;
  if (record.value) {
    ++state.scored;
    state.score_sum += *record.value;
  }
  if (record.cost) {
    state.spent = state.spent.value_or(Money{});
    *state.spent += *record.cost;
  }
  last_saved_ = clock_->now();
  if (mode_ == Mode::redraw) {
    const compare::Trial trial = compare::trial_of(record);
    const auto sample = [this](Sample& of, const std::optional<double>& seconds) {
      if (seconds && std::isfinite(*seconds)) {
        of.add(*seconds, random_);
      }
    };
    sample(state.ttft, trial.ttft);
    sample(state.e2e, trial.e2e);
    if (trial.tpot && *trial.tpot > 0) {
      sample(state.token_rate, 1 / *trial.tpot);
    }
  }
  if (record.outcome != score::Outcome::failed) {
    state.waiting.clear();
  }
}

void Progress::question_finished(std::size_t lane, const store::Record& record) {
  State& state = lanes_[lane];
  if (record.cost) {
    state.spent = state.spent.value_or(Money{});
    *state.spent += *record.cost;
  }
  if (state.lane.judges) {
    ++state.done;
    state.lane.planned = std::max(state.lane.planned, state.done);
    state.failed += record.error ? 1U : 0U;
    state.waiting.clear();
  }
}

void Progress::lane_stopped(std::size_t lane, const std::string& why) {
  say(fmt::format(
      "{}: no further requests: {}", display_text(lanes_[lane].lane.name), display_text(why)));
}

void Progress::say(const std::string& line) {
  if (mode_ != Mode::none) {
    answer(line);
  }
}

void Progress::answer(const std::string& line) {
  if (mode_ == Mode::redraw) {
    fit_terminal();
  }
  const std::string up = go_up();
  print_err(up + line + (up.empty() ? "\n" : "\x1b[K\n\x1b[J"));
}

std::string Progress::go_up() {
  if (drawn_.empty()) {
    return {};
  }
  // A terminal that became narrower has broken the lines.
  std::size_t rows = 0;
  for (const std::size_t width : drawn_) {
    rows += style_.width == 0 || width == 0 ? 1 : (width + style_.width - 1) / style_.width;
  }
  drawn_.clear();
  return fmt::format("\x1b[{}A\r", rows);
}

void Progress::fit_terminal() {
  if (!style_.tty) {
    return;
  }
  const auto size = size_of(STDERR_FILENO);
  if (size) {
    style_.width = size->columns;
    rows_ = size->rows > 1 ? size->rows - 1 : 1;
  }
}

ProgressView Progress::view(TimePoint now) const {
  ProgressView view;
  view.elapsed = now - began_;
  if (last_saved_) {
    view.saved = now - *last_saved_;
  }
  for (const State& state : lanes_) {
    LaneView lane{.name = display_text(state.lane.name),
                  .planned = state.lane.planned,
                  .done = state.done,
                  .in_flight = state.in_flight,
                  .limit = state.limit,
                  .wait = state.held.empty() ? state.waiting : state.held,
                  .scored = state.scored,
                  .ttft = state.ttft.median(),
                  .e2e = state.e2e.median(),
                  .tokens_per_second = state.token_rate.median(),
                  .failed = state.failed,
                  .retries = state.retries,
                  .spent = state.spent};
    const double seconds = to_seconds(view.elapsed);
    const auto fresh = static_cast<double>(state.done - state.lane.reused);
    if (seconds >= 0.5 && fresh >= 1 && state.done < state.lane.planned) {
      lane.rate = fresh / seconds;
      lane.left = from_ms(static_cast<double>(state.lane.planned - state.done) / *lane.rate * 1000);
    }
    if (state.scored > 0) {
      const auto n = static_cast<double>(state.scored);
      lane.score = state.score_sum / n;
      if (state.scored >= kFewForInterval) {
        lane.half_width = stats::wilson_interval(state.score_sum, n, kTwoSided95).half_width();
      }
    }
    view.lanes.push_back(std::move(lane));
  }
  return view;
}

void Progress::draw(TimePoint now) {
  fit_terminal();
  const auto lines = progress_lines(view(now), style_, rows_);
  // One write, and the cursor stays as it is: however the program ends, the terminal is whole.
  // Lines are overwritten, not cleared before: nothing flickers, and no terminal puts a screen that
  // was cleared as a whole into its history.
  std::string out = go_up();
  for (const std::string& line : lines) {
    out += line + "\x1b[K\n";
    drawn_.push_back(visible_width(line));
  }
  print_err(out + "\x1b[J");
}

std::string Progress::plain_line(TimePoint now) const {
  std::string out = fmt::format("[{}]", clock_text(now - began_));
  for (const auto& state : lanes_) {
    out += fmt::format("{} {} {}/{} ok={} fail={} err={} retry={}{}",
                       &state == lanes_.data() ? "" : " |",
                       display_text(state.lane.name),
                       state.done,
                       state.lane.planned,
                       state.passed,
                       state.scored - state.passed,
                       state.failed,
                       state.retries,
                       spent_text(state.spent));
  }
  return out + "\n";
}

void Progress::tick(TimePoint now) {
  if (mode_ == Mode::none) {
    return;
  }
  if (mode_ == Mode::redraw) {
    draw(now);
    return;
  }
  std::uint64_t done = 0;
  std::uint64_t planned = 0;
  for (const auto& state : lanes_) {
    done += state.done;
    planned += state.lane.planned;
  }
  const std::uint64_t tenth = planned == 0 ? 10 : done * 10 / planned;
  if (tenth > last_tenth_ || now - last_plain_ >= kPlainInterval) {
    last_tenth_ = tenth;
    last_plain_ = now;
    print_err(plain_line(now));
  }
}

void Progress::close() {
  if (const std::string up = go_up(); !up.empty()) {
    print_err(up + "\x1b[J");
  }
  const auto any = [](const State& state) { return state.done > state.lane.reused; };
  // A quick run may be over between two lines.
  if (mode_ == Mode::plain && last_tenth_ < 10 && std::ranges::any_of(lanes_, any)) {
    print_err(plain_line(clock_->now()));
    last_tenth_ = 10;
  }
}

}  // namespace faceoff::cli
