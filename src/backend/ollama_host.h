#pragma once

#include <string>
#include <string_view>

namespace faceoff::backend {

// The address to connect to for a value of OLLAMA_HOST, as Ollama's own client reads it: the
// scheme is optional; the port is 11434, or 80 and 443 when a scheme is given; a bad port is
// replaced by the default; a path is kept; `ollama.com` is https. The wildcard addresses that a
// server listens on become loopback.
[[nodiscard]] std::string ollama_base_url(std::string_view value);

}  // namespace faceoff::backend
