#include "key_program.h"

#include <faceoff/base/files.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace faceoff::cli {
namespace {

constexpr std::size_t kMostBytes = 65536;
constexpr std::size_t kBlock = 4096;
constexpr Duration kLimit = std::chrono::seconds(30);

// A child whose standard output is read; nothing else of it is seen by anybody.
class KeyProgram {
 public:
  explicit KeyProgram(const std::vector<std::string>& argv) : argv_(argv) {}
  KeyProgram(const KeyProgram&) = delete;
  KeyProgram& operator=(const KeyProgram&) = delete;
  ~KeyProgram() {
    if (pid_ > 0) {
      ::kill(-pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }

  Result<Secret> run(const Clock& clock) {
    FACEOFF_TRY(start());
    std::string text;
    text.reserve(kMostBytes + kBlock);  // growing would leave copies in freed memory
    const TimePoint until = clock.now() + kLimit;
    while (true) {
      pollfd ready{.fd = out_.get(), .events = POLLIN, .revents = 0};
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock.now()).count();
      const int n = left > 0 ? ::poll(&ready, 1, static_cast<int>(left)) : 0;
      if (n == 0) {
        return fail(ErrorKind::usage,
                    fmt::format("api_key_command '{}' took longer than 30 s", argv_.front()));
      }
      char block[kBlock];
      const ssize_t got = n > 0 ? ::read(out_.get(), block, sizeof block) : -1;
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got <= 0 || text.size() > kMostBytes) {
        break;
      }
      text.append(block, static_cast<std::size_t>(got));
    }
    Secret secret(std::move(text));
    FACEOFF_TRY(reap());
    return secret;
  }

 private:
  Status start() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
      return fail(ErrorKind::io, "api_key_command: " + errno_text(errno));
    }
    out_ = UniqueFd(ends[0]);
    const UniqueFd write_end(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, write_end.get(), 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::vector<std::string> words = argv_;
    std::vector<char*> pointers;
    for (auto& word : words) {
      pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    const int error =
        ::posix_spawnp(&pid_, pointers.front(), &actions, &attributes, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) {
      pid_ = -1;
      return fail(
          ErrorKind::usage,
          fmt::format(
              "api_key_command '{}' cannot be started: {}", argv_.front(), errno_text(error)));
    }
    return {};
  }

  Status reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      return {};
    }
    const std::string how = WIFEXITED(status)
                                ? fmt::format("ended with status {}", WEXITSTATUS(status))
                                : fmt::format("was ended by signal {}", WTERMSIG(status));
    return fail(
        ErrorKind::usage,
        fmt::format("api_key_command '{}' {}; run it by hand to see why", argv_.front(), how));
  }

  const std::vector<std::string>& argv_;
  pid_t pid_ = -1;
  UniqueFd out_;
};

}  // namespace

Result<Secret> run_key_program(const std::vector<std::string>& argv, const Clock& clock) {
  KeyProgram program(argv);
  return program.run(clock);
}

}  // namespace faceoff::cli
