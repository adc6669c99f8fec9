#pragma once

// How the checksum stands in a record line. Private to store.

#include <cstddef>
#include <string_view>

namespace faceoff::store {

// A line is {...,"crc":"xxxxxxxx"}: the CRC-32 of everything before the comma.
inline constexpr std::string_view kCrcPrefix = ",\"crc\":\"";
inline constexpr std::size_t kCrcDigits = 8;
inline constexpr std::size_t kCrcTail = kCrcPrefix.size() + kCrcDigits + 2;  // ..."}

}  // namespace faceoff::store
