#pragma once

#include "json.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace faceoff::backend {

// What a server said went wrong, from any of the shapes in use: {"error": {...}}, {"error":
// "text"}, the bare object (vLLM before 0.10), {"detail": ...} (FastAPI), a list of one such
// object, an HTML page (its title), or plain text.
struct ErrorBody {
  std::string message;
  std::string type;
  std::string code;       // numbers as text
  std::string inner;      // Azure innererror.code, Anthropic details.error_code
  std::string parameter;  // `param`
  bool is_json = false;
};
[[nodiscard]] ErrorBody read_error_body(std::string_view body);
[[nodiscard]] ErrorBody read_error_object(const Json& value);

// The greatest length of a Failure's message in code points.
inline constexpr std::size_t kMaxMessage = 300;

// "head: 'said'; remedy" of at most kMaxMessage code points. `said` is foreign: it is redacted,
// made safe for a terminal, and cut first when it is too long. Empty parts are left out.
[[nodiscard]] std::string compose_message(std::string_view head,
                                          std::string_view said,
                                          std::string_view remedy);

}  // namespace faceoff::backend
