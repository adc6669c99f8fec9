#include "signals.h"

#include <faceoff/base/check.h>

#include <array>
#include <atomic>
#include <csignal>

namespace faceoff::cli {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

// A signal handler gets no argument of ours.
std::atomic<run::StopSignal*> current_stop{nullptr};
std::atomic<net::Transport*> current_transport{nullptr};
std::atomic<int> first_signal{0};
std::atomic<std::uint64_t> questions{0};

void on_signal(int signal) {
  run::StopSignal* stop = current_stop.load();
  if (stop == nullptr) {
    return;
  }
  int none = 0;
  first_signal.compare_exchange_strong(none, signal);
  if (stop->drain.exchange(true)) {
    stop->cancel.store(true);
  }
  if (net::Transport* transport = current_transport.load(); transport != nullptr) {
    transport->wake();
  }
}

void on_continue(int) {
  if (run::StopSignal* stop = current_stop.load(); stop != nullptr) {
    stop->continued.fetch_add(1);
  }
  if (net::Transport* transport = current_transport.load(); transport != nullptr) {
    transport->wake();
  }
}

void on_question(int) {
  questions.fetch_add(1);
  if (net::Transport* transport = current_transport.load(); transport != nullptr) {
    transport->wake();
  }
}

}  // namespace

SignalGuard::SignalGuard(run::StopSignal& stop, net::Transport& transport) {
  FACEOFF_CHECK(current_stop.load() == nullptr, "two signal guards");
  first_signal.store(0);
  questions.store(0);
  current_transport.store(&transport);
  current_stop.store(&stop);
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (const int signal : kSignals) {
    ::sigaction(signal, &action, nullptr);
  }
  action.sa_handler = on_continue;
  ::sigaction(SIGCONT, &action, nullptr);
  action.sa_handler = on_question;
  ::sigaction(SIGUSR1, &action, nullptr);
}

SignalGuard::~SignalGuard() {
  for (const int signal : kSignals) {
    std::signal(signal, SIG_DFL);
  }
  std::signal(SIGCONT, SIG_DFL);
  // A question that comes late must not end the program.
  std::signal(SIGUSR1, SIG_IGN);
  current_stop.store(nullptr);
  current_transport.store(nullptr);
}

std::optional<int> SignalGuard::caught() const noexcept {
  const int signal = first_signal.load();
  return signal == 0 ? std::nullopt : std::optional(signal);
}

std::uint64_t SignalGuard::asked() const noexcept {
  return questions.load();
}

}  // namespace faceoff::cli
