#pragma once

#include <faceoff/base/clock.h>

#include <optional>
#include <string_view>

namespace faceoff::backend {

// The wait that an error text names: "Please try again in 7m12s", "Please retry after 37 seconds",
// "try again in 120ms". nullopt when it names none.
[[nodiscard]] std::optional<Duration> retry_hint(std::string_view message);

// "6m0s", "1.44s", "17ms", "0s": the whole text, units h m s ms µs (or us) ns, any case.
[[nodiscard]] std::optional<Duration> parse_go_duration(std::string_view text);
// The three forms of RFC 9110, 5.6.7: "Wed, 21 Oct 2026 07:28:00 GMT", "Wednesday, 21-Oct-26
// 07:28:00 GMT", "Wed Oct 21 07:28:00 2026".
[[nodiscard]] std::optional<UtcTime> parse_http_date(std::string_view text);

}  // namespace faceoff::backend
