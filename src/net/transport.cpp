#include <faceoff/base/names.h>
#include <faceoff/base/text.h>
#include <faceoff/net/transport.h>

#include <algorithm>
#include <array>

namespace faceoff::net {
namespace {

constexpr Names kFaults{std::array{Named{Fault::dns, "dns"},
                                   Named{Fault::refused, "refused"},
                                   Named{Fault::connect_timeout, "connect_timeout"},
                                   Named{Fault::tls, "tls"},
                                   Named{Fault::reset, "reset"},
                                   Named{Fault::empty_reply, "empty_reply"},
                                   Named{Fault::truncated, "truncated"},
                                   Named{Fault::protocol, "protocol"},
                                   Named{Fault::bad_chunk, "bad_chunk"},
                                   Named{Fault::not_http, "not_http"},
                                   Named{Fault::too_large, "too_large"},
                                   Named{Fault::address_not_allowed, "address_not_allowed"},
                                   Named{Fault::proxy, "proxy"},
                                   Named{Fault::bad_url, "bad_url"},
                                   Named{Fault::cancelled, "cancelled"},
                                   Named{Fault::other, "other"}}};

}  // namespace

std::optional<std::string_view> find_header(const HeaderList& headers,
                                            std::string_view name) noexcept {
  const auto found = std::find_if(headers.rbegin(), headers.rend(), [name](const auto& header) {
    return iequals_ascii(header.first, name);
  });
  return found == headers.rend() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::string_view to_string(Fault fault) noexcept {
  return kFaults.of(fault);
}

}  // namespace faceoff::net
