#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/net/transport.h>

#include <string>
#include <string_view>
#include <vector>

namespace faceoff::net {

// What the callbacks of one loop share: the time of the wake-up that they run in, the lateness seen
// and the events collected for the next delivery, in buffers that are used again and again.
class LoopState {
 public:
  explicit LoopState(const Clock& clock) : clock_(&clock), last_wait_end_(clock.now()) {}

  void begin_pass(TimePoint woken_at, bool ready_on_entry);
  // Whether what follows handles a socket that the wake-up reported as readable.
  void handling_readable(bool readable) noexcept { readable_ = readable; }

  [[nodiscard]] TimePoint now() const noexcept { return clock_->now(); }
  // For bytes of a transfer whose request went out at `sent`; keeps account of the lateness.
  [[nodiscard]] TimePoint stamp(TimePoint sent) noexcept;
  [[nodiscard]] Duration take_max_lag() noexcept;

  template <class What>
  void add(TransferId id, TimePoint at, What what) {
    events_.push_back(Event{id, at, std::move(what)});
  }
  void add_bytes(TransferId id, TimePoint at, std::string_view bytes);
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
  bool readable_ = false;
  Duration max_lag_{0};
  std::vector<Event> events_;
  std::vector<Event> delivered_;
  std::vector<std::string> spare_;
};

}  // namespace faceoff::net
