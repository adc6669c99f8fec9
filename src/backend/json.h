#pragma once

#include <faceoff/chat/completion.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace faceoff::backend {

using Json = nlohmann::json;
// Keeps the order of insertion: request bodies read like the documentation of the wire.
using OrderedJson = nlohmann::ordered_json;

// JSON written by a server or a user; nullopt when malformed or nested deeper than 64 levels.
// What JSON forbids but servers send inside texts comes through unchanged: bytes that are not
// UTF-8, and lone surrogate escapes (as their three-byte form). Such strings must be dumped with
// a replacing error handler, as dump_json() does.
[[nodiscard]] std::optional<Json> parse_untrusted(std::string_view text);

// Never throws: invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string dump_json(const Json& value);
[[nodiscard]] std::string dump_json(const OrderedJson& value);

// The value of `key`, or nullptr when `object` is no object, has no such key, or has null there.
[[nodiscard]] const Json* member(const Json& object, const char* key);
// Its text; empty unless it is a string. Valid as long as `object`.
[[nodiscard]] std::string_view text_of(const Json& object, const char* key);
// Its number; nullopt unless it is one (a whole, non-negative one for count_of).
[[nodiscard]] std::optional<double> number_of(const Json& object, const char* key);
[[nodiscard]] std::optional<std::int64_t> count_of(const Json& object, const char* key);

// Takes the likeliest tokens from a list of {token, logprob, top_logprobs} when the completion has
// none yet: those of the first token that is more than white space. `list` may be null.
void read_first_token(const Json* list, chat::Completion& completion);

}  // namespace faceoff::backend
