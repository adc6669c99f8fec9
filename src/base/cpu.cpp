#include <faceoff/base/cpu.h>

#include <ctime>

namespace faceoff {
namespace {

Duration read(clockid_t clock) noexcept {
  timespec t{};
  ::clock_gettime(clock, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

}  // namespace

Duration thread_cpu_time() noexcept {
  return read(CLOCK_THREAD_CPUTIME_ID);
}

Duration process_cpu_time() noexcept {
  return read(CLOCK_PROCESS_CPUTIME_ID);
}

}  // namespace faceoff
