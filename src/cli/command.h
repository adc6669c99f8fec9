#pragma once

// One command of the program and what it is given. Private to cli.

#include <faceoff/backend/spec.h>
#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::cli {

// Exit codes (docs/guide.md; `faceoff help exit-codes`).
enum class Exit : std::uint8_t {
  ok = 0,
  gate_failed = 1,
  usage = 2,
  inconclusive = 3,
  backend = 4,
  nothing_to_do = 5,
  io = 6,
  budget = 7,
  internal = 70,
  interrupted = 130,
  terminated = 143,
};
[[nodiscard]] Exit exit_of(const Error& error) noexcept;
// Of several suites, the one that the program ends with.
[[nodiscard]] Exit graver(Exit a, Exit b) noexcept;

// A flag of a command. Flags are also read from the environment: --score-threads is
// FACEOFF_SCORE_THREADS.
struct Flag {
  std::string_view name;        // without dashes
  char letter = '\0';           // 0: none
  std::string_view value = "";  // name of its value in the help; empty: a switch
  std::string_view help;
  bool repeats = false;
};

// The words that stand behind the command, without flags.
struct Positional {
  std::string_view name = "";  // empty: none are taken
  std::string_view help = "";
  std::size_t min = 0;
  std::size_t max = 0;
};

// A parsed command line.
class Arguments {
 public:
  [[nodiscard]] bool has(std::string_view flag) const { return values_.contains(flag); }
  // The last value given.
  [[nodiscard]] std::optional<std::string> value(std::string_view flag) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view flag) const;
  [[nodiscard]] const std::vector<std::string>& positionals() const noexcept {
    return positionals_;
  }

  // Typed; an error names the flag. `low` is the least value allowed.
  [[nodiscard]] Result<std::optional<std::int64_t>> integer(std::string_view flag,
                                                            std::int64_t low) const;
  [[nodiscard]] Result<std::optional<Duration>> duration(std::string_view flag) const;

  void add(std::string flag, std::string value) {
    values_[std::move(flag)].push_back(std::move(value));
  }
  void add_positional(std::string word) { positionals_.push_back(std::move(word)); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> positionals_;
};

// How to write for one stream.
struct Style {
  bool tty = false;
  bool colour = false;
  bool unicode = true;
  std::size_t width = 0;  // 0: unlimited
};

// What every command works with.
struct Context {
  const Clock& clock;
  backend::Environment environment;
  Style out;
  Style err;
  std::vector<std::string> command_line;  // as typed
  std::filesystem::path self;             // this program
};

struct Command {
  std::string_view name;
  std::string_view summary;
  Positional positional;
  std::span<const Flag> flags;
  std::string_view examples;  // one a line
  Exit (*run)(const Arguments& arguments, Context& context);
};

[[nodiscard]] std::span<const Command* const> commands();
// Flags that every command takes.
[[nodiscard]] std::span<const Flag> global_flags();

// --- Streams -------------------------------------------------------------------------------------

// The result. A reader that went away (EPIPE) is no error; the rest is dropped.
[[nodiscard]] Status print_out(std::string_view text);
// Progress, warnings, hints.
void print_err(std::string_view text);
// "error: ..." on stderr, redacted and safe for a terminal; returns exit_of(error).
Exit report_error(const Error& error, const Context& context);

}  // namespace faceoff::cli
