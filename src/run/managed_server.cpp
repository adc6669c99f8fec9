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
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

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

bool is_passed_on(std::string_view name) {
  constexpr std::array kPrefixes = {std::string_view("LC_"),
                                    std::string_view("LLAMA_ARG_"),
                                    std::string_view("GGML_"),
                                    std::string_view("CUDA_"),
                                    std::string_view("HIP_"),
                                    std::string_view("ROCR_"),
                                    std::string_view("VK_")};
  constexpr std::array kNames = {std::string_view("PATH"),
                                 std::string_view("HOME"),
                                 std::string_view("LANG"),
                                 std::string_view("TMPDIR"),
                                 std::string_view("LD_LIBRARY_PATH"),
                                 std::string_view("LLAMA_CACHE")};
  if (name.find("KEY") != std::string_view::npos || name.find("TOKEN") != std::string_view::npos) {
    return false;
  }
  // The address is ours to choose.
  if (name == "LLAMA_ARG_HOST" || name == "LLAMA_ARG_PORT") {
    return false;
  }
  const auto has_prefix = [&](std::string_view prefix) { return name.starts_with(prefix); };
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), has_prefix) ||
         std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::vector<std::string> child_environment() {
  std::vector<std::string> kept;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (is_passed_on(text.substr(0, text.find('=')))) {
      kept.emplace_back(text);
    }
  }
  return kept;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  out.reserve(words.size() + 1);
  for (auto& word : words) {
    out.push_back(word.data());
  }
  out.push_back(nullptr);
  return out;
}

struct Launch {
  std::vector<char*> argv;
  std::vector<char*> environment;
  int log = -1;
  int error_pipe = -1;
  pid_t parent = -1;
};

// Between fork and exec: async-signal-safe calls only.
[[noreturn]] void become_child(const Launch& launch) {
  const auto give_up = [&launch] {
    const int error = errno;
    ::_exit(::write(launch.error_pipe, &error, sizeof error) > 0 ? 127 : 126);
  };
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != launch.parent) {
    ::_exit(127);  // we died in between
  }
  // A group of its own: Ctrl-C is ours to handle, and stop() reaches what the child starts.
  ::setpgid(0, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGUSR1}) {
    ::signal(signal, SIG_DFL);
  }
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0 || ::dup2(null, 0) < 0 || ::dup2(launch.log, 1) < 0 || ::dup2(launch.log, 2) < 0) {
    give_up();
  }
  ::execve(launch.argv.front(), launch.argv.data(), launch.environment.data());
  give_up();
  ::_exit(127);
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
  std::vector<std::string> environment = child_environment();
  const UniqueFd log_fd(::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  std::array<int, 2> pipe{-1, -1};
  if (!log_fd.valid() || ::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return fail(ErrorKind::io, fmt::format("{}: {}", log.string(), errno_text(errno)));
  }
  const UniqueFd read_end(pipe[0]);
  UniqueFd write_end(pipe[1]);
  const Launch launch{.argv = pointers(argv),
                      .environment = pointers(environment),
                      .log = log_fd.get(),
                      .error_pipe = write_end.get(),
                      .parent = ::getpid()};
  const pid_t pid = ::fork();
  if (pid < 0) {
    return fail(ErrorKind::io, fmt::format("cannot start {}: {}", plan.what, errno_text(errno)));
  }
  if (pid == 0) {
    become_child(launch);
  }
  write_end.reset();
  int error = 0;
  if (::read(read_end.get(), &error, sizeof error) == sizeof error) {
    ::waitpid(pid, nullptr, 0);
    return fail(ErrorKind::io,
                fmt::format("cannot start '{}': {}", plan.argv.front(), errno_text(error)));
  }
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
