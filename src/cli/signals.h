#pragma once

// Ctrl-C, SIGTERM, SIGHUP, SIGCONT and SIGUSR1. Private to cli.

#include <faceoff/net/transport.h>
#include <faceoff/run/runner.h>

#include <cstdint>
#include <optional>

namespace faceoff::cli {

// While it lives, the first signal drains the run and the second cancels it; that the process goes
// on after a stop is counted. The handlers only set flags and wake the loop. One at a time.
class SignalGuard {
 public:
  SignalGuard(run::StopSignal& stop, net::Transport& transport);
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;
  ~SignalGuard();

  // The first signal that came.
  [[nodiscard]] std::optional<int> caught() const noexcept;
  // How often SIGUSR1 asked what is in flight.
  [[nodiscard]] std::uint64_t asked() const noexcept;
};

}  // namespace faceoff::cli
