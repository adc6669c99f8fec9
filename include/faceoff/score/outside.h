#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace faceoff::score {

// Code that a model wrote, and what it may use up.
struct Program {
  std::string language;  // one of kLanguages
  std::string source;
  Duration time = std::chrono::seconds(10);  // on the clock of the wall
  std::uint64_t memory_mib = 512;            // of all its processes together
};
inline constexpr std::string_view kPython = "python";
inline constexpr std::string_view kJavaScript = "javascript";
inline constexpr std::string_view kShell = "shell";

// How it ended. Everything but `exited` was our doing, or the kernel's.
enum class End : std::uint8_t { exited, killed, time, memory, processes, output, cancelled };

struct Ran {
  End end = End::exited;
  int status = 0;  // exit code, or the signal that killed it
  std::string out;
  std::string err;
};

// A scorer of the user's own: a program that reads one line of JSON and answers with one.
struct Helper {
  std::string name;                  // of the user's configuration; empty: `command` is the suite's
  std::vector<std::string> command;  // argv; empty when it has a name
  std::filesystem::path folder;      // where it runs: that of the suite
  friend bool operator<(const Helper& a, const Helper& b) {
    return std::tie(a.name, a.command, a.folder) < std::tie(b.name, b.command, b.folder);
  }
};

// What scorers need beside their input, and what the user therefore must allow.
struct Needs {
  std::set<std::string, std::less<>> languages;  // of code that is run
  std::set<Helper> helpers;
  [[nodiscard]] bool any() const noexcept { return !languages.empty() || !helpers.empty(); }
};

// What is done for a scorer outside of its pure function, by whoever may start programs (run). One
// object serves one thread; calls block.
class Outside {
 public:
  virtual ~Outside() = default;
  // Runs code in a sandbox. Error: it was not run, so nothing can be said of it.
  [[nodiscard]] virtual Result<Ran> run(const Program& program) = 0;
  // The helper's answer to `line` (neither has its newline). Error: it crashed, took longer than
  // `time` or wrote too much; it is started again for the next question.
  [[nodiscard]] virtual Result<std::string> ask(const Helper& helper,
                                                std::string_view line,
                                                Duration time) = 0;
  // What the helper answered made no sense: it is started again for the next question.
  virtual void forget(const Helper& helper) = 0;
};

}  // namespace faceoff::score
