#pragma once

#include "sandbox_command.h"

#include <atomic>

namespace faceoff::run {

// Reads what the sandboxed program says until it has ended, kills everything when it exceeds a
// limit or `cancel` is set, and waits for it. Error: bubblewrap could not start the program.
[[nodiscard]] Result<score::Ran> watch_sandbox(pid_t pid,
                                               Prepared prepared,
                                               const score::Program& program,
                                               const std::atomic<bool>& cancel);

// What a process and all its descendants use; counted from /proc.
struct Usage {
  std::uint64_t processes = 0;  // without `root` itself
  std::uint64_t memory = 0;     // bytes resident
};
[[nodiscard]] Usage usage_below(pid_t root);

}  // namespace faceoff::run
