#include "retry_after.h"

#include <faceoff/backend/rates.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

// Greater numbers of seconds are a point in time: 1 January 2001 and later.
constexpr double kFirstUnixTime = 978'307'200.0;
// ... and greater ones again are milliseconds.
constexpr double kFirstUnixTimeMs = 1e11;
// Beyond ten years nobody waits, and the arithmetic stays far from its limits.
constexpr double kMaxSeconds = 10.0 * 365 * 24 * 3600;

std::optional<Duration> from_seconds(double seconds) {
  if (!(seconds <= kMaxSeconds)) {
    return std::nullopt;
  }
  return from_ms(std::max(seconds, 0.0) * 1000.0);
}

std::optional<Duration> from_number(double number, UtcTime now) {
  if (!(number >= 0.0)) {
    return std::nullopt;
  }
  if (number < kFirstUnixTime) {
    return from_seconds(number);
  }
  const double unix_time = number < kFirstUnixTimeMs ? number : number / 1000.0;
  return from_seconds(unix_time - to_seconds(now.time_since_epoch()));
}

std::optional<std::int64_t> count_in(std::string_view text) {
  const auto number = parse_int(trim(text));
  return number && *number >= 0 ? std::optional(*number) : std::nullopt;
}

// Reads exactly `digits` digits at `at` and moves on.
std::optional<int> digits_at(std::string_view text, std::size_t& at, std::size_t digits) {
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i, ++at) {
    if (at >= text.size() || std::isdigit(static_cast<unsigned char>(text[at])) == 0) {
      return std::nullopt;
    }
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

std::optional<int> after(char separator, std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != separator) {
    return std::nullopt;
  }
  ++at;
  return digits_at(text, at, 2);
}

// What follows the seconds of an RFC 3339 time: a fraction, then Z or an offset.
std::optional<Duration> fraction_and_zone(std::string_view rest) {
  Duration sum{0};
  if (rest.starts_with('.')) {
    std::size_t end = 1;
    while (end < rest.size() && std::isdigit(static_cast<unsigned char>(rest[end])) != 0) {
      ++end;
    }
    const auto fraction = parse_double(fmt::format("0{}", rest.substr(0, end)));
    if (end == 1 || !fraction) {
      return std::nullopt;
    }
    sum += from_ms(*fraction * 1000.0);
    rest.remove_prefix(end);
  }
  if (rest == "Z" || rest == "z") {
    return sum;
  }
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-')) {
    return std::nullopt;
  }
  std::size_t at = 1;
  const auto hours = digits_at(rest, at, 2);
  const auto minutes = after(':', rest, at);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  const Duration offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return rest[0] == '+' ? sum - offset : sum + offset;
}

// 2026-11-23T14:03:11Z, 2026-11-23T14:03:11.25+01:00.
std::optional<UtcTime> parse_rfc3339(std::string_view text) {
  std::size_t at = 0;
  const auto year = digits_at(text, at, 4);
  const auto month = after('-', text, at);
  const auto day = after('-', text, at);
  if (!day || at >= text.size() || (text[at] != 'T' && text[at] != 't' && text[at] != ' ')) {
    return std::nullopt;
  }
  ++at;
  const auto hour = digits_at(text, at, 2);
  const auto minute = after(':', text, at);
  const auto second = after(':', text, at);
  if (!year || !month || !hour || !minute || !second || *hour > 23 || *minute > 59 ||
      *second > 60 || *year < 1970 || *year > 2200) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  const auto rest = fraction_and_zone(text.substr(at));
  if (!date.ok() || !rest) {
    return std::nullopt;
  }
  return UtcTime(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
         std::chrono::minutes(*minute) + std::chrono::seconds(*second) + *rest;
}

std::optional<Duration> parse_reset(std::string_view text, UtcTime now) {
  text = trim(text);
  if (const auto number = parse_double(text)) {
    return from_number(*number, now);
  }
  if (const auto span = parse_go_duration(text)) {
    return span;
  }
  auto date = parse_rfc3339(text);
  if (!date) {
    date = parse_http_date(text);
  }
  return date ? std::optional(std::max(*date - now, Duration{0})) : std::nullopt;
}

Quota read_quota(const net::HeaderList& headers, std::string_view what, UtcTime now) {
  const auto value = [&](std::string_view part) -> std::optional<std::string_view> {
    if (const auto text = net::find_header(headers, fmt::format("x-ratelimit-{}-{}", part, what))) {
      return text;
    }
    return net::find_header(headers, fmt::format("anthropic-ratelimit-{}-{}", what, part));
  };
  Quota quota;
  if (const auto text = value("limit")) {
    quota.limit = count_in(*text);
  }
  if (const auto text = value("remaining")) {
    quota.remaining = count_in(*text);
  }
  if (const auto text = value("reset")) {
    quota.reset = parse_reset(*text, now);
  }
  return quota;
}

}  // namespace

std::optional<RateLimits> parse_rate_limits(const net::HeaderList& headers, UtcTime now) {
  const auto is_limit = [](const auto& header) {
    return ascii_lower(header.first).find("ratelimit-") != std::string::npos;
  };
  if (std::ranges::none_of(headers, is_limit)) {
    return std::nullopt;
  }
  const RateLimits limits{.requests = read_quota(headers, "requests", now),
                          .tokens = read_quota(headers, "tokens", now)};
  return limits == RateLimits{} ? std::nullopt : std::optional(limits);
}

}  // namespace faceoff::backend
