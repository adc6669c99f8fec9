#pragma once

#include <faceoff/run/sandbox.h>
#include <faceoff/score/outside.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::run {

// What the user has allowed scorers to start.
struct OutsideSettings {
  std::optional<Sandbox> sandbox;  // absent: no code is run
  // Programs of the user's configuration, by name.
  std::map<std::string, std::vector<std::string>, std::less<>> programs;
  bool commands_of_suites = false;
  std::string path;                  // PATH, where programs are looked for
  std::filesystem::path log_folder;  // takes exec-NAME.log, what programs say on standard error
};

// What one worker starts programs with. `cancel` ends what is under way; it outlives the object.
using OutsideFactory =
    std::function<std::unique_ptr<score::Outside>(const std::atomic<bool>& cancel)>;
[[nodiscard]] OutsideFactory make_outside(OutsideSettings settings);

// The argv of a helper, its program found; error of kind usage: not allowed, or not there.
[[nodiscard]] Result<std::vector<std::string>> helper_command(const OutsideSettings& settings,
                                                              const score::Helper& helper);

}  // namespace faceoff::run
