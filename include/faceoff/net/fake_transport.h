#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/net/transport.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace faceoff::net {

// A transport in virtual time: a script answers each request with events at times to come, and
// poll() moves the ManualClock to the next one, or to `until` when that is earlier. Events of the
// same time come in the order in which their transfers were started. poll(kNever) with nothing
// pending returns at once. For scenario tests; a million transfers take half a second.
class FakeTransport final : public Transport {
 public:
  // What happens `after` the start of a transfer. Without a Finished or Failed the transfer hangs
  // until it is cancelled; what a script has after one is dropped.
  struct Step {
    Duration after{0};
    decltype(Event::what) what;
  };
  // Called once for each started transfer, in order of starting.
  using Script = std::function<std::vector<Step>(TransferId, const HttpRequest&)>;

  // `clock` must outlive the transport.
  FakeTransport(ManualClock& clock, Script script);

  void start(TransferId id, HttpRequest request) override;
  void cancel(TransferId id) override;
  [[nodiscard]] std::span<const Event> poll(TimePoint until) override;
  void wake() noexcept override {}
  [[nodiscard]] Duration take_max_lag() noexcept override { return Duration{0}; }

  [[nodiscard]] std::uint64_t started() const noexcept { return started_; }
  [[nodiscard]] std::size_t in_flight() const noexcept { return live_.size(); }
  [[nodiscard]] std::size_t max_in_flight() const noexcept { return max_in_flight_; }

 private:
  struct Running {
    TransferId id = 0;
    std::uint64_t order = 0;  // of starting; 0: the slot is free
    TimePoint started;
    std::size_t next = 0;
    std::vector<Step> steps;
  };
  // The next step of one transfer; stale when the slot's order differs.
  struct Pending {
    TimePoint at;
    std::uint64_t order;
    std::size_t slot;
  };
  struct Later {
    bool operator()(const Pending& a, const Pending& b) const noexcept {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };

  void push_next(std::size_t slot);
  void pop();
  void take_step(std::size_t slot);
  void release(std::size_t slot);

  ManualClock& clock_;
  Script script_;
  std::vector<Pending> pending_;  // a heap by Later
  std::vector<Running> slots_;
  std::vector<std::size_t> free_;
  std::unordered_map<TransferId, std::size_t> live_;
  std::vector<Event> events_;
  std::uint64_t started_ = 0;
  std::size_t max_in_flight_ = 0;
};

}  // namespace faceoff::net
