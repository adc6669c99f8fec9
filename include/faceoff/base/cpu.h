#pragma once

#include <faceoff/base/clock.h>

namespace faceoff {

// CPU time used so far, by the calling thread and by the whole process.
[[nodiscard]] Duration thread_cpu_time() noexcept;
[[nodiscard]] Duration process_cpu_time() noexcept;

}  // namespace faceoff
