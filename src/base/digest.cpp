#include "sha256.h"

#include <faceoff/base/check.h>
#include <faceoff/base/digest.h>

#include <array>

#include <fmt/format.h>

#include <zlib.h>

namespace faceoff {
namespace {

// OpenSSL 3 looks an algorithm up anew for every EVP_sha256(), which takes longer than the digest
// of a prompt; what EVP_MD_fetch() gives is ready for use, by all threads.
const EVP_MD* sha256() {
  static const EVP_MD* const kFetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kFetched;
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  FACEOFF_CHECK(context_ != nullptr && sha256() != nullptr, "libcrypto has no SHA-256");
  begin();
}

void Sha256::begin() {
  FACEOFF_CHECK(EVP_DigestInit_ex2(context_.get(), sha256(), nullptr) == 1,
                "libcrypto cannot begin SHA-256");
}

void Sha256::add(std::string_view bytes) {
  FACEOFF_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1,
                "libcrypto cannot go on with SHA-256");
}

std::string Sha256::hex() {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  FACEOFF_CHECK(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1,
                "libcrypto cannot end SHA-256");
  begin();
  std::string hex;
  hex.reserve(std::size_t{size} * 2);
  for (unsigned int i = 0; i < size; ++i) {
    hex += kHex[digest[i] >> 4U];
    hex += kHex[digest[i] & 0xFU];
  }
  return hex;
}

std::string sha256_hex(std::string_view bytes) {
  thread_local Sha256 digest;
  digest.add(bytes);
  return digest.hex();
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
