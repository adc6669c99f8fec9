#pragma once

#include <faceoff/base/clock.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace faceoff::simulate {

// The answer of a script with `clock: true`, by which a client measures itself: every token is a
// blank and the 19 digits of CLOCK_MONOTONIC in nanoseconds at which it was handed to the socket.
// The first token is two of these; the other one is when the request had been read.
inline constexpr std::size_t kReading = 20;

// The text of `tokens` tokens before the clock was read: zeros.
[[nodiscard]] std::string clock_text(std::int64_t tokens);
// The first token of what is left of such a text.
[[nodiscard]] std::string_view clock_piece(std::string_view rest, bool first) noexcept;
// Fills in one reading at `at`.
void put_reading(std::string& bytes, std::size_t at, TimePoint now) noexcept;

}  // namespace faceoff::simulate
