#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace faceoff::net {

// The proxy that a request to `url` goes through, by the variables that libcurl heeds: http_proxy
// (lower case only), https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY, and no_proxy or NO_PROXY
// against them. User name and password are left out of the result. nullopt: straight to the host,
// as always to this machine.
[[nodiscard]] std::optional<std::string> proxy_for(
    std::string_view url,
    const std::function<std::optional<std::string>(std::string_view)>& environment);

// An address as it may be shown: without the user name and the password before its host.
[[nodiscard]] std::string without_user_info(std::string url);

}  // namespace faceoff::net
