#pragma once

#include <faceoff/backend/backend.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::backend::testing {

// `text` with everything but letters and digits as '_', as names of parameters must be.
std::string test_name(std::string_view text);

// tests/data/wire/NAME; fails the test when it is missing.
std::string read_wire(std::string_view name);
// Status and headers of tests/data/wire/NAME.txt for a body file NAME.EXT; 200 and
// text/event-stream when there is none.
struct Head {
  int status = 200;
  net::HeaderList headers;
};
Head read_head(std::string_view body_file);

// An environment that holds nothing but `values`.
Environment environment(std::map<std::string, std::string, std::less<>> values = {});

// A spec of `adapter` at a local stand-in, which needs no key.
Spec local_spec(std::string_view adapter);
std::unique_ptr<Backend> make(const Spec& spec, const Environment& env = environment());

// What a decoder makes of a response.
struct Decoded {
  Reply reply;
  std::vector<chat::StreamEvent> events;
};
// Feeds `body` cut at the ascending offsets `cuts`; piece i comes at i milliseconds.
Decoded decode(const Backend& backend,
               const Head& head,
               std::string_view body,
               const std::vector<std::size_t>& cuts = {},
               const std::optional<Failure>& transport_failure = std::nullopt);

// One line that holds all of a reply but its time stamps, to compare and to print.
std::string describe(const Decoded& decoded);

// The events as "role content content done".
std::string classes(const Decoded& decoded);

}  // namespace faceoff::backend::testing
