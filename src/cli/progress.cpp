#include "progress.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::size_t kBarWidth = 30;
constexpr Duration kPlainInterval = std::chrono::seconds(30);
constexpr Duration kWorthALine = std::chrono::seconds(2);

std::string clock_text(Duration d) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(d).count();
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

// " spent=$0.18", or nothing where no price is known.
std::string spent_text(Money spent) {
  return spent == Money{} ? "" : " spent=" + format_money(spent);
}

}  // namespace

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

void Progress::trial_waits(std::size_t lane, Duration wait, const backend::Failure& cause) {
  State& state = lanes_[lane];
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
  state.held = fmt::format("{} sends nothing for {}: {}",
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
  state.spent += record.cost.value_or(Money{});
  if (record.outcome != score::Outcome::failed) {
    state.waiting.clear();
  }
}

void Progress::question_finished(std::size_t lane, const store::Record& record) {
  State& state = lanes_[lane];
  state.spent += record.cost.value_or(Money{});
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
  if (mode_ == Mode::none) {
    return;
  }
  erase();
  print_err(line + "\n");
}

void Progress::erase() {
  if (drawn_lines_ > 0) {
    // Up, to the first column, and clear to the end of the screen.
    print_err(fmt::format("\x1b[{}A\r\x1b[J", drawn_lines_));
    drawn_lines_ = 0;
  }
}

std::string Progress::bar(const State& state) const {
  const double share = state.lane.planned == 0 ? 1.0
                                               : static_cast<double>(state.done) /
                                                     static_cast<double>(state.lane.planned);
  const auto full =
      std::min(kBarWidth, static_cast<std::size_t>(share * static_cast<double>(kBarWidth)));
  std::string out;
  for (std::size_t i = 0; i < kBarWidth; ++i) {
    out += i < full ? (style_.unicode ? "━" : "#") : (style_.unicode ? "─" : "-");
  }
  return out;
}

std::string Progress::rate_and_rest(const State& state, TimePoint now) const {
  const double seconds = to_seconds(now - began_);
  const auto fresh = static_cast<double>(state.done - state.lane.reused);
  if (seconds < 0.5 || fresh < 1 || state.done >= state.lane.planned) {
    return {};
  }
  const double rate = fresh / seconds;
  const double rest = static_cast<double>(state.lane.planned - state.done) / rate;
  return fmt::format("  {:.1f}/s  {} left", rate, clock_text(from_ms(rest * 1000)));
}

std::string Progress::block(TimePoint now) const {
  std::size_t name_width = 0;
  for (const auto& state : lanes_) {
    name_width = std::max(name_width, display_width(display_text(state.lane.name)));
  }
  std::string out;
  const auto add = [&](const std::string& line) {
    out += fit_width(line, style_.width == 0 ? 200 : style_.width - 1) + "\n";
  };
  for (const auto& state : lanes_) {
    add(fmt::format("  {}  {}  {:>5}/{}  {} in flight{}{}{}",
                    pad(display_text(state.lane.name), name_width),
                    bar(state),
                    state.done,
                    state.lane.planned,
                    state.in_flight,
                    state.limit > 0 ? fmt::format(" (at most {})", state.limit) : "",
                    rate_and_rest(state, now),
                    spent_text(state.spent)));
    if (!state.held.empty()) {
      add("  " + state.held);
    } else if (!state.waiting.empty()) {
      add("  " + state.waiting);
    }
  }
  add(fmt::format("  {} elapsed; Ctrl-C stops cleanly and keeps the answers",
                  clock_text(now - began_)));
  return out;
}

std::string Progress::plain_line(TimePoint now) const {
  std::string out = fmt::format("[{}]", clock_text(now - began_));
  for (const auto& state : lanes_) {
    out += fmt::format("{} {} {}/{} ok={} err={} retry={}{}",
                       &state == lanes_.data() ? "" : " |",
                       display_text(state.lane.name),
                       state.done,
                       state.lane.planned,
                       state.passed,
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
    const std::string text = block(now);
    erase();
    print_err(text);
    drawn_lines_ = static_cast<std::size_t>(std::ranges::count(text, '\n'));
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
  erase();
  const auto any = [](const State& state) { return state.done > state.lane.reused; };
  // A quick run may be over between two lines.
  if (mode_ == Mode::plain && last_tenth_ < 10 && std::ranges::any_of(lanes_, any)) {
    print_err(plain_line(clock_->now()));
    last_tenth_ = 10;
  }
}

}  // namespace faceoff::cli
