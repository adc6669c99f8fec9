#pragma once

#include <cstdint>

#include <sys/types.h>

namespace faceoff::run {

// What all descendants of a process use, without itself; counted from /proc.
struct Usage {
  std::uint64_t processes = 0;
  std::uint64_t memory = 0;  // bytes resident
};
[[nodiscard]] Usage usage_below(pid_t root);

}  // namespace faceoff::run
