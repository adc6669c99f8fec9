#pragma once

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faceoff::test {

struct Finished {
  int exit = -1;  // 128 + n when a signal ended it
  std::string out;
  std::string err;
  long max_rss_kib = 0;  // the most memory that it had at one time, without its children
};

// A real child process with its output captured. The environment is exactly `environment`.
class Process {
 public:
  struct Options {
    std::map<std::string, std::string> environment;
    std::filesystem::path folder;        // empty: the present one
    std::function<void()> prepare = {};  // called in the child before the program: limits, umask
  };

  Process(const std::vector<std::string>& argv, const Options& options) {
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) {
      std::abort();
    }
    std::vector<std::string> words = argv;
    std::vector<std::string> variables;
    for (const auto& [name, value] : options.environment) {
      variables.push_back(name + "=" + value);
    }
    std::vector<char*> argv_pointers = pointers(words);
    std::vector<char*> environment = pointers(variables);
    pid_ = ::fork();
    if (pid_ == 0) {
      if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) {
        ::_exit(126);
      }
      ::dup2(::open("/dev/null", O_RDONLY), 0);
      ::dup2(out[1], 1);
      ::dup2(err[1], 2);
      if (options.prepare) {
        options.prepare();
      }
      ::execve(argv_pointers.front(), argv_pointers.data(), environment.data());
      ::_exit(127);
    }
    ::close(out[1]);
    ::close(err[1]);
    out_ = out[0];
    err_ = err[0];
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (pid_ > 0 && !reaped_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(out_);
    ::close(err_);
  }

  [[nodiscard]] int pid() const { return pid_; }
  void signal(int number) const { ::kill(pid_, number); }

  // Reads until `text` stands in what standard output (or error) has said; false at the end.
  bool await_out(const std::string& text) { return await(out_text_, text); }
  bool await_err(const std::string& text) { return await(err_text_, text); }
  [[nodiscard]] const std::string& out() const { return out_text_; }

  Finished wait() {
    while (read_some()) {
    }
    int status = 0;
    rusage usage{};
    ::wait4(pid_, &status, 0, &usage);
    reaped_ = true;
    return {.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            .out = out_text_,
            .err = err_text_,
            .max_rss_kib = usage.ru_maxrss};
  }

 private:
  static std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> out;
    for (auto& word : words) {
      out.push_back(word.data());
    }
    out.push_back(nullptr);
    return out;
  }
  bool await(const std::string& stream, const std::string& text) {
    while (stream.find(text) == std::string::npos) {
      if (!read_some()) {
        return stream.find(text) != std::string::npos;
      }
    }
    return true;
  }
  // False when both streams have ended.
  bool read_some() {
    std::array<pollfd, 2> fds{pollfd{out_open_ ? out_ : -1, POLLIN, 0},
                              pollfd{err_open_ ? err_ : -1, POLLIN, 0}};
    if (!out_open_ && !err_open_) {
      return false;
    }
    constexpr int kLimitMs = 120'000;  // only keeps a broken test from hanging
    if (::poll(fds.data(), fds.size(), kLimitMs) <= 0) {
      return false;
    }
    take(fds[0], out_text_, out_open_);
    take(fds[1], err_text_, err_open_);
    return true;
  }
  static void take(const pollfd& fd, std::string& text, bool& open) {
    if (fd.revents == 0) {
      return;
    }
    std::array<char, 65536> buffer{};
    const ssize_t n = ::read(fd.fd, buffer.data(), buffer.size());
    if (n > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(n));
    } else if (n == 0 || errno != EINTR) {
      open = false;
    }
  }

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  bool out_open_ = true;
  bool err_open_ = true;
  bool reaped_ = false;
  std::string out_text_;
  std::string err_text_;
};

}  // namespace faceoff::test
