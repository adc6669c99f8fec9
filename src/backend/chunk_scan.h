#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faceoff::backend {

// What an ordinary chunk of a chat stream holds. Absent members and nulls are alike, as everywhere
// in the decoders.
struct PlainChunk {
  std::string model{};
  std::string fingerprint{};
  std::string role{};
  std::string content{};
  std::string reasoning{};  // reasoning_content, or reasoning when that is empty
  std::string finish{};
  bool has_delta = false;
};

// Reads `chunk` in one pass without building a tree, when it is sound JSON and holds one choice of
// index 0 with nothing in it but role, text, reasoning and a finish reason, and no usage, timings,
// log-probabilities or error. Nullopt for everything else, sound or not: that is for the reader
// that knows it all.
[[nodiscard]] std::optional<PlainChunk> scan_plain_chunk(std::string_view chunk);

// What an ordinary answer in one body holds.
struct PlainBody {
  PlainChunk message{};
  std::optional<std::int64_t> prompt_tokens{};
  std::optional<std::int64_t> completion_tokens{};
  std::optional<std::int64_t> cached_tokens{};
  std::optional<std::int64_t> reasoning_tokens{};
};

// The same for a whole answer: one choice with a message, and nothing beside it but identity and
// usage.
[[nodiscard]] std::optional<PlainBody> scan_plain_body(std::string_view body);

}  // namespace faceoff::backend
