#pragma once

#include "child.h"

#include <faceoff/score/outside.h>

#include <string>
#include <string_view>

namespace faceoff::run {

// Where interpreters are; all of it is mounted read-only into the sandbox.
inline constexpr std::string_view kSystemPath = "/usr/local/bin:/usr/bin:/bin";
inline constexpr std::uint64_t kMaxProcesses = 64;
inline constexpr std::uint64_t kMaxFileBytes = 16ULL * 1024 * 1024;

struct SandboxSettings {
  std::string bwrap;
  bool as_nobody = false;
  bool limits_processes = false;
};

// What a run in the sandbox is started with, and our ends of its pipes.
struct Prepared {
  ChildPlan plan;
  UniqueFd out;
  UniqueFd err;
  UniqueFd status;              // bubblewrap's word on whether the program was started
  std::vector<UniqueFd> given;  // held open until the child has started
};
[[nodiscard]] Result<Prepared> prepare_sandbox(const SandboxSettings& settings,
                                               const score::Program& program,
                                               const std::string& interpreter);

}  // namespace faceoff::run
