#include "command.h"

#include "terminal.h"

#include <faceoff/base/files.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::cli {

#define FACEOFF_COMMAND(id) extern const Command id##_command;
#include "commands.def"
#undef FACEOFF_COMMAND

std::span<const Command* const> commands() {
  static constexpr std::array kTable{
#define FACEOFF_COMMAND(id) &id##_command,
#include "commands.def"
#undef FACEOFF_COMMAND
  };
  return kTable;
}

std::span<const Flag> global_flags() {
  static constexpr std::array kFlags{
      Flag{.name = "quiet", .letter = 'q', .help = "no progress and no hints on stderr"},
      Flag{.name = "verbose",
           .letter = 'v',
           .help = "log to stderr; twice for more",
           .repeats = true},
      Flag{.name = "log-file", .value = "PATH", .help = "write a debug log to PATH"},
      Flag{.name = "color", .value = "WHEN", .help = "auto, always or never (default: auto)"},
      Flag{.name = "config",
           .value = "PATH",
           .help = "read PATH instead of looking for faceoff.yaml"},
      Flag{.name = "no-config", .help = "read no configuration file"},
      Flag{.name = "directory", .letter = 'C', .value = "DIR", .help = "work in DIR"},
      Flag{.name = "results", .value = "DIR", .help = "where runs are kept (default: results)"},
  };
  return kFlags;
}

Exit exit_of(const Error& error) noexcept {
  switch (error.kind) {
    case ErrorKind::usage:
      return Exit::usage;
    case ErrorKind::io:
      return Exit::io;
    case ErrorKind::transport:
    case ErrorKind::protocol:
    case ErrorKind::rejected:
      return Exit::backend;
    case ErrorKind::cancelled:
      return Exit::interrupted;
  }
  return Exit::internal;
}

Exit graver(Exit a, Exit b) noexcept {
  constexpr std::array kGravestFirst{Exit::internal,
                                     Exit::interrupted,
                                     Exit::terminated,
                                     Exit::usage,
                                     Exit::nothing_to_do,
                                     Exit::io,
                                     Exit::budget,
                                     Exit::backend,
                                     Exit::gate_failed,
                                     Exit::inconclusive,
                                     Exit::ok};
  for (const Exit exit : kGravestFirst) {
    if (exit == a || exit == b) {
      return exit;
    }
  }
  return a;
}

std::optional<std::string> Arguments::value(std::string_view flag) const {
  const auto it = values_.find(flag);
  return it == values_.end() ? std::nullopt : std::optional(it->second.back());
}

std::vector<std::string> Arguments::values(std::string_view flag) const {
  const auto it = values_.find(flag);
  return it == values_.end() ? std::vector<std::string>{} : it->second;
}

Result<std::optional<std::int64_t>> Arguments::integer(std::string_view flag,
                                                       std::int64_t low) const {
  const auto text = value(flag);
  if (!text) {
    return std::nullopt;
  }
  const auto number = parse_int(*text);
  if (!number) {
    return fail(ErrorKind::usage, fmt::format("--{}: {}", flag, number.error().message));
  }
  constexpr std::int64_t kHigh = 1'000'000'000;
  if (*number < low || *number > kHigh) {
    return fail(ErrorKind::usage,
                fmt::format("--{}: '{}' must be from {} to {}", flag, *text, low, kHigh));
  }
  return *number;
}

Result<std::optional<Duration>> Arguments::duration(std::string_view flag) const {
  const auto text = value(flag);
  if (!text) {
    return std::nullopt;
  }
  const auto parsed = parse_duration(*text);
  if (!parsed) {
    return fail(ErrorKind::usage, fmt::format("--{}: {}", flag, parsed.error().message));
  }
  return *parsed;
}

namespace {

// A terminal that was closed gives EIO; so does a broken disk, which is no reader that went away.
bool is_device(int fd) {
  const int error = errno;
  struct stat info {};
  const bool device = ::fstat(fd, &info) == 0 && S_ISCHR(info.st_mode);
  errno = error;
  return device;
}

}  // namespace

Status print_out(std::string_view text) {
  static bool reader_gone = false;
  while (!text.empty() && !reader_gone) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EPIPE || errno == EBADF || (errno == EIO && is_device(STDOUT_FILENO))) {
      reader_gone = true;
    } else if (errno != EINTR) {
      return fail(ErrorKind::io, "standard output: " + errno_text(errno));
    }
  }
  return {};
}

void print_err(std::string_view text) {
  static_cast<void>(write_all(STDERR_FILENO, text, "standard error"));
}

Exit report_error(const Error& error, const Context& context) {
  const std::string safe = display_text(redactor().redact(error.message), Lines::keep);
  const std::string_view red = context.err.colour ? "\x1b[1;31m" : "";
  const std::string_view plain = context.err.colour ? "\x1b[0m" : "";
  tell(context, fmt::format("{}error:{} {}\n", red, plain, safe));
  return exit_of(error);
}

}  // namespace faceoff::cli
