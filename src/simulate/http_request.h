#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::simulate {

struct HttpHeader {
  std::string name;  // lower case
  std::string value;
};

struct HttpRequest {
  std::string method;
  std::string path;  // without the query
  std::string query;
  int minor_version = 1;  // HTTP/1.x
  std::vector<HttpHeader> headers;
  std::string body;
  bool keep_alive = true;

  // The first header of that (lower-case) name, or nullopt.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
};

inline constexpr std::size_t kMaxHeadBytes = 64UL * 1024;
inline constexpr std::size_t kMaxBodyBytes = 16UL * 1024 * 1024;

// Cuts HTTP/1.0 and 1.1 requests out of a byte stream that may be split anywhere. Strict where a
// lenient reader could be led to see other requests than the sender meant: two different lengths,
// a length with chunks, folded headers and control characters are refused.
class RequestParser {
 public:
  enum class State : std::uint8_t { more, ready, bad };

  // Consumes what it can from the front of `buffer`. After `ready`, take() the request and parse
  // again: the rest may hold another one. After `bad` the connection is of no further use.
  [[nodiscard]] State parse(std::string& buffer);
  [[nodiscard]] HttpRequest take();

  // True once per request whose sender waits for "100 Continue".
  [[nodiscard]] bool take_continue() noexcept;
  // Whether part of a request has been seen.
  [[nodiscard]] bool inside() const noexcept { return phase_ != Phase::head || scanned_ > 0; }
  // The status and reason of `bad`.
  [[nodiscard]] int bad_status() const noexcept { return bad_status_; }
  [[nodiscard]] const std::string& bad_reason() const noexcept { return bad_reason_; }

 private:
  enum class Phase : std::uint8_t { head, body, chunk_size, chunk_data, trailer, bad };

  State refuse(int status, std::string reason);
  State parse_head(std::string& buffer);
  State parse_lines(std::string_view head);
  bool parse_request_line(std::string_view line);
  bool parse_header_line(std::string_view line);
  State choose_body();
  State parse_body(std::string& buffer);
  State parse_chunks(std::string& buffer);
  State parse_chunk_size(std::string& buffer);
  State finish();

  Phase phase_ = Phase::head;
  HttpRequest request_;
  std::size_t scanned_ = 0;    // bytes of the head that hold no end yet
  std::size_t remaining_ = 0;  // of the body or chunk
  std::size_t trailer_bytes_ = 0;
  bool continue_ = false;
  int bad_status_ = 400;
  std::string bad_reason_;
};

}  // namespace faceoff::simulate
