#pragma once

#include "child.h"

#include <faceoff/base/clock.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace faceoff::run {

// A program of the user's that reads lines on standard input and answers each with one line on
// standard output. One thread at a time. Killed with all of its group when it goes.
class HelperProcess {
 public:
  // `log` takes what it says on standard error, behind what is there.
  [[nodiscard]] static Result<std::unique_ptr<HelperProcess>> start(
      const std::vector<std::string>& argv,
      const std::filesystem::path& folder,
      const std::filesystem::path& log);
  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;
  ~HelperProcess();

  // Blocks. After an error the process is of no more use.
  [[nodiscard]] Result<std::string> ask(std::string_view line,
                                        Duration time,
                                        const std::atomic<bool>& cancel);
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

 private:
  HelperProcess(pid_t pid, std::string name, UniqueFd in, UniqueFd out);
  [[nodiscard]] Result<bool> read_some(std::string& answer);
  [[nodiscard]] std::string how_it_ended();

  pid_t pid_;
  std::string name_;  // for messages
  UniqueFd in_;
  UniqueFd out_;
  bool reaped_ = false;
};

}  // namespace faceoff::run
