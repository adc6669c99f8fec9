#include "helper_process.h"

#include <faceoff/base/text.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faceoff::run {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kMaxAnswer = 1024UL * 1024;
constexpr int kTickMs = 50;  // how soon a cancelled run is noticed

// A program that is gone must be an error, not the end of ours.
void block_sigpipe() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

Result<std::unique_ptr<HelperProcess>> HelperProcess::start(const std::vector<std::string>& argv,
                                                            const std::filesystem::path& folder,
                                                            const std::filesystem::path& log) {
  FACEOFF_TRY_ASSIGN(Pipe in, make_pipe());
  FACEOFF_TRY_ASSIGN(Pipe out, make_pipe());
  const UniqueFd err(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!err.valid()) {
    return fail(ErrorKind::io, fmt::format("{}: {}", log.string(), errno_text(errno)));
  }
  FACEOFF_TRY_ASSIGN(const pid_t pid,
                     start_child({.argv = argv,
                                  .environment = child_environment(),
                                  .folder = folder,
                                  .descriptors = {in.read.get(), out.write.get(), err.get()},
                                  .limits = {{RLIMIT_CORE, 0}},
                                  .become = std::nullopt}));
  ::fcntl(in.write.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(out.read.get(), F_SETFL, O_NONBLOCK);
  return std::unique_ptr<HelperProcess>(
      new HelperProcess(pid, argv.front(), std::move(in.write), std::move(out.read)));
}

HelperProcess::HelperProcess(pid_t pid, std::string name, UniqueFd in, UniqueFd out)
    : pid_(pid), name_(std::move(name)), in_(std::move(in)), out_(std::move(out)) {}

HelperProcess::~HelperProcess() {
  ::kill(-pid_, SIGKILL);
  if (!reaped_) {
    ::waitpid(pid_, nullptr, 0);
  }
}

std::string HelperProcess::how_it_ended() {
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) {
    return "closed its standard output";
  }
  reaped_ = true;
  return WIFSIGNALED(status) ? fmt::format("was killed by signal {}", WTERMSIG(status))
                             : fmt::format("ended (exit {})", WEXITSTATUS(status));
}

// True when something came, false when nothing is there yet.
Result<bool> HelperProcess::read_some(std::string& answer) {
  std::array<char, 65536> buffer{};
  const ssize_t n = ::read(out_.get(), buffer.data(), buffer.size());
  if (n > 0) {
    answer.append(buffer.data(), static_cast<std::size_t>(n));
    return true;
  }
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
    return false;
  }
  return fail(ErrorKind::protocol,
              fmt::format("the program '{}' {} without an answer", name_, how_it_ended()));
}

Result<std::string> HelperProcess::ask(std::string_view line,
                                       Duration time,
                                       const std::atomic<bool>& cancel) {
  block_sigpipe();
  const std::string question = std::string(line) + "\n";
  std::string_view unsent = question;
  std::string answer;
  const auto end = steady_clock::now() + time;
  while (answer.find('\n') == std::string::npos) {
    if (cancel.load()) {
      return fail(ErrorKind::cancelled, "stopped before the program had answered");
    }
    if (steady_clock::now() >= end) {
      return fail(
          ErrorKind::protocol,
          fmt::format("the program '{}' gave no answer within {} s", name_, to_seconds(time)));
    }
    std::array<pollfd, 2> fds{pollfd{out_.get(), POLLIN, 0},
                              pollfd{unsent.empty() ? -1 : in_.get(), POLLOUT, 0}};
    ::poll(fds.data(), fds.size(), kTickMs);
    if (fds[1].revents != 0) {
      const ssize_t n = ::write(in_.get(), unsent.data(), unsent.size());
      unsent.remove_prefix(n > 0 ? static_cast<std::size_t>(n) : 0);
      if (n < 0 && errno == EPIPE) {
        unsent = {};  // reading tells how it ended, or its answer
      }
    }
    if (fds[0].revents != 0) {
      FACEOFF_TRY(read_some(answer));
    }
    if (answer.size() > kMaxAnswer) {
      return fail(ErrorKind::protocol,
                  fmt::format("the program '{}' wrote more than 1 MiB", name_));
    }
  }
  const auto newline = answer.find('\n');
  if (newline + 1 != answer.size()) {
    return fail(ErrorKind::protocol,
                fmt::format("the program '{}' wrote more than one line", name_));
  }
  answer.pop_back();
  return answer;
}

}  // namespace faceoff::run
