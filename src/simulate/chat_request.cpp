#include "chat_request.h"

#include <faceoff/base/text.h>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace faceoff::simulate {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 64;

// The parser has no limit of its own and a client may nest as deep as its body is long.
bool too_deep(std::string_view text) noexcept {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) {
        return true;
      }
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

BadChat bad_field(std::string message, std::string param) {
  return {.why = BadChat::Why::field, .message = std::move(message), .param = std::move(param)};
}

std::optional<json> parse(std::string_view body) {
  if (too_deep(body)) {
    return std::nullopt;
  }
  json root = json::parse(body.begin(), body.end(), nullptr, false);
  if (root.is_discarded() || !root.is_object()) {
    return std::nullopt;
  }
  return root;
}

// The text of a message's content: a string, or the text parts of a list.
std::optional<std::string> content_text(const json& content) {
  if (content.is_string()) {
    return content.get_ref<const std::string&>();
  }
  if (content.is_null()) {
    return std::string();
  }
  if (!content.is_array()) {
    return std::nullopt;
  }
  std::string text;
  for (const json& part : content) {
    const auto type = part.is_object() ? part.find("type") : part.end();
    if (!part.is_object() || type == part.end() || !type->is_string()) {
      return std::nullopt;
    }
    const auto value = part.find("text");
    if (value != part.end() && value->is_string()) {
      text += value->get_ref<const std::string&>();
    }
  }
  return text;
}

std::optional<BadChat> read_messages(const json& root, ChatCall& call) {
  const auto messages = root.find("messages");
  if (messages == root.end()) {
    return bad_field("'messages' is required", "messages");
  }
  if (!messages->is_array()) {
    return bad_field("Expected 'messages' to be an array", "messages");
  }
  if (messages->empty()) {
    return bad_field("'messages' must hold at least one message", "messages");
  }
  std::size_t characters = 0;
  for (std::size_t i = 0; i < messages->size(); ++i) {
    const json& message = (*messages)[i];
    if (!message.is_object() || !message.contains("role") || !message["role"].is_string()) {
      return bad_field(fmt::format("messages[{}] has no role", i),
                       fmt::format("messages[{}].role", i));
    }
    const auto content = message.find("content");
    const auto text =
        content == message.end() ? std::optional<std::string>("") : content_text(*content);
    if (!text) {
      return bad_field(fmt::format("messages[{}] has a content that is no text", i),
                       fmt::format("messages[{}].content", i));
    }
    characters += count_code_points(*text);
    if (message["role"] == "user") {
      call.prompt = *text;
    }
  }
  call.prompt_tokens = std::max<std::int64_t>(
      1, static_cast<std::int64_t>((characters + kCharactersPerToken - 1) / kCharactersPerToken));
  return std::nullopt;
}

std::optional<BadChat> read_integer(const json& root,
                                    const char* field,
                                    std::optional<std::int64_t>& value) {
  const auto found = root.find(field);
  if (found == root.end() || found->is_null()) {
    return std::nullopt;
  }
  if (!found->is_number_integer()) {
    return bad_field(fmt::format("'{}' must be an integer", field), field);
  }
  if (const auto number = found->get<std::int64_t>(); number >= 0) {
    value = number;
  }
  return std::nullopt;
}

std::optional<BadChat> read_bool(const json& root, const char* field, bool& value) {
  const auto found = root.find(field);
  if (found == root.end() || found->is_null()) {
    return std::nullopt;
  }
  if (!found->is_boolean()) {
    return bad_field(fmt::format("'{}' must be true or false", field), field);
  }
  value = found->get<bool>();
  return std::nullopt;
}

void read_stop(const json& root, ChatCall& call) {
  const auto stop = root.find("stop");
  if (stop == root.end()) {
    return;
  }
  if (stop->is_string()) {
    call.stop.push_back(stop->get<std::string>());
  } else if (stop->is_array()) {
    for (const json& word : *stop) {
      if (word.is_string()) {
        call.stop.push_back(word.get<std::string>());
      }
    }
  }
}

std::optional<BadChat> read_openai_fields(const json& root, ChatCall& call) {
  std::optional<std::int64_t> choices;
  if (auto bad = read_integer(root, "n", choices)) {
    return bad;
  }
  if (choices.value_or(1) != 1) {
    return bad_field("'n' other than 1 is not simulated", "n");
  }
  for (const char* field : {"n_predict", "max_tokens", "max_completion_tokens"}) {
    if (auto bad = read_integer(root, field, call.max_tokens)) {
      return bad;
    }
  }
  read_stop(root, call);
  const auto options = root.find("stream_options");
  return options != root.end() && options->is_object()
             ? read_bool(*options, "include_usage", call.include_usage)
             : std::nullopt;
}

std::optional<BadChat> read_ollama_fields(const json& root, ChatCall& call) {
  const auto options = root.find("options");
  if (options == root.end() || !options->is_object()) {
    return std::nullopt;
  }
  read_stop(*options, call);
  return read_integer(*options, "num_predict", call.max_tokens);
}

}  // namespace

std::variant<ChatCall, BadChat> read_chat(std::string_view body, ChatShape shape) {
  if (trim(body).empty()) {
    return BadChat{.why = BadChat::Why::empty, .message = "missing request body", .param = {}};
  }
  const auto root = parse(body);
  if (!root) {
    return BadChat{.why = BadChat::Why::json,
                   .message = "the request body is no JSON object, or is nested too deeply",
                   .param = {}};
  }
  ChatCall call;
  call.stream = shape == ChatShape::ollama;
  const auto model = root->find("model");
  if (model != root->end() && !model->is_string()) {
    return bad_field("'model' must be a text", "model");
  }
  if (model != root->end()) {
    call.model = model->get<std::string>();
  }
  if (auto bad = read_messages(*root, call)) {
    return *std::move(bad);
  }
  if (auto bad = read_bool(*root, "stream", call.stream)) {
    return *std::move(bad);
  }
  if (auto bad = shape == ChatShape::openai ? read_openai_fields(*root, call)
                                            : read_ollama_fields(*root, call)) {
    return *std::move(bad);
  }
  return call;
}

std::optional<EmbeddingsCall> read_embeddings(std::string_view body) {
  const auto root = parse(body);
  const auto input = root ? root->find("input") : json::const_iterator();
  if (!root || input == root->end()) {
    return std::nullopt;
  }
  EmbeddingsCall call{.model = read_text_field(body, "model"), .texts = {}};
  if (input->is_string()) {
    call.texts.push_back(input->get<std::string>());
  } else if (input->is_array()) {
    for (const json& text : *input) {
      call.texts.push_back(text.is_string() ? text.get<std::string>() : std::string());
    }
  }
  return call;
}

std::string read_text_field(std::string_view body, const char* field) {
  const auto root = parse(body);
  if (!root) {
    return {};
  }
  const auto found = root->find(field);
  return found != root->end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_json_object(std::string_view text) {
  return parse(text).has_value();
}

std::int64_t count_tokens(std::string_view text) noexcept {
  const std::size_t pieces =
      (count_code_points(text) + kCharactersPerToken - 1) / kCharactersPerToken;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(pieces));
}

}  // namespace faceoff::simulate
