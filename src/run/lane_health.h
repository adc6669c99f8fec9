#pragma once

// Whether a backend is still worth asking. Private to run.

#include <faceoff/backend/failure.h>

#include <optional>
#include <string>

namespace faceoff::run {

// Counts trials that found no server, each after all its retries. Five in a row and the backend is
// taken for dead: the rest of the suite is not thrown at it.
class LaneHealth {
 public:
  void on_answer() noexcept { unreachable_ = 0; }
  // Why the backend is to be stopped, or nullopt.
  [[nodiscard]] std::optional<std::string> on_failure(const backend::Failure& failure);

 private:
  int unreachable_ = 0;
};

}  // namespace faceoff::run
