#pragma once

// What the system grants this process. Private to cli.

#include <cstdint>

namespace faceoff::cli {

// Sees to it that descriptors 0, 1 and 2 are open: a file of ours that got the number of a closed
// standard output would be written into. Ignores SIGPIPE and SIGXFSZ, whose calls then fail with an
// error. Without memory the process ends with exit code 6 and a sentence; the log is whole.
void prepare_process();

// How many connections may be open at a time beside everything else. Raises the soft limit on open
// files as far as that takes it to a few thousand and the hard limit allows.
[[nodiscard]] std::int64_t descriptors_for_connections();

}  // namespace faceoff::cli
