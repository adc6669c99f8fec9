#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>
#include <faceoff/base/secret.h>

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
  refused,
  connect_timeout,
  tls,
  reset,
  empty_reply,
  truncated,
  protocol,
  not_http,
  too_large,
  address_not_allowed,
  proxy,
  bad_url,
  cancelled,
  other
};
[[nodiscard]] std::string_view to_string(Fault fault) noexcept;

// The connection is up and the request is about to be written; also for a reused connection.
struct Ready {
  bool reused = false;
  std::optional<Duration> connect;  // dns + tcp + tls; absent when reused
  std::string peer;                 // address actually dialled
};
// All headers of the final response (1xx are skipped). `at` of the event is the first header byte.
struct Headers {
  int status = 0;
  HeaderList headers;
};
struct Bytes {
  std::string data;
};
struct Finished {};
struct Failed {
  Fault fault = Fault::other;
  std::string message;  // names host, phase and next step; redacted
};

// One thing that happened to one transfer. `at` is read from the clock before anything else is done
// with the bytes. Finished or Failed is the last event of a transfer.
struct Event {
  TransferId id = 0;
  TimePoint at;
  std::variant<Ready, Headers, Bytes, Finished, Failed> what;
};

// Moves bytes. Knows nothing of models, retries or deadlines; follows no redirects.
// One thread owns a Transport; only wake() may be called from others (and from signal handlers).
class Transport {
 public:
  virtual ~Transport() = default;
  // REQUIRES: `id` is not in flight.
  virtual void start(TransferId id, HttpRequest request) = 0;
  // No further event of this transfer is delivered. Unknown ids are ignored.
  virtual void cancel(TransferId id) = 0;
  // Waits until something happened, wake() was called or `until` has passed (kNever: no limit).
  // The events stay valid until the next call.
  [[nodiscard]] virtual std::span<const Event> poll(TimePoint until) = 0;
  virtual void wake() noexcept = 0;

  // How late the loop was: the longest time from readiness to handling since the last call.
  [[nodiscard]] virtual Duration take_max_lag() noexcept = 0;
};

}  // namespace faceoff::net
