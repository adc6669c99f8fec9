#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/net/transport.h>

#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <set>
#include <vector>

namespace faceoff::net {

// A transport in virtual time: a script answers each request with events at times to come, and
// poll() moves the ManualClock to the next one. For scenario tests.
class FakeTransport final : public Transport {
 public:
  // What happens `after` the start of a transfer.
  struct Step {
    Duration after{0};
    decltype(Event::what) what;
  };
  // Called once for each started transfer, in order of starting.
  using Script = std::function<std::vector<Step>(TransferId, const HttpRequest&)>;

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
  struct Pending {
    TimePoint at;
    std::uint64_t order;
    TransferId id;
    decltype(Event::what) what;
  };
  struct Later {
    bool operator()(const Pending& a, const Pending& b) const noexcept {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };
  ManualClock& clock_;
  Script script_;
  std::priority_queue<Pending, std::vector<Pending>, Later> pending_;
  std::set<TransferId> live_;
  std::vector<Event> events_;
  std::uint64_t order_ = 0;
  std::uint64_t started_ = 0;
  std::size_t max_in_flight_ = 0;
};

}  // namespace faceoff::net
