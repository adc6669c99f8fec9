#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace faceoff::net {

// An IP address as 16 bytes; IPv4 is kept in its mapped form ::ffff:a.b.c.d, so that both spellings
// of one address are judged alike.
class Address {
 public:
  // A literal of inet_pton's strict syntax: four decimal numbers, or IPv6 without brackets.
  [[nodiscard]] static std::optional<Address> parse(std::string_view literal) noexcept;
  // nullopt for families other than IPv4 and IPv6.
  [[nodiscard]] static std::optional<Address> from(const sockaddr& address) noexcept;

  // 127.0.0.0/8 or ::1.
  [[nodiscard]] bool is_loopback() const noexcept;
  // RFC 1918, 169.254.0.0/16, fe80::/10 or fc00::/7.
  [[nodiscard]] bool is_private() const noexcept;
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] bool is_v4() const noexcept;
  std::array<std::uint8_t, 16> bytes_{};
};

}  // namespace faceoff::net
