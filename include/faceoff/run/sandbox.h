#pragma once

#include <faceoff/base/result.h>
#include <faceoff/score/outside.h>

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace faceoff::run {

// Runs code that a model wrote (docs/security.md): bubblewrap with no network, an environment of
// nothing but PATH, a read-only system without home, /etc and /sys, a working folder in memory, a
// filter of system calls, and limits on time, memory, processes, files and output. Everything that
// the code started is killed when it ends. There is no way to run it without.
// Immutable, thread-safe.
class Sandbox {
 public:
  // The sandbox of this machine, seen to work by a trial run. `path` is where bwrap is looked for
  // (PATH). Error of kind usage: why there is none, and what helps.
  [[nodiscard]] static Result<Sandbox> find(const std::string& path);

  // "bubblewrap 0.8.0 as user nobody".
  [[nodiscard]] const std::string& description() const noexcept { return description_; }
  // The interpreter of a language on this machine; nullopt: there is none in /usr.
  [[nodiscard]] static std::optional<std::string> interpreter(std::string_view language);
  // Blocks until the code has ended or was killed; `cancel` kills it. Error: it was not run.
  [[nodiscard]] Result<score::Ran> run(const score::Program& program,
                                       const std::atomic<bool>& cancel) const;

 private:
  Sandbox() = default;
  [[nodiscard]] Result<std::string> try_out(const std::atomic<bool>& cancel) const;

  std::string bwrap_;
  std::string description_;
  bool as_nobody_ = false;         // of root: so that the limit of processes holds
  bool limits_processes_ = false;  // inside, where only its own are counted
};

}  // namespace faceoff::run
