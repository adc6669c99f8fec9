#pragma once

#include <faceoff/backend/spec.h>
#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::run {

// How to start a server that is ours: argv without the port, which is chosen at start.
struct ManagedPlan {
  std::string name;               // for messages: the backend's
  std::vector<std::string> argv;  // argv[0] is the program
  std::string port_flag = "--port";
  std::string what;  // "llama-server", "the stand-in endpoint"
};

// The plan for a spec that wants a server of ours (a model ending in .gguf, or `simulate:`), or
// nullopt for one that does not. Error of kind usage: no such model file or script, no llama-server
// found (LLAMA_SERVER, then llama-server and llama on PATH), or an argument that a project file may
// not give. `self` is the path of this program.
[[nodiscard]] Result<std::optional<ManagedPlan>> plan_managed(
    const backend::Spec& spec,
    const backend::Environment& environment,
    const std::filesystem::path& self);

// A child process that serves HTTP on a loopback port of its own. It dies with us: SIGTERM and, 5 s
// later, SIGKILL when this object goes, SIGKILL from the kernel when we are killed. Its output goes
// to a log file; its environment holds no keys.
class ManagedServer {
 public:
  // Starts the program on a free port. Error of kind io: it cannot be started.
  [[nodiscard]] static Result<std::unique_ptr<ManagedServer>> start(
      const ManagedPlan& plan, const std::filesystem::path& log);
  ManagedServer(const ManagedServer&) = delete;
  ManagedServer& operator=(const ManagedServer&) = delete;
  ~ManagedServer();

  [[nodiscard]] std::string base_url() const;
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] int pid() const noexcept { return pid_; }
  // Why it is gone, with the last lines of its log; nullopt while it runs.
  [[nodiscard]] std::optional<std::string> post_mortem();
  // Stops it and waits; returns its exit status as text ("exit 0", "signal 9").
  std::string stop();

 private:
  ManagedServer(std::string what, int pid, std::uint16_t port, std::filesystem::path log);
  [[nodiscard]] bool reap(bool wait);

  std::string what_;
  int pid_ = -1;
  std::uint16_t port_ = 0;
  std::filesystem::path log_;
  std::optional<int> status_;  // as waitpid() gave it
};

}  // namespace faceoff::run
