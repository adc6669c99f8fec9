#pragma once

#include <faceoff/base/files.h>
#include <faceoff/base/result.h>

namespace faceoff::run {

// A file that holds the seccomp filter of sandboxed code, as bubblewrap reads it (an array of
// sock_filter): calls that watch or steer other processes, load code into the kernel, mount, or
// make namespaces fail with EPERM; clone3 is not known (ENOSYS), so that libraries use clone, whose
// flags can be looked at. Error: not known for this processor.
[[nodiscard]] Result<UniqueFd> sandbox_filter();

}  // namespace faceoff::run
