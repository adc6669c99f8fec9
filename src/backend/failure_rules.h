#pragma once

#include "error_body.h"

#include <faceoff/backend/failure.h>

#include <string_view>

namespace faceoff::backend {

struct Verdict {
  FailureKind kind = FailureKind::server_error;
  Retry retry = Retry::no;
  std::string_view remedy;
};

// The decision table of docs/backends.md. First what the body says (a 429 of the billing kind, a
// prompt that is too long, a model that is still loading), then what the status means.
[[nodiscard]] Verdict judge_http(int status, const ErrorBody& error);
// The same for an error inside a 200 stream; a code between 400 and 599 in it counts as a status.
[[nodiscard]] Verdict judge_stream(const ErrorBody& error);

}  // namespace faceoff::backend
