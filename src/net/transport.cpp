#include <faceoff/base/text.h>
#include <faceoff/net/transport.h>

#include <algorithm>
#include <array>

namespace faceoff::net {
namespace {

struct Row {
  Fault fault;
  std::string_view name;
};
constexpr std::array kFaults{Row{Fault::dns, "dns"},
                             Row{Fault::refused, "refused"},
                             Row{Fault::connect_timeout, "connect_timeout"},
                             Row{Fault::tls, "tls"},
                             Row{Fault::reset, "reset"},
                             Row{Fault::empty_reply, "empty_reply"},
                             Row{Fault::truncated, "truncated"},
                             Row{Fault::protocol, "protocol"},
                             Row{Fault::not_http, "not_http"},
                             Row{Fault::too_large, "too_large"},
                             Row{Fault::address_not_allowed, "address_not_allowed"},
                             Row{Fault::proxy, "proxy"},
                             Row{Fault::bad_url, "bad_url"},
                             Row{Fault::cancelled, "cancelled"},
                             Row{Fault::other, "other"}};

}  // namespace

std::optional<std::string_view> find_header(const HeaderList& headers,
                                            std::string_view name) noexcept {
  const auto found = std::find_if(headers.rbegin(), headers.rend(), [name](const auto& header) {
    return iequals_ascii(header.first, name);
  });
  return found == headers.rend() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::string_view to_string(Fault fault) noexcept {
  return std::ranges::find(kFaults, fault, &Row::fault)->name;
}

}  // namespace faceoff::net
