#include "retry_after.h"

#include <faceoff/backend/failure.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

namespace faceoff::backend {
namespace {

constexpr std::array<std::string_view, 12> kMonths{
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

// Ten years: beyond it nobody waits, and the arithmetic stays far from its limits.
constexpr double kMaxSeconds = 10.0 * 365 * 24 * 3600;

std::optional<Duration> from_seconds(double seconds) {
  if (!(seconds >= 0.0) || seconds > kMaxSeconds) {
    return std::nullopt;
  }
  return from_ms(seconds * 1000.0);
}

std::optional<Duration> parse_clock(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 3) {
    return std::nullopt;
  }
  const auto hours = parse_int(parts[0]);
  const auto minutes = parse_int(parts[1]);
  const auto seconds = parse_int(parts[2]);
  const bool valid = hours && minutes && seconds && *hours >= 0 && *hours < 24 && *minutes >= 0 &&
                     *minutes < 60 && *seconds >= 0 && *seconds <= 60;
  if (!valid) {
    return std::nullopt;
  }
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
         std::chrono::seconds(*seconds);
}

// One part of a Go duration ("7m", "12s", "120ms"): its seconds and its length in bytes.
struct DurationPart {
  double seconds = 0.0;
  std::size_t length = 0;
};
std::optional<DurationPart> duration_part(std::string_view text) {
  struct Unit {
    std::string_view name;
    double seconds;
  };
  // Longest first: "ms" before "m", "minutes" before "m".
  static constexpr std::array kUnits{Unit{"minute", 60.0},
                                     Unit{"second", 1.0},
                                     Unit{"hour", 3600.0},
                                     Unit{"ms", 0.001},
                                     Unit{"us", 1e-6},
                                     Unit{"\u00b5s", 1e-6},  // micro sign
                                     Unit{"\u03bcs", 1e-6},  // Greek mu
                                     Unit{"ns", 1e-9},
                                     Unit{"h", 3600.0},
                                     Unit{"m", 60.0},
                                     Unit{"s", 1.0}};
  std::size_t digits = 0;
  while (digits < text.size() &&
         (std::isdigit(static_cast<unsigned char>(text[digits])) != 0 || text[digits] == '.')) {
    ++digits;
  }
  const auto number = parse_double(text.substr(0, digits));
  if (!number) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(digits);
  std::size_t length = digits;
  if (rest.starts_with(' ')) {
    rest.remove_prefix(1);
    ++length;
  }
  for (const auto& unit : kUnits) {
    if (rest.starts_with(unit.name)) {
      return DurationPart{*number * unit.seconds, length + unit.name.size()};
    }
  }
  return std::nullopt;
}

// The sum of the parts at the beginning of `text`, which are taken off it.
std::optional<double> take_parts(std::string_view& text) {
  double seconds = 0.0;
  bool any = false;
  while (const auto part = duration_part(text)) {
    seconds += part->seconds;
    text.remove_prefix(part->length);
    any = true;
  }
  return any ? std::optional(seconds) : std::nullopt;
}

}  // namespace

std::optional<UtcTime> parse_http_date(std::string_view text) {
  std::string lower = ascii_lower(text);
  std::ranges::replace_if(
      lower, [](char c) { return c == ',' || c == '-'; }, ' ');
  std::optional<std::size_t> month;
  std::optional<Duration> time;
  std::vector<std::int64_t> numbers;  // day and year, in this order in all three forms
  for (const auto word : split(lower, ' ')) {
    if (const auto* it = std::ranges::find(kMonths, word); it != kMonths.end()) {
      month = static_cast<std::size_t>(it - kMonths.begin());
    } else if (word.find(':') != std::string_view::npos) {
      time = parse_clock(word);
    } else if (const auto number = parse_int(word)) {
      numbers.push_back(*number);
    }
  }
  if (!month || !time || numbers.size() != 2 || numbers[0] < 1 || numbers[0] > 31 ||
      numbers[1] < 0 || numbers[1] > 2200) {
    return std::nullopt;
  }
  const auto year = static_cast<int>(numbers[1] < 100 ? numbers[1] + 2000 : numbers[1]);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(*month + 1)),
                                         std::chrono::day(static_cast<unsigned>(numbers[0]))};
  if (!date.ok() || year < 1970) {
    return std::nullopt;
  }
  return UtcTime(std::chrono::sys_days(date)) + *time;
}

std::optional<Duration> parse_go_duration(std::string_view text) {
  const std::string lower = ascii_lower(text);
  std::string_view rest = lower;
  const auto seconds = take_parts(rest);
  return seconds && rest.empty() ? from_seconds(*seconds) : std::nullopt;
}

std::optional<Duration> retry_hint(std::string_view message) {
  const std::string lower = ascii_lower(message);
  for (const std::string_view marker : {"try again in ", "retry after ", "retry in "}) {
    const std::size_t at = lower.find(marker);
    if (at == std::string::npos) {
      continue;
    }
    std::string_view rest = std::string_view(lower).substr(at + marker.size());
    if (const auto seconds = take_parts(rest)) {
      return from_seconds(*seconds);
    }
  }
  return std::nullopt;
}

std::optional<Duration> parse_retry_after(const net::HeaderList& headers, UtcTime now) {
  if (const auto text = net::find_header(headers, "retry-after-ms")) {
    if (const auto ms = parse_double(trim(*text))) {
      if (const auto wait = from_seconds(*ms / 1000.0)) {
        return wait;
      }
    }
  }
  const auto text = net::find_header(headers, "retry-after");
  if (!text) {
    return std::nullopt;
  }
  if (const auto seconds = parse_double(trim(*text))) {
    return from_seconds(*seconds);
  }
  const auto date = parse_http_date(trim(*text));
  if (!date || *date < now) {
    return std::nullopt;
  }
  return *date - now;
}

}  // namespace faceoff::backend
