#include "clock_text.h"

#include <algorithm>

namespace faceoff::simulate {

std::string clock_text(std::int64_t tokens) {
  const auto readings = static_cast<std::size_t>(std::max<std::int64_t>(tokens, 1)) + 1;
  std::string text(readings * kReading, '0');
  for (std::size_t i = 0; i < readings; ++i) {
    text[i * kReading] = ' ';
  }
  return text;
}

std::string_view clock_piece(std::string_view rest, bool first) noexcept {
  return rest.substr(0, first ? 2 * kReading : kReading);
}

void put_reading(std::string& bytes, std::size_t at, TimePoint now) noexcept {
  auto left = static_cast<std::uint64_t>(now.time_since_epoch().count());
  for (std::size_t i = kReading - 1; i > 0; --i) {
    bytes[at + i] = static_cast<char>('0' + left % 10);
    left /= 10;
  }
}

}  // namespace faceoff::simulate
