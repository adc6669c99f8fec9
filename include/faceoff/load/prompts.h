#pragma once

#include <faceoff/chat/message.h>

#include <cstdint>
#include <string>
#include <vector>

namespace faceoff::load {

// Whether servers may answer from a prompt cache, and so what the time to the first token is of.
enum class PromptCache : std::uint8_t {
  as_is,  // nothing is done about it
  cold,   // every prompt begins with words of its own, and the backend is told not to cache
  warm,   // the same prompt over and over, from the warm-up on
  nonce,  // every prompt begins with words of its own
};

// Where the prompts of a load test come from: a list that is gone through again and again.
struct PromptSource {
  std::vector<chat::Request> requests;  // never empty
  PromptCache cache = PromptCache::as_is;
  std::uint64_t seed = 0;
};

// Prompt number `index`. Prompts of neighbouring numbers are different ones unless the cache is to
// be warm or the list is short.
[[nodiscard]] chat::Request prompt_for(const PromptSource& source, std::uint64_t index);

// `count` different texts of about `tokens` tokens each: common English words, one a token for most
// tokenizers, and a question at the end that asks for a long answer.
[[nodiscard]] std::vector<chat::Request> synthetic_prompts(std::size_t count,
                                                           std::int64_t tokens,
                                                           std::uint64_t seed);

}  // namespace faceoff::load
