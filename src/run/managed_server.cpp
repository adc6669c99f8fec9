#include "child.h"

#include <faceoff/base/files.h>
#include <faceoff/base/log.h>
#include <faceoff/base/text.h>
#include <faceoff/run/managed_server.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faceoff::run {
namespace {

constexpr auto kStopLimit = std::chrono::seconds(5);
constexpr auto kStopPoll = std::chrono::milliseconds(5);
constexpr std::size_t kLogTailLines = 3;
constexpr std::size_t kLogTailWidth = 160;

// A port that was free a moment ago. Another program may take it before the child does; the child
// then exits and says so.
Result<std::uint16_t> free_port() {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (!fd.valid() || ::bind(fd.get(), generic, size) != 0 ||
      ::getsockname(fd.get(), generic, &size) != 0) {
    return fail(ErrorKind::io, "no free port on 127.0.0.1: " + errno_text(errno));
  }
  return ntohs(address.sin_port);
}

std::string last_lines(const std::filesystem::path& log) {
  const auto text = read_file(log);
  if (!text) {
    return {};
  }
  std::vector<std::string> lines;
  for (const auto line : split(*text, '\n')) {
    if (!trim(line).empty()) {
      lines.push_back(fit_width(display_text(trim(line)), kLogTailWidth));
    }
  }
  if (lines.size() > kLogTailLines) {
    lines.erase(lines.begin(), lines.end() - kLogTailLines);
  }
  return join(lines, " | ");
}

std::string status_text(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("signal {}", WTERMSIG(status));
  }
  return fmt::format("exit {}", WEXITSTATUS(status));
}

}  // namespace

Result<std::unique_ptr<ManagedServer>> ManagedServer::start(const ManagedPlan& plan,
                                                            const std::filesystem::path& log) {
  FACEOFF_TRY_ASSIGN(const std::uint16_t port, free_port());
  std::vector<std::string> argv = plan.argv;
  argv.push_back(plan.port_flag);
  argv.push_back(std::to_string(port));
  const UniqueFd log_fd(::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!log_fd.valid() || !null.valid()) {
    return fail(ErrorKind::io, fmt::format("{}: {}", log.string(), errno_text(errno)));
  }
  FACEOFF_TRY_ASSIGN(const pid_t pid,
                     start_child({.argv = argv,
                                  .environment = child_environment(),
                                  .folder = {},
                                  .descriptors = {null.get(), log_fd.get(), log_fd.get()},
                                  .limits = {},
                                  .become = std::nullopt}));
  log::debug(fmt::format("{}: started as process {} on port {}", plan.what, pid, port));
  return std::unique_ptr<ManagedServer>(new ManagedServer(plan.what, pid, port, log));
}

ManagedServer::ManagedServer(std::string what,
                             int pid,
                             std::uint16_t port,
                             std::filesystem::path log)
    : what_(std::move(what)), pid_(pid), port_(port), log_(std::move(log)) {}

ManagedServer::~ManagedServer() {
  static_cast<void>(stop());
}

std::string ManagedServer::base_url() const {
  return fmt::format("http://127.0.0.1:{}", port_);
}

bool ManagedServer::reap(bool wait) {
  if (status_) {
    return true;
  }
  int status = 0;
  const pid_t got = ::waitpid(pid_, &status, wait ? 0 : WNOHANG);
  if (got == pid_) {
    status_ = status;
  } else if (got < 0 && errno == ECHILD) {
    status_ = 0;
  }
  return status_.has_value();
}

std::optional<std::string> ManagedServer::post_mortem() {
  if (!reap(false)) {
    return std::nullopt;
  }
  return fmt::format("{} ended by itself ({}); its log {} ends with: {}",
                     what_,
                     status_text(*status_),
                     log_.string(),
                     last_lines(log_));
}

std::string ManagedServer::stop() {
  if (!reap(false)) {
    ::kill(-pid_, SIGTERM);
    const auto limit = std::chrono::steady_clock::now() + kStopLimit;
    while (!reap(false) && std::chrono::steady_clock::now() < limit) {
      std::this_thread::sleep_for(kStopPoll);
    }
    if (!reap(false)) {
      log::warn(fmt::format("{}: does not stop on SIGTERM, killing process {}", what_, pid_));
    }
    ::kill(-pid_, SIGKILL);
    static_cast<void>(reap(true));
  }
  return status_text(*status_);
}

}  // namespace faceoff::run
