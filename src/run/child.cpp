#include "child.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace faceoff::run {
namespace {

// Above every number that a child's descriptors may get, so that dup2 overwrites none of them.
constexpr int kSafeDescriptor = 20;

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

// Everything that the child needs, made before the fork: no memory is taken behind it.
struct Launch {
  std::vector<char*> argv;
  std::vector<char*> environment;
  const char* folder = nullptr;
  std::vector<UniqueFd> descriptors;  // copies at kSafeDescriptor and above
  const std::vector<Limit>& limits;
  std::optional<uid_t> become;
  UniqueFd error_pipe;
  pid_t parent = -1;
};

bool become_user(uid_t user) {
  return ::setgroups(0, nullptr) == 0 && ::setresgid(user, user, user) == 0 &&
         ::setresuid(user, user, user) == 0;
}

bool prepare(const Launch& launch) {
  for (const Limit& limit : launch.limits) {
    const rlimit both{limit.value, limit.value};
    if (::setrlimit(static_cast<__rlimit_resource>(limit.resource), &both) != 0) {
      return false;
    }
  }
  for (std::size_t i = 0; i < launch.descriptors.size(); ++i) {
    if (::dup2(launch.descriptors[i].get(), static_cast<int>(i)) < 0) {
      return false;
    }
  }
  if (launch.folder != nullptr && ::chdir(launch.folder) != 0) {
    return false;
  }
  if (launch.become && !become_user(*launch.become)) {
    return false;
  }
  // A change of the user clears the signal that was asked for.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return ::getppid() == launch.parent;
}

// Between fork and exec: async-signal-safe calls only.
[[noreturn]] void become_child(const Launch& launch) {
  ::setpgid(0, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGUSR1}) {
    ::signal(signal, SIG_DFL);
  }
  if (prepare(launch)) {
    const auto first = static_cast<unsigned>(launch.descriptors.size());
    ::close_range(first, ~0U, CLOSE_RANGE_CLOEXEC);
    ::execve(launch.argv.front(), launch.argv.data(), launch.environment.data());
  }
  const int error = errno;
  ::_exit(::write(launch.error_pipe.get(), &error, sizeof error) > 0 ? 127 : 126);
}

Result<UniqueFd> safe_copy(int fd) {
  UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, kSafeDescriptor));
  if (!copy.valid()) {
    return fail(ErrorKind::io, "cannot start a program: " + errno_text(errno));
  }
  return copy;
}

}  // namespace

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

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(ErrorKind::io, "no pipe: " + errno_text(errno));
  }
  return Pipe{.read = UniqueFd(ends[0]), .write = UniqueFd(ends[1])};
}

Result<pid_t> start_child(const ChildPlan& plan) {
  std::vector<std::string> argv = plan.argv;
  std::vector<std::string> environment = plan.environment;
  FACEOFF_TRY_ASSIGN(Pipe errors, make_pipe());
  Launch launch{.argv = pointers(argv),
                .environment = pointers(environment),
                .folder = plan.folder.empty() ? nullptr : plan.folder.c_str(),
                .descriptors = {},
                .limits = plan.limits,
                .become = plan.become,
                .error_pipe = {},
                .parent = ::getpid()};
  for (const int fd : plan.descriptors) {
    FACEOFF_TRY_ASSIGN(auto copy, safe_copy(fd));
    launch.descriptors.push_back(std::move(copy));
  }
  FACEOFF_TRY_ASSIGN(launch.error_pipe, safe_copy(errors.write.get()));
  errors.write.reset();
  const pid_t pid = ::fork();
  if (pid < 0) {
    return fail(ErrorKind::io,
                fmt::format("cannot start '{}': {}", argv.front(), errno_text(errno)));
  }
  if (pid == 0) {
    become_child(launch);
  }
  launch.error_pipe.reset();
  int error = 0;
  ssize_t got = 0;
  do {
    got = ::read(errors.read.get(), &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  if (got == sizeof error) {
    ::waitpid(pid, nullptr, 0);
    return fail(ErrorKind::io,
                fmt::format("cannot start '{}': {}", argv.front(), errno_text(error)));
  }
  return pid;
}

std::optional<std::string> find_program(const std::string& name, const std::string& path) {
  const auto is_program = [](const std::string& file) {
    struct stat info {};
    return ::access(file.c_str(), X_OK) == 0 && ::stat(file.c_str(), &info) == 0 &&
           S_ISREG(info.st_mode);
  };
  if (name.find('/') != std::string::npos) {
    return is_program(name) ? std::optional(name) : std::nullopt;
  }
  for (const std::string_view folder : split(path, ':')) {
    const std::string file = fmt::format("{}/{}", folder, name);
    if (folder.starts_with('/') && is_program(file)) {
      return file;
    }
  }
  return std::nullopt;
}

}  // namespace faceoff::run
