#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace faceoff::simulate {

// The two request shapes that are understood.
enum class ChatShape : std::uint8_t { openai, ollama };

// What a chat request asks for.
struct ChatCall {
  std::string model;
  std::string prompt;  // the last user message
  std::int64_t prompt_tokens = 1;
  bool stream = false;
  bool include_usage = false;
  std::optional<std::int64_t> max_tokens;
  std::vector<std::string> stop;
};

// Why a body cannot be answered. `json`: it is no JSON.
struct BadChat {
  enum class Why : std::uint8_t { empty, json, field };
  Why why = Why::field;
  std::string message;
  std::string param;  // the field, for dialects that name it
};

[[nodiscard]] std::variant<ChatCall, BadChat> read_chat(std::string_view body, ChatShape shape);

// What an embeddings request asks for; nullopt: it is no JSON object with an `input`.
struct EmbeddingsCall {
  std::string model;
  std::vector<std::string> texts;
};
[[nodiscard]] std::optional<EmbeddingsCall> read_embeddings(std::string_view body);

// The value of the text field `field` in a JSON object, or "" when there is none.
[[nodiscard]] std::string read_text_field(std::string_view body, const char* field);

[[nodiscard]] bool is_json_object(std::string_view text);

// One piece of about four characters counts as a token.
inline constexpr std::size_t kCharactersPerToken = 4;
// ceil(characters / 4), at least 1.
[[nodiscard]] std::int64_t count_tokens(std::string_view text) noexcept;

}  // namespace faceoff::simulate
