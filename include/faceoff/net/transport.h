#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/histogram.h>
#include <faceoff/base/result.h>
#include <faceoff/base/secret.h>
#include <faceoff/chat/completion.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace faceoff::net {

using TransferId = std::uint64_t;
using HeaderList = std::vector<std::pair<std::string, std::string>>;

// The value of the last header called `name` (ASCII case ignored), or nullopt.
[[nodiscard]] std::optional<std::string_view> find_header(const HeaderList& headers,
                                                          std::string_view name) noexcept;

// A header whose value is a secret; it never appears in logs, events or errors.
struct SecretHeader {
  std::string name;    // Authorization, api-key, x-api-key
  std::string prefix;  // "Bearer "
  Secret value;
};

// Which addresses a transfer may reach, checked on the address actually dialled.
enum class Reach : std::uint8_t { any, loopback };

struct HttpRequest {
  std::string method = "POST";
  std::string url;
  HeaderList headers;
  std::optional<SecretHeader> secret;
  std::string body;
  Duration connect_timeout = std::chrono::seconds(10);
  Reach reach = Reach::any;
  std::uint64_t max_response_bytes = 32ULL * 1024 * 1024;
};

// What went wrong below HTTP; the retry decision goes by it (docs/backends.md).
enum class Fault : std::uint8_t {
  dns,
  refused,  // nothing listens there, or no route leads there
  connect_timeout,
  tls,
  reset,        // the connection broke before the first byte of an answer
  empty_reply,  // closed in good order without one byte
  truncated,    // cut after the first byte of an answer
  protocol,     // the answer breaks HTTP
  bad_chunk,    // ... in the frame of a chunk, with the headers in good order
  not_http,
  too_large,            // more than max_response_bytes
  address_not_allowed,  // see Reach; nothing was sent
  proxy,
  bad_url,
  cancelled,
  other
};
[[nodiscard]] std::string_view to_string(Fault fault) noexcept;

// The connection is up and the request is about to be written; also for a reused connection. It may
// come twice: when a kept connection turns out to be dead, libcurl opens a new one and sends the
// request again. The last one counts. Always before Headers.
struct Ready {
  bool reused = false;
  std::optional<Duration> connect;             // dns + tcp + tls; absent when reused
  std::optional<Duration> dns = std::nullopt;  // of it
  std::optional<Duration> tls = std::nullopt;  // of it; absent without TLS
  std::string peer;                            // address actually dialled
};
// All headers of the final response (1xx are skipped), delivered when the header block is complete;
// `at` of the event is the time of its first byte. 3xx come like any other status.
struct Headers {
  int status = 0;
  HeaderList headers;
};
// A piece of the body, without chunk framing, cut anywhere.
struct Bytes {
  std::string data;
};
struct Finished {};
struct Failed {
  Fault fault = Fault::other;
  std::string message;  // names host, phase and next step; redacted
};

// One thing that happened to one transfer. Finished or Failed is the last event of a transfer; `at`
// never goes backwards within a transfer.
struct Event {
  TransferId id = 0;
  TimePoint at;
  std::variant<Ready, Headers, Bytes, Finished, Failed> what;
  // What `at` means, for Headers and Bytes.
  chat::StampSource source = chat::StampSource::none;
};

// Moves bytes. Knows nothing of models, retries or deadlines; follows no redirects.
// One thread owns a Transport; only wake() may be called from others (and from signal handlers).
class Transport {
 public:
  virtual ~Transport() = default;
  // A request that cannot be sent fails with the next poll().
  // REQUIRES: `id` is not in flight.
  virtual void start(TransferId id, HttpRequest request) = 0;
  // No later poll() delivers an event of this transfer; what the span of the last poll() still
  // holds of it is stale. Unknown ids are ignored.
  virtual void cancel(TransferId id) = 0;
  // Waits until something happened, wake() was called or `until` has passed (kNever: no limit).
  // The events stay valid until the next call.
  [[nodiscard]] virtual std::span<const Event> poll(TimePoint until) = 0;
  virtual void wake() noexcept = 0;

  // How late the loop was: the longest time from readiness to handling since the last call.
  [[nodiscard]] virtual Duration take_max_lag() noexcept = 0;

  // The same lateness, of every socket that was ready, since the last call of this one.
  [[nodiscard]] virtual DurationHistogram take_lags() noexcept { return {}; }

  // The best stamps of Headers and Bytes that this transport gives; `none` in virtual time.
  [[nodiscard]] virtual chat::StampSource stamp_source() const noexcept {
    return chat::StampSource::none;
  }
};

}  // namespace faceoff::net
