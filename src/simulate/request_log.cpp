#include "request_log.h"

#include <faceoff/base/json_escape.h>
#include <faceoff/base/text.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>

namespace faceoff::simulate {

Result<RequestLog> RequestLog::open(const std::filesystem::path& path) {
  constexpr mode_t kOwnerOnly = 0600;
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kOwnerOnly));
  if (!fd.valid()) {
    return fail(ErrorKind::io,
                fmt::format("cannot write the log '{}': {}", path.string(), errno_text(errno)));
  }
  return RequestLog(std::move(fd), path);
}

RequestLog::RequestLog(UniqueFd fd, std::filesystem::path path)
    : fd_(std::move(fd)), path_(std::move(path)) {}

Status RequestLog::asked(const ChatNote& note, UtcTime now) {
  return write_all(
      fd_.get(),
      fmt::format(
          R"({{"event":"request","request":{},"at":"{}","model":{},"prompt":"{}","case":{},)"
          R"("fault":"{}"}})"
          "\n",
          note.request,
          format_utc(now),
          json_quoted(to_valid_utf8(note.model)),
          note.prompt_digest,
          json_quoted(note.case_id),
          note.fault),
      path_.string());
}

Status RequestLog::ended(const ChatNote& note, int status, bool whole, UtcTime now) {
  return write_all(
      fd_.get(),
      fmt::format(R"({{"event":"end","request":{},"at":"{}","status":{},"whole":{},"answered":{}}})"
                  "\n",
                  note.request,
                  format_utc(now),
                  status,
                  whole,
                  whole && note.answers),
      path_.string());
}

}  // namespace faceoff::simulate
