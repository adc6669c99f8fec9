#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/net/transport.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faceoff::backend {

// Why an attempt brought no usable answer. Names are stable: they stand in records.
enum class FailureKind : std::uint8_t {
  // below HTTP
  dns,
  refused,
  connect_timeout,
  tls,
  reset,
  empty_reply,
  protocol,
  not_http,
  too_large,
  proxy,
  address_not_allowed,
  // HTTP status and error body
  redirect,
  bad_request,
  context_length,
  content_filter,
  auth,
  forbidden,
  not_found,
  rate_limited,
  quota,
  loading,
  overloaded,
  server_error,
  not_supported,
  bad_content_type,
  // in the body of a 200
  stream_error,
  truncated,
  // our own limits
  first_token_timeout,
  idle_timeout,
  total_timeout,
  cancelled,
  // no request was made
  not_recorded,  // a replayed run or file holds no answer for the case
};
[[nodiscard]] std::string_view to_string(FailureKind kind) noexcept;
[[nodiscard]] std::optional<FailureKind> parse_failure_kind(std::string_view text) noexcept;

enum class Retry : std::uint8_t {
  no,            // this request will never succeed
  yes,           // another attempt may
  when_ready,    // the server is still loading: ask its readiness probe, no attempt is used up
  stop_backend,  // no request to this backend will succeed (key, model, quota)
};

struct Failure {
  FailureKind kind = FailureKind::protocol;
  Retry retry = Retry::no;
  int http_status = 0;                  // 0: there was none
  std::optional<Duration> retry_after;  // retry-after-ms, Retry-After, or the error's own text
  std::string message;                  // for people: at most 300 characters, redacted
  // Another attempt may help, but after so many more for the same cause it will not; absent: the
  // run's own limit holds.
  std::optional<std::int64_t> most_retries = std::nullopt;
  // The request parameter, by its name on the wire, that the server does not take at all or not
  // with this value; empty when the failure is of another kind. Backend::adjust goes by it.
  std::string parameter;
};

// What the network did (fault) as a Failure. docs/backends.md has the table.
[[nodiscard]] Failure from_fault(const net::Failed& failed);

// The one tolerant parser of error answers: OpenAI, Azure, llama-server, Ollama, vLLM (new, flat
// and string forms), Anthropic, HTML. Decides by status, type and code together: a 429 of the
// billing kind stops the backend, "Loading model" waits, a blocked prompt is content_filter. `now`
// turns a Retry-After date into a duration. x-should-retry overrides the status.
[[nodiscard]] Failure classify_http(int status,
                                    const net::HeaderList& headers,
                                    std::string_view body,
                                    UtcTime now);

// An error object inside a 200 stream: {"error": {...}} or {"error": "text"} or the bare object.
[[nodiscard]] Failure classify_stream_error(std::string_view error_json);

// Retry-After as seconds (fractions allowed) or HTTP date, and retry-after-ms; nullopt when absent,
// negative or unreadable.
[[nodiscard]] std::optional<Duration> parse_retry_after(const net::HeaderList& headers,
                                                        UtcTime now);

}  // namespace faceoff::backend
