#include "case.h"

#include <faceoff/base/digest.h>

#include <iterator>

#include <fmt/format.h>

namespace faceoff::suite {
namespace {

// The length before the text keeps two fields from looking like one.
void add(std::string& out, std::string_view key, std::string_view text) {
  fmt::format_to(std::back_inserter(out), "{} {} {}\n", key, text.size(), text);
}

template <class T>
void add(std::string& out, std::string_view key, const std::optional<T>& value) {
  if (value) {
    add(out, key, fmt::format("{}", *value));
  }
}

}  // namespace

std::string prompt_digest(const std::vector<chat::Message>& messages, const chat::Params& params) {
  std::string text = "faceoff prompt 1\n";
  for (const auto& message : messages) {
    add(text, chat::to_string(message.role), std::string_view(message.text));
  }
  add(text, "temperature", params.temperature);
  add(text, "top_p", params.top_p);
  add(text, "top_k", params.top_k);
  add(text, "min_p", params.min_p);
  add(text, "repeat_penalty", params.repeat_penalty);
  add(text, "presence_penalty", params.presence_penalty);
  add(text, "frequency_penalty", params.frequency_penalty);
  add(text, "max_tokens", params.max_tokens);
  add(text, "seed", params.seed);
  add(text, "top_logprobs", params.top_logprobs);
  for (const auto& stop : params.stop) {
    add(text, "stop", std::string_view(stop));
  }
  add(text, "reasoning_effort", params.reasoning_effort);
  add(text, "response_format", params.response_format);
  return sha256_hex(text);
}

}  // namespace faceoff::suite
