#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/histogram.h>
#include <faceoff/net/transport.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::net {

// When bytes came, and how that is known.
struct Stamp {
  TimePoint at;
  chat::StampSource source = chat::StampSource::callback;
};

// What the callbacks of one loop share: the time of the wake-up that they run in, the lateness seen
// and the events collected for the next delivery, in buffers that are used again and again.
class LoopState {
 public:
  explicit LoopState(const Clock& clock) : clock_(&clock), last_wait_end_(clock.now()) {}

  // Whether new sockets are to be stamped by the kernel.
  [[nodiscard]] bool wants_kernel_stamps() const noexcept { return kernel_stamps_; }
  void want_kernel_stamps(bool wanted) noexcept { kernel_stamps_ = wanted; }

  // Whether the time of the wake-up stands for that of the bytes it reported.
  void want_loop_stamps(bool wanted) noexcept { loop_stamps_ = wanted; }

  void begin_pass(TimePoint woken_at, bool ready_on_entry);
  // Whether what follows handles a socket that the wake-up reported as readable, and when the first
  // byte in it arrived by the kernel's stamp.
  void handling_readable(bool readable, std::optional<TimePoint> arrived = std::nullopt) noexcept {
    readable_ = readable;
    arrived_ = arrived;
  }

  [[nodiscard]] TimePoint now() const noexcept { return clock_->now(); }
  [[nodiscard]] TimePoint woken_at() const noexcept { return woken_at_; }
  // For bytes of a transfer whose request went out at `sent` and whose socket was last read in the
  // pass of the wake-up at `read`, or never; keeps account of the lateness.
  [[nodiscard]] Stamp stamp(TimePoint sent, TimePoint read = TimePoint{}) noexcept;
  [[nodiscard]] Duration take_max_lag() noexcept;
  [[nodiscard]] DurationHistogram take_lags() noexcept;

  template <class What>
  void add(TransferId id,
           TimePoint at,
           What what,
           chat::StampSource source = chat::StampSource::callback) {
    events_.push_back(Event{id, at, std::move(what), source});
  }
  void add_bytes(TransferId id, Stamp stamp, std::string_view bytes);
  void drop(TransferId id);
  [[nodiscard]] bool empty() const noexcept { return events_.empty(); }
  // The events collected so far; valid until the next call of forget_delivered().
  [[nodiscard]] std::span<const Event> deliver();
  void forget_delivered();

 private:
  void recycle(Event& event);

  const Clock* clock_;
  TimePoint woken_at_;
  TimePoint lag_base_;
  TimePoint last_wait_end_;
  bool kernel_stamps_ = false;
  bool loop_stamps_ = true;
  bool readable_ = false;
  std::optional<TimePoint> arrived_;
  Duration max_lag_{0};
  DurationHistogram lags_;
  std::vector<Event> events_;
  std::vector<Event> delivered_;
  std::vector<std::string> spare_;
};

}  // namespace faceoff::net
