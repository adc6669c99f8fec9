#include <faceoff/base/units.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace faceoff {
namespace {

constexpr std::int64_t kPicoPerDollar = 1'000'000'000'000;

struct Unit {
  std::string_view name;
  double ms;
};
constexpr std::array kUnits{Unit{"us", 1e-3},
                            Unit{"ms", 1.0},
                            Unit{"s", 1e3},
                            Unit{"m", 6e4},
                            Unit{"min", 6e4},
                            Unit{"h", 3.6e6}};

std::string three_digits(double value) {
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}", value, decimals);
}

}  // namespace

Result<std::int64_t> parse_int(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    return fail(ErrorKind::usage, fmt::format("'{}' is out of range", text));
  }
  if (error != std::errc{} || end != text.data() + text.size()) {
    return fail(ErrorKind::usage, fmt::format("'{}' is not a whole number", text));
  }
  return value;
}

Result<double> parse_double(std::string_view text) {
  double value = 0;
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value)) {
    return fail(ErrorKind::usage, fmt::format("'{}' is not a number", text));
  }
  return value;
}

Result<Duration> parse_duration(std::string_view text) {
  const auto unit_at = text.find_first_not_of("0123456789.");
  if (unit_at == std::string_view::npos || unit_at == 0) {
    return fail(
        ErrorKind::usage,
        fmt::format("'{}' is not a time; write a number with its unit, e.g. 1.5s, 300ms or 2m",
                    text));
  }
  const std::string_view name = text.substr(unit_at);
  for (const auto& unit : kUnits) {
    if (unit.name == name) {
      const auto value = parse_double(text.substr(0, unit_at));
      if (!value) {
        return fail(ErrorKind::usage, fmt::format("'{}' is not a time", text));
      }
      return from_ms(*value * unit.ms);
    }
  }
  return fail(ErrorKind::usage,
              fmt::format("'{}' has an unknown unit '{}'; use us, ms, s, m or h", text, name));
}

std::string format_duration(Duration d) {
  const double us = static_cast<double>(d.count()) / 1e3;
  if (us < 0) {
    return "-" + format_duration(-d);
  }
  if (us < 999.5) {
    return us < 0.0005 ? "0 s" : three_digits(us) + " µs";
  }
  if (us < 999.5e3) {
    return three_digits(us / 1e3) + " ms";
  }
  if (us < 119.5e6) {
    return three_digits(us / 1e6) + " s";
  }
  const auto seconds = static_cast<std::int64_t>(std::llround(us / 1e6));
  if (seconds < 7200) {
    return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  }
  return fmt::format("{} h {:02} min", seconds / 3600, seconds % 3600 / 60);
}

std::string decimal_dollars(Money m) {
  const bool negative = m.picodollars < 0;
  const std::uint64_t value = negative ? ~static_cast<std::uint64_t>(m.picodollars) + 1
                                       : static_cast<std::uint64_t>(m.picodollars);
  std::string text = fmt::format("{}.{:012}", value / kPicoPerDollar, value % kPicoPerDollar);
  while (text.back() == '0') {
    text.pop_back();
  }
  if (text.back() == '.') {
    text.pop_back();
  }
  return (negative ? "-" : "") + text;
}

std::string format_money(Money m) {
  const double dollars = static_cast<double>(m.picodollars) / static_cast<double>(kPicoPerDollar);
  const double size = std::abs(dollars);
  if (size >= 0.00995 || m.picodollars == 0) {
    return fmt::format("{}${:.2f}", dollars < 0 ? "-" : "", size);
  }
  const int decimals = 1 - static_cast<int>(std::floor(std::log10(size)));
  return fmt::format("{}${:.{}f}", dollars < 0 ? "-" : "", size, decimals);
}

Result<Money> parse_dollars(std::string_view text) {
  const std::string_view digits = text.starts_with('$') ? text.substr(1) : text;
  const auto dot = digits.find('.');
  const std::string_view whole = digits.substr(0, dot);
  const std::string_view fraction = dot == std::string_view::npos ? "" : digits.substr(dot + 1);
  const auto bad = [&] {
    return fail(ErrorKind::usage, fmt::format("'{}' is not an amount in dollars, e.g. 2.50", text));
  };
  if ((whole.empty() && fraction.empty()) || fraction.size() > 12 || whole.size() > 7 ||
      whole.find_first_not_of("0123456789") != std::string_view::npos ||
      fraction.find_first_not_of("0123456789") != std::string_view::npos) {
    return bad();
  }
  std::string all = std::string(whole) + std::string(fraction);
  all.append(12 - fraction.size(), '0');
  const auto value = parse_int(all);
  if (!value) {
    return bad();
  }
  return Money{*value};
}

}  // namespace faceoff
