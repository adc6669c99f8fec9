#include <faceoff/base/check.h>
#include <faceoff/base/digest.h>

#include <array>

#include <fmt/format.h>

#include <openssl/evp.h>
#include <zlib.h>

namespace faceoff {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const int ok =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  FACEOFF_CHECK(ok == 1, "libcrypto has no SHA-256");
  std::string hex;
  hex.reserve(std::size_t{size} * 2);
  for (unsigned int i = 0; i < size; ++i) {
    hex += fmt::format("{:02x}", digest[i]);
  }
  return hex;
}

std::uint32_t crc32(std::string_view bytes) noexcept {
  auto crc = ::crc32(0L, Z_NULL, 0);
  crc = ::crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  return static_cast<std::uint32_t>(crc);
}

std::string crc32_hex(std::string_view bytes) {
  return fmt::format("{:08x}", crc32(bytes));
}

std::uint64_t fnv1a(std::string_view bytes) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

}  // namespace faceoff
