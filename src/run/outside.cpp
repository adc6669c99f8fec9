#include "helper_process.h"

#include <faceoff/base/text.h>
#include <faceoff/run/outside.h>

#include <utility>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

class Worker final : public score::Outside {
 public:
  Worker(std::shared_ptr<const OutsideSettings> settings, const std::atomic<bool>& cancel)
      : settings_(std::move(settings)), cancel_(cancel) {}

  [[nodiscard]] Result<score::Ran> run(const score::Program& program) override {
    if (!settings_->sandbox) {
      return fail(ErrorKind::usage, "code is not run without --allow-code-execution");
    }
    if (cancel_.load()) {
      return score::Ran{.end = score::End::cancelled, .status = 0, .out = {}, .err = {}};
    }
    return settings_->sandbox->run(program, cancel_);
  }

  [[nodiscard]] Result<std::string> ask(const score::Helper& helper,
                                        std::string_view line,
                                        Duration time) override {
    auto& process = processes_[helper];
    if (process == nullptr) {
      FACEOFF_TRY_ASSIGN(const auto argv, helper_command(*settings_, helper));
      FACEOFF_TRY_ASSIGN(process, HelperProcess::start(argv, helper.folder, log_of(helper)));
    }
    auto answer = process->ask(line, time, cancel_);
    if (!answer) {
      process.reset();
    }
    return answer;
  }

  void forget(const score::Helper& helper) override { processes_.erase(helper); }

 private:
  [[nodiscard]] std::filesystem::path log_of(const score::Helper& helper) const {
    std::string name = helper.name;
    // An interpreter says less than its script.
    for (const std::string& word : helper.command) {
      if (!word.starts_with('-')) {
        name = std::filesystem::path(word).stem().string();
      }
      if (word.find('.') != std::string::npos) {
        break;
      }
    }
    for (char& c : name) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '-' || c == '_';
      c = plain ? c : '_';
    }
    return settings_->log_folder / fmt::format("exec-{}.log", name.substr(0, 100));
  }

  std::shared_ptr<const OutsideSettings> settings_;
  const std::atomic<bool>& cancel_;
  std::map<score::Helper, std::unique_ptr<HelperProcess>> processes_;
};

}  // namespace

Result<std::vector<std::string>> helper_command(const OutsideSettings& settings,
                                                const score::Helper& helper) {
  std::vector<std::string> argv = helper.command;
  if (!helper.name.empty()) {
    const auto known = settings.programs.find(helper.name);
    if (known == settings.programs.end()) {
      return fail(ErrorKind::usage,
                  fmt::format("no program '{}' under 'exec' in the user config, "
                              "~/.config/faceoff/config.yaml",
                              display_text(helper.name)));
    }
    argv = known->second;
  } else if (!settings.commands_of_suites) {
    return fail(ErrorKind::usage,
                "programs that a suite names are not started without --allow-exec");
  }
  // With a slash it is relative to the suite, where the program runs.
  const bool beside_suite = argv.front().find('/') != std::string::npos;
  const auto found =
      find_program(beside_suite ? (std::filesystem::absolute(helper.folder) / argv.front()).string()
                                : argv.front(),
                   settings.path);
  if (!found) {
    return fail(ErrorKind::usage,
                fmt::format("cannot find the program '{}'", display_text(argv.front())));
  }
  argv.front() = *found;
  return argv;
}

OutsideFactory make_outside(OutsideSettings settings) {
  return [shared = std::make_shared<const OutsideSettings>(std::move(settings))](
             const std::atomic<bool>& cancel) -> std::unique_ptr<score::Outside> {
    return std::make_unique<Worker>(shared, cancel);
  };
}

}  // namespace faceoff::run
