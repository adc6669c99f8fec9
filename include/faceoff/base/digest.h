#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace faceoff {

// SHA-256 as 64 lower-case hexadecimal digits: identity of suites, prompts and models.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
// CRC-32 (ISO-HDLC, as in gzip): detects a damaged record line.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes) noexcept;
// Eight lower-case hexadecimal digits.
[[nodiscard]] std::string crc32_hex(std::string_view bytes);
// FNV-1a, 64 bit: seeds and hash tables, not identity.
[[nodiscard]] std::uint64_t fnv1a(std::string_view bytes) noexcept;

}  // namespace faceoff
