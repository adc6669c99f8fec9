#include "outside.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

std::string search_path(const Context& context) {
  return context.environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
}

Status check_interpreters(const score::Needs& needs) {
  for (const auto& language : needs.languages) {
    if (!run::Sandbox::interpreter(language)) {
      return fail(ErrorKind::usage,
                  fmt::format("the scorer code/{} needs an interpreter, and there is none in /usr; "
                              "install {}",
                              language,
                              language == score::kJavaScript ? "nodejs" : "python3"));
    }
  }
  return {};
}

Status check_helpers(const score::Needs& needs, const run::OutsideSettings& settings) {
  for (const auto& helper : needs.helpers) {
    if (helper.name.empty() && !settings.commands_of_suites) {
      return fail(ErrorKind::usage,
                  fmt::format("the suite has a scorer start the program '{}'; allow it with "
                              "--allow-exec if you trust it, or name it under 'exec' in "
                              "~/.config/faceoff/config.yaml; nothing was sent",
                              display_text(join(helper.command, " "))));
    }
    const auto command = run::helper_command(settings, helper);
    if (!command) {
      return tl::make_unexpected(with_context(command.error(), "scorer exec"));
    }
  }
  return {};
}

}  // namespace

Result<run::OutsideSettings> allow_outside(const score::Needs& needs,
                                           const RunOptions& options,
                                           const Config& config,
                                           const Context& context) {
  run::OutsideSettings settings;
  settings.programs = config.programs;
  settings.commands_of_suites = options.allow_exec;
  settings.path = search_path(context);
  if (!needs.languages.empty()) {
    if (!options.allow_code) {
      return fail(ErrorKind::usage,
                  fmt::format("the scorer code/{} runs code that a model wrote; allow it, in a "
                              "sandbox, with --allow-code-execution; nothing was sent",
                              *needs.languages.begin()));
    }
    FACEOFF_TRY(check_interpreters(needs));
    FACEOFF_TRY_ASSIGN(settings.sandbox, run::Sandbox::find(settings.path));
  }
  FACEOFF_TRY(check_helpers(needs, settings));
  return settings;
}

std::size_t outside_workers() {
  constexpr unsigned kMost = 4;
  return std::clamp(std::thread::hardware_concurrency(), 1U, kMost);
}

std::string describe_sandbox(const Context& context) {
  const auto sandbox = run::Sandbox::find(search_path(context));
  if (!sandbox) {
    return sandbox.error().message;
  }
  std::vector<std::string> found;
  for (const auto language : {score::kPython, score::kJavaScript, score::kShell}) {
    if (const auto program = run::Sandbox::interpreter(language)) {
      found.push_back(fmt::format("{} ({})", language, *program));
    }
  }
  return fmt::format("{}; runs {}", sandbox->description(), join(found, ", "));
}

}  // namespace faceoff::cli
