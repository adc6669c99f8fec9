#pragma once

#include <faceoff/doc/decoder.h>

#include <cstdint>

namespace faceoff::doc {

// Whose file it is. A suite or a project's configuration may come from a stranger.
enum class Owner : std::uint8_t { user, project, suite };

// Reports every key of the mapping that a file of this owner may not have because it decides on
// keys, on the hosts that get them, on TLS, proxies or programs to run, and names the right place.
// `reader` then takes these keys as known, so that they are reported once. The value of `api_key`
// is hidden from messages: it may be a real one.
void refuse_user_keys(const Context& context, MappingReader& reader, const Node& node, Owner owner);

}  // namespace faceoff::doc
