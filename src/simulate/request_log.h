#pragma once

#include "reply.h"

#include <faceoff/base/clock.h>
#include <faceoff/base/files.h>
#include <faceoff/base/result.h>

#include <filesystem>

namespace faceoff::simulate {

// Chat requests as lines of JSON (docs/simulate.md), each written whole by one write(2): a reader,
// or a client that was killed meanwhile, never sees half a line. Lines are added to a file that is
// there already. Neither prompts nor keys are written.
class RequestLog {
 public:
  // Error of kind io, naming the path.
  [[nodiscard]] static Result<RequestLog> open(const std::filesystem::path& path);

  // A request was read; nothing of its answer has left yet.
  [[nodiscard]] Status asked(const ChatNote& note, UtcTime now);
  // Nothing more of the answer will leave. `status`: the one sent, 0 when none was. `whole`: all of
  // it left; otherwise the client went away, or a fault of the connection came between.
  [[nodiscard]] Status ended(const ChatNote& note, int status, bool whole, UtcTime now);

 private:
  explicit RequestLog(UniqueFd fd, std::filesystem::path path);
  UniqueFd fd_;
  std::filesystem::path path_;
};

}  // namespace faceoff::simulate
