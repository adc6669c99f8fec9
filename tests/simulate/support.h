#pragma once

#include "http_request.h"
#include "reply.h"
#include "service.h"

#include <faceoff/base/files.h>
#include <faceoff/simulate/script.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::simulate::testing {

// A chat request body with one user message; `more` is put behind it, e.g. R"(,"stream":true)".
[[nodiscard]] std::string chat_body(std::string_view prompt, std::string_view more = "");
// The bytes of a request with a Content-Length.
[[nodiscard]] std::string request_bytes(std::string_view method,
                                        std::string_view path,
                                        std::string_view body,
                                        std::string_view headers = "");
// What the parser makes of such a request.
[[nodiscard]] HttpRequest request(std::string_view method,
                                  std::string_view path,
                                  std::string_view body = "",
                                  std::string_view headers = "");

[[nodiscard]] std::vector<Step> steps_of(Reply& reply);

// A whole HTTP answer, taken apart.
struct HttpAnswer {
  int status = 0;
  std::string head;    // with the status line, without the blank line
  std::string body;    // without chunk framing
  bool whole = false;  // framing was sound up to the end
  std::string rest;    // what came behind it

  // The value of a header by its lower-case name, or "".
  [[nodiscard]] std::string header(std::string_view name) const;
};
[[nodiscard]] HttpAnswer parse_answer(std::string_view bytes);
// All that a reply sends.
[[nodiscard]] HttpAnswer answer_of(Reply reply);

// The data of each SSE event, or each line of an NDJSON body.
[[nodiscard]] std::vector<std::string> sse_data(std::string_view body);
[[nodiscard]] std::vector<std::string> lines_of(std::string_view body);

// Names, order and types of a JSON text, without its values: {id:s,choices:[{index:n}]}.
// Members called `ignored` are left out. A text that is no JSON stands for itself.
[[nodiscard]] std::string shape_of(std::string_view json, std::string_view ignored = "");
// The shapes of a stream's frames; equal ones in a row count once.
[[nodiscard]] std::vector<std::string> shapes_of(const std::vector<std::string>& frames,
                                                 std::string_view ignored = "");

// A file of tests/data/simulate.
[[nodiscard]] std::string data_file(std::string_view name);

// A service with a clock of its own at time zero.
[[nodiscard]] HttpAnswer ask(Script script, const HttpRequest& request);

}  // namespace faceoff::simulate::testing
