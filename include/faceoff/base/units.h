#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace faceoff {

// "1.5s", "300ms", "2m", "1h"; a number without a unit is an error.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);
// 340 µs, 41 ms, 1.92 s, 2 min 05 s: three significant digits, for people.
[[nodiscard]] std::string format_duration(Duration d);

// "8", "-3"; the whole text must be the number.
[[nodiscard]] Result<std::int64_t> parse_int(std::string_view text);
// Decimal notation, exponents allowed; no inf, nan or hex.
[[nodiscard]] Result<double> parse_double(std::string_view text);

// Money as a whole number of 10^-12 US dollars: one token at one dollar per million tokens costs
// 1,000,000 of them, so sums are exact. The range is +-9.2 million dollars.
struct Money {
  std::int64_t picodollars = 0;
  friend auto operator<=>(const Money&, const Money&) = default;
  Money& operator+=(Money other) noexcept {
    picodollars += other.picodollars;
    return *this;
  }
};
// "$0.26", "$0.0031", "$12.40": two decimals from one cent up, else two significant digits.
[[nodiscard]] std::string format_money(Money m);
// Exact decimal text without a sign of currency: "0.000325".
[[nodiscard]] std::string decimal_dollars(Money m);
// "2.50" -> 2.5 dollars; at most 12 decimals.
[[nodiscard]] Result<Money> parse_dollars(std::string_view text);

}  // namespace faceoff
