#include "address.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace faceoff::net {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::array<std::uint8_t, 16> kLoopback6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

}  // namespace

std::optional<Address> Address::parse(std::string_view literal) noexcept {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (literal.size() >= text.size()) {
    return std::nullopt;
  }
  std::ranges::copy(literal, text.begin());
  Address address;
  if (inet_pton(AF_INET6, text.data(), address.bytes_.data()) == 1) {
    return address;
  }
  if (inet_pton(AF_INET, text.data(), &address.bytes_[kMappedPrefix.size()]) == 1) {
    std::ranges::copy(kMappedPrefix, address.bytes_.begin());
    return address;
  }
  return std::nullopt;
}

std::optional<Address> Address::from(const sockaddr& address) noexcept {
  Address result;
  // Copied, not cast: a sockaddr need not be aligned like the structure that it stands for.
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    std::ranges::copy(kMappedPrefix, result.bytes_.begin());
    std::memcpy(&result.bytes_[kMappedPrefix.size()], &v4.sin_addr, sizeof v4.sin_addr);
    return result;
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    std::memcpy(result.bytes_.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    return result;
  }
  return std::nullopt;
}

bool Address::is_v4() const noexcept {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes_.begin());
}

bool Address::is_loopback() const noexcept {
  return is_v4() ? bytes_[12] == 127 : bytes_ == kLoopback6;
}

bool Address::is_private() const noexcept {
  if (is_v4()) {
    const unsigned first = bytes_[12];
    const unsigned second = bytes_[13];
    return first == 10 || (first == 172 && (second & 0xF0U) == 16) ||
           (first == 192 && second == 168) || (first == 169 && second == 254);
  }
  const unsigned first = bytes_[0];
  const unsigned second = bytes_[1];
  return (first & 0xFEU) == 0xFC || (first == 0xFE && (second & 0xC0U) == 0x80);
}

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4()) {
    inet_ntop(AF_INET, &bytes_[kMappedPrefix.size()], text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
  }
  return text.data();
}

}  // namespace faceoff::net
