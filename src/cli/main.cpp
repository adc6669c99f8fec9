#include "command.h"
#include "parse.h"
#include "process_setup.h"
#include "terminal.h"

#include <faceoff/base/log.h>
#include <faceoff/base/secret.h>

#include <array>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace faceoff::cli {
namespace {

std::optional<std::string> read_environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::filesystem::path own_path() {
  std::error_code error;
  auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path("faceoff") : path;
}

Status set_up_logging(const Arguments& arguments) {
  const std::size_t verbosity = arguments.values("verbose").size();
  log::Options options;
  options.stderr_level = verbosity == 0   ? log::Level::warn
                         : verbosity == 1 ? log::Level::debug
                                          : log::Level::trace;
  if (const auto path = arguments.value("log-file")) {
    options.file = *path;
  }
  return log::set_up(options);
}

Status enter_directory(const Arguments& arguments) {
  if (const auto folder = arguments.value("directory")) {
    std::error_code error;
    std::filesystem::current_path(*folder, error);
    if (error) {
      return fail(ErrorKind::usage, fmt::format("-C {}: {}", *folder, error.message()));
    }
  }
  return {};
}

Exit dispatch(const Invocation& invocation, Context& context) {
  const auto colour = invocation.arguments.value("color");
  auto out = style_of(STDOUT_FILENO, colour, context.environment);
  auto err = style_of(STDERR_FILENO, colour, context.environment);
  if (!out || !err) {
    return report_error(out ? err.error() : out.error(), context);
  }
  context.out = *out;
  context.err = *err;
  if (auto status = set_up_logging(invocation.arguments); !status) {
    return report_error(status.error(), context);
  }
  if (auto status = enter_directory(invocation.arguments); !status) {
    return report_error(status.error(), context);
  }
  return invocation.command->run(invocation.arguments, context);
}

Exit run_program(std::vector<std::string> command_line) {
  const SteadyClock clock;
  Context context{.clock = clock,
                  .environment = read_environment,
                  .out = {},
                  .err = {},
                  .command_line = command_line,
                  .self = own_path()};
  const std::vector<std::string> words(command_line.begin() + 1, command_line.end());
  // Also a misspelt command is answered in the terminal's own width and colours.
  if (const auto style = style_of(STDOUT_FILENO, std::nullopt, context.environment)) {
    context.out = *style;
  }
  if (const auto style = style_of(STDERR_FILENO, std::nullopt, context.environment)) {
    context.err = *style;
  }
  const auto invocation = parse_command_line(words, context.environment);
  if (!invocation) {
    return report_error(invocation.error(), context);
  }
  if (invocation->command == nullptr) {
    const auto status = print_out(fitted_columns(invocation->text, context.out));
    return status ? Exit::ok : report_error(status.error(), context);
  }
  return dispatch(*invocation, context);
}

}  // namespace
}  // namespace faceoff::cli

int main(int argc, char** argv) {
  faceoff::cli::prepare_process();
  // Memory that held keys must not end up in a core file.
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // The limit does not bind a core_pattern that pipes to a program; this does, and it keeps other
  // processes of the user from reading our memory and environment.
  ::prctl(PR_SET_DUMPABLE, 0);
  try {
    return static_cast<int>(faceoff::cli::run_program({argv, argv + argc}));
  } catch (const std::exception& error) {
    faceoff::cli::print_err(
        fmt::format("faceoff: internal error: {}\nThis is a defect of faceoff; please report it "
                    "with the command line and the version (faceoff version).\n",
                    faceoff::redactor().redact(error.what())));
    return static_cast<int>(faceoff::cli::Exit::internal);
  }
}
