#include "process_setup.h"

#include "command.h"

#include <algorithm>
#include <csignal>
#include <new>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace faceoff::cli {
namespace {

constexpr rlim_t kEnough = 8192;
// Standard streams, the run's own files, the event loop, pipes and logs of servers, name look-ups.
constexpr std::int64_t kReserved = 22;

// Threads that score cannot give the error to anybody, and a report needs memory: what is written
// is kept, and the kernel ends our servers with us.
void on_no_memory() {
  constexpr std::string_view kText =
      "\nerror: out of memory; the answers recorded so far are kept in the run folder, go on with "
      "--resume and a smaller -j, or with more memory (ulimit -v)\n";
  static_cast<void>(!::write(STDERR_FILENO, kText.data(), kText.size()));
  ::_exit(static_cast<int>(Exit::io));
}

// Static objects take memory before main() does.
[[gnu::constructor(101)]] void before_static_objects() {
  std::set_new_handler(on_no_memory);
}

}  // namespace

void prepare_process() {
  int fd = ::open("/dev/null", O_RDWR);
  while (fd >= 0 && fd < STDERR_FILENO) {
    fd = ::open("/dev/null", O_RDWR);
  }
  if (fd > STDERR_FILENO) {
    ::close(fd);
  }
  std::signal(SIGPIPE, SIG_IGN);
  // Asks a run what is in flight; elsewhere it must end nothing.
  std::signal(SIGUSR1, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

std::int64_t descriptors_for_connections() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return static_cast<std::int64_t>(kEnough);
  }
  const rlim_t wanted = std::min(kEnough, limit.rlim_max);
  if (limit.rlim_cur < wanted) {
    const rlimit raised{wanted, limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) {
      limit.rlim_cur = wanted;
    }
  }
  const auto files = static_cast<std::int64_t>(std::min(limit.rlim_cur, rlim_t{1} << 30U));
  return std::max<std::int64_t>(1, files - kReserved);
}

}  // namespace faceoff::cli
