#pragma once

#include <faceoff/base/files.h>
#include <faceoff/base/result.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/types.h>

namespace faceoff::run {

// NAME=VALUE of what a child of ours may see: paths, the locale, settings of llama.cpp and of
// graphics cards. No keys.
[[nodiscard]] std::vector<std::string> child_environment();

// For execve: `words` with a null behind them; valid as long as `words`.
[[nodiscard]] std::vector<char*> pointers(std::vector<std::string>& words);

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};
[[nodiscard]] Result<Pipe> make_pipe();

struct Limit {
  int resource = 0;  // RLIMIT_CPU
  rlim_t value = 0;
};

// What a child is started with. Descriptors are borrowed.
struct ChildPlan {
  std::vector<std::string> argv;         // argv[0] is a path
  std::vector<std::string> environment;  // NAME=VALUE
  std::filesystem::path folder;          // empty: ours
  // Which of our descriptors become 0, 1, 2, ... of the child; all others are closed there.
  std::vector<int> descriptors;
  std::vector<Limit> limits;
  std::optional<uid_t> become;  // user and group, for a child of root
};

// Starts a child in a process group of its own; it gets SIGKILL when the thread that starts it
// ends. Error of kind io: it could not be started, and why. The caller waits for it.
[[nodiscard]] Result<pid_t> start_child(const ChildPlan& plan);

// The program `name` in PATH, or `name` itself when it has a slash; nullopt when there is none.
[[nodiscard]] std::optional<std::string> find_program(const std::string& name,
                                                      const std::string& path);

}  // namespace faceoff::run
