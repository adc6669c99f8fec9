#include "sandbox_watch.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <optional>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faceoff::run {
namespace {

using std::chrono::steady_clock;

constexpr auto kLook = std::chrono::milliseconds(25);  // between two looks at the processes
constexpr std::size_t kMaxOutput = 1024UL * 1024;
constexpr std::uint64_t kMib = 1024ULL * 1024;

struct Process {
  pid_t id = 0;
  pid_t parent = 0;
  std::uint64_t pages = 0;
};

// The number at the beginning of `text`, which loses it and the blank behind.
std::uint64_t take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto end = text.find(' ');
  std::from_chars(text.data(), text.data() + std::min(end, text.size()), value);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return value;
}

// /proc/PID/stat: "12 (name) S parent ..."; the name may hold anything. Field 24 is the memory.
std::optional<Process> read_process(pid_t id) {
  constexpr int kFieldsToMemory = 19;  // between the parent and the pages
  const UniqueFd fd(::open(fmt::format("/proc/{}/stat", id).c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> buffer{};
  const ssize_t size = fd.valid() ? ::read(fd.get(), buffer.data(), buffer.size()) : -1;
  if (size <= 0) {
    return std::nullopt;
  }
  std::string_view text(buffer.data(), static_cast<std::size_t>(size));
  const auto name_end = text.rfind(") ");
  if (name_end == std::string_view::npos || name_end + 4 > text.size()) {
    return std::nullopt;
  }
  text.remove_prefix(name_end + 4);
  Process process{.id = id, .parent = static_cast<pid_t>(take_number(text)), .pages = 0};
  for (int i = 0; i < kFieldsToMemory; ++i) {
    static_cast<void>(take_number(text));
  }
  process.pages = take_number(text);
  return process;
}

std::vector<Process> all_processes() {
  std::vector<Process> out;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) {
    return out;
  }
  while (const dirent* entry = ::readdir(folder)) {  // NOLINT(concurrency-mt-unsafe): own stream
    const std::string_view name(&entry->d_name[0]);
    pid_t id = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (error == std::errc() && end == name.data() + name.size()) {
      if (auto process = read_process(id)) {
        out.push_back(*process);
      }
    }
  }
  ::closedir(folder);
  return out;
}

// One stream of the program, read without waiting.
struct Stream {
  UniqueFd fd;
  std::string text;
  bool open = true;

  explicit Stream(UniqueFd from) : fd(std::move(from)) { ::fcntl(fd.get(), F_SETFL, O_NONBLOCK); }
  // Reads what is there, at most a little more than what may be kept.
  void take() {
    std::array<char, 65536> buffer{};
    while (open && text.size() <= kMaxOutput) {
      const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
      if (n > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(n));
      } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        open = false;
      } else if (errno == EAGAIN) {
        return;
      }
    }
  }
};

class Watch {
 public:
  Watch(pid_t pid, Prepared prepared, const score::Program& program)
      : pid_(pid),
        program_(program),
        out_(std::move(prepared.out)),
        err_(std::move(prepared.err)),
        status_(std::move(prepared.status)),
        end_(steady_clock::now() + program.time) {}

  Result<score::Ran> follow(const std::atomic<bool>& cancel) {
    while (!over()) {
      wait_a_little();
      take_all();
      if (!over()) {
        if (const auto why = too_much(cancel)) {
          ran_.end = *why;
          ::kill(pid_, SIGKILL);  // the rest of the sandbox dies with it
          ::waitpid(pid_, nullptr, 0);
          return conclude();
        }
      }
    }
    set_status();
    return conclude();
  }

 private:
  // The streams may close long before the program ends, and it may end with what it has written
  // unread; it is over when the process is.
  bool over() {
    if (!wait_status_) {
      int status = 0;
      const pid_t got = ::waitpid(pid_, &status, WNOHANG);
      if (got == pid_ || (got < 0 && errno == ECHILD)) {
        wait_status_ = got == pid_ ? status : 0;
        take_all();
      }
    }
    return wait_status_.has_value();
  }

  void wait_a_little() {
    std::array<pollfd, 3> fds{pollfd{out_.open ? out_.fd.get() : -1, POLLIN, 0},
                              pollfd{err_.open ? err_.fd.get() : -1, POLLIN, 0},
                              pollfd{status_.open ? status_.fd.get() : -1, POLLIN, 0}};
    ::poll(fds.data(), fds.size(), static_cast<int>(kLook.count()));
  }

  void take_all() {
    out_.take();
    err_.take();
    status_.take();
  }

  std::optional<score::End> too_much(const std::atomic<bool>& cancel) {
    if (cancel.load()) {
      return score::End::cancelled;
    }
    if (out_.text.size() > kMaxOutput || err_.text.size() > kMaxOutput) {
      return score::End::output;
    }
    const auto now = steady_clock::now();
    if (now >= end_) {
      return score::End::time;
    }
    if (now < next_look_) {
      return std::nullopt;
    }
    const Usage usage = usage_below(pid_);
    next_look_ = steady_clock::now() + kLook;
    // Bubblewrap's own processes are two small ones.
    if (usage.processes > kMaxProcesses + 2) {
      return score::End::processes;
    }
    return usage.memory > program_.memory_mib * kMib ? std::optional(score::End::memory)
                                                     : std::nullopt;
  }

  void set_status() {
    const int status = *wait_status_;
    constexpr int kSignalled = 128;
    if (WIFSIGNALED(status)) {
      ran_.end = score::End::killed;
      ran_.status = WTERMSIG(status);
    } else if (WEXITSTATUS(status) > kSignalled && WEXITSTATUS(status) <= kSignalled + SIGRTMAX) {
      ran_.end = score::End::killed;
      ran_.status = WEXITSTATUS(status) - kSignalled;
    } else {
      ran_.end = score::End::exited;
      ran_.status = WEXITSTATUS(status);
    }
    if (out_.text.size() > kMaxOutput || err_.text.size() > kMaxOutput) {
      ran_.end = score::End::output;
    }
  }

  Result<score::Ran> conclude() {
    take_all();
    if (ran_.end == score::End::exited && status_.text.find("child-pid") == std::string::npos) {
      return fail(ErrorKind::io,
                  "the sandbox did not start: " +
                      display_text(trim(err_.text.substr(0, err_.text.find('\n')))));
    }
    ran_.out = std::move(out_.text);
    ran_.err = std::move(err_.text);
    return std::move(ran_);
  }

  pid_t pid_;
  const score::Program& program_;
  Stream out_;
  Stream err_;
  Stream status_;
  steady_clock::time_point end_;
  steady_clock::time_point next_look_{};
  std::optional<int> wait_status_;
  score::Ran ran_;
};

}  // namespace

Usage usage_below(pid_t root) {
  std::vector<Process> others = all_processes();
  std::unordered_set<pid_t> family{root};
  Usage usage;
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  for (bool grew = true; grew;) {
    grew = false;
    std::erase_if(others, [&](const Process& process) {
      if (!family.contains(process.parent)) {
        return false;
      }
      family.insert(process.id);
      ++usage.processes;
      usage.memory += process.pages * page;
      grew = true;
      return true;
    });
  }
  return usage;
}

Result<score::Ran> watch_sandbox(pid_t pid,
                                 Prepared prepared,
                                 const score::Program& program,
                                 const std::atomic<bool>& cancel) {
  prepared.given.clear();
  return Watch(pid, std::move(prepared), program).follow(cancel);
}

}  // namespace faceoff::run
