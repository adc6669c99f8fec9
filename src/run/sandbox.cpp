#include "sandbox_command.h"
#include "sandbox_watch.h"

#include <faceoff/base/text.h>
#include <faceoff/run/sandbox.h>

#include <array>
#include <utility>

#include <fmt/format.h>

#include <unistd.h>

namespace faceoff::run {
namespace {

constexpr std::string_view kProbe = "faceoff-sandbox-works";

std::string remedy(std::string_view why) {
  const bool forbidden = why.find("namespace") != std::string_view::npos ||
                         why.find("ermi") != std::string_view::npos ||
                         why.find("uid map") != std::string_view::npos;
  return forbidden
             ? "this system does not let programs make namespaces; on Ubuntu allow them to bwrap "
               "with an AppArmor profile, in Docker start the container with --security-opt "
               "seccomp=unconfined --security-opt apparmor=unconfined"
             : "see whether 'bwrap --unshare-all --ro-bind / / true' works";
}

std::string first_line(std::string_view text) {
  const std::string line(trim(text.substr(0, text.find('\n'))));
  return line.empty() ? "it does not start programs" : display_text(line);
}

}  // namespace

std::optional<std::string> Sandbox::interpreter(std::string_view language) {
  const auto first = [](auto... names) {
    std::optional<std::string> found;
    ((found = found ? found : find_program(names, std::string(kSystemPath))), ...);
    return found;
  };
  if (language == score::kPython) {
    return first("python3");
  }
  if (language == score::kJavaScript) {
    return first("node", "nodejs");
  }
  return language == score::kShell ? first("bash", "sh") : std::nullopt;
}

Result<std::string> Sandbox::try_out(const std::atomic<bool>& cancel) const {
  FACEOFF_TRY_ASSIGN(const score::Ran ran,
                     run({.language = std::string(score::kShell),
                          .source = fmt::format("(exit 3) || echo {}", kProbe)},
                         cancel));
  if (ran.end == score::End::exited && ran.status == 0 && trim(ran.out) == kProbe) {
    return std::string();
  }
  return first_line(ran.err);
}

Result<Sandbox> Sandbox::find(const std::string& path) {
  Sandbox sandbox;
  const auto bwrap = find_program("bwrap", path);
  if (!bwrap) {
    return fail(ErrorKind::usage,
                "no sandbox: bubblewrap (bwrap) is not installed; install the package bubblewrap");
  }
  sandbox.bwrap_ = *bwrap;
  const std::atomic<bool> never{false};
  std::string why;
  const bool root = ::geteuid() == 0;
  // The safest way that works here.
  constexpr std::array<std::pair<bool, bool>, 4> kWays{
      {{true, true}, {true, false}, {false, true}, {false, false}}};
  for (const auto& [nobody, processes] : kWays) {
    if (nobody && !root) {
      continue;
    }
    sandbox.as_nobody_ = nobody;
    sandbox.limits_processes_ = processes;
    const auto failure = sandbox.try_out(never);
    if (failure && failure->empty()) {
      sandbox.description_ = fmt::format("{}{}{}",
                                         sandbox.bwrap_,
                                         nobody ? " as user nobody" : "",
                                         processes ? "" : ", processes only watched");
      return sandbox;
    }
    why = failure ? *failure : failure.error().message;
  }
  return fail(
      ErrorKind::usage,
      fmt::format("no sandbox: {} does not work here ({}); {}", sandbox.bwrap_, why, remedy(why)));
}

Result<score::Ran> Sandbox::run(const score::Program& program,
                                const std::atomic<bool>& cancel) const {
  const auto found = interpreter(program.language);
  if (!found) {
    return fail(ErrorKind::usage,
                fmt::format("no interpreter for {} in {}", program.language, kSystemPath));
  }
  FACEOFF_TRY_ASSIGN(
      Prepared prepared,
      prepare_sandbox(
          {.bwrap = bwrap_, .as_nobody = as_nobody_, .limits_processes = limits_processes_},
          program,
          *found));
  FACEOFF_TRY_ASSIGN(const pid_t pid, start_child(prepared.plan));
  return watch_sandbox(pid, std::move(prepared), program, cancel);
}

}  // namespace faceoff::run
