#pragma once

#include <faceoff/net/ndjson.h>
#include <faceoff/net/sse.h>

#include <string>
#include <string_view>
#include <vector>

namespace faceoff::net {

inline std::vector<std::string> single_bytes(std::string_view stream) {
  std::vector<std::string> pieces;
  for (const char c : stream) {
    pieces.emplace_back(1, c);
  }
  return pieces;
}

// What a parser says of a stream that comes in these pieces: "name|data" for an event, "|end"
// behind it when the end of the stream closed it, "#text" for a comment, "!message" for an error.
inline std::vector<std::string> sse_log(const std::vector<std::string>& pieces) {
  std::vector<std::string> log;
  SseParser parser(
      [&](const SseEvent& event) {
        log.push_back(std::string(event.event) + "|" + std::string(event.data) +
                      (event.at_end ? "|end" : ""));
      },
      [&](std::string_view comment) { log.push_back("#" + std::string(comment)); });
  for (const std::string& piece : pieces) {
    if (const Status status = parser.feed(piece); !status) {
      log.push_back("!" + status.error().message);
    }
  }
  if (const Status status = parser.finish(); !status) {
    log.push_back("!" + status.error().message);
  }
  return log;
}

// The same for lines: each line as it is, errors behind "!".
inline std::vector<std::string> ndjson_log(const std::vector<std::string>& pieces) {
  std::vector<std::string> log;
  NdjsonParser parser([&](std::string_view line) { log.emplace_back(line); });
  for (const std::string& piece : pieces) {
    if (const Status status = parser.feed(piece); !status) {
      log.push_back("!" + status.error().message);
    }
  }
  if (const Status status = parser.finish(); !status) {
    log.push_back("!" + status.error().message);
  }
  return log;
}

}  // namespace faceoff::net
