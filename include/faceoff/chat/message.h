#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::chat {

enum class Role : std::uint8_t { system, developer, user, assistant, tool };
[[nodiscard]] std::string_view to_string(Role role) noexcept;
[[nodiscard]] std::optional<Role> parse_role(std::string_view text) noexcept;

struct Message {
  Role role = Role::user;
  std::string text;
  friend bool operator==(const Message&, const Message&) = default;
};

// Sampling and output parameters under the harness's own names; an adapter translates them to its
// wire's names. Absent means: not sent, the server's default holds.
struct Params {
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<std::int64_t> top_k;
  std::optional<double> min_p;
  std::optional<double> repeat_penalty;
  std::optional<double> presence_penalty;
  std::optional<double> frequency_penalty;
  std::optional<std::int64_t> max_tokens;
  std::optional<std::int64_t> seed;
  // How many of the likeliest tokens come with each token, with their log-probabilities.
  std::optional<std::int64_t> top_logprobs;
  std::vector<std::string> stop;
  std::optional<std::string> reasoning_effort;
  // "json" (any object) or a JSON Schema as text.
  std::optional<std::string> response_format;
  friend bool operator==(const Params&, const Params&) = default;
};

// Every value that `over` sets replaces that of `base`.
[[nodiscard]] Params merge(const Params& base, const Params& over);

// What a request wants back: the next message, or one vector for each text.
enum class Wants : std::uint8_t { answer, embeddings };

// What is asked of a model: independent of any wire protocol. For embeddings the messages are the
// texts, and the completion's text is a JSON array of their vectors in that order.
struct Request {
  std::vector<Message> messages;
  Params params;
  Wants wants = Wants::answer;
  friend bool operator==(const Request&, const Request&) = default;
};

}  // namespace faceoff::chat
