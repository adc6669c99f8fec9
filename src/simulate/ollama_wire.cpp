#include "wire.h"

#include <faceoff/base/json_escape.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

// Ollama's native /api/chat: one JSON object a line, durations in nanoseconds.
class OllamaWire final : public Wire {
 public:
  ChatShape shape() const noexcept override { return ChatShape::ollama; }
  std::string_view body_type() const noexcept override { return "application/json; charset=utf-8"; }
  std::string_view stream_type() const noexcept override { return "application/x-ndjson"; }
  std::string headers(std::uint64_t /*serial*/, Duration /*processing*/) const override {
    return {};
  }
  std::string body(const ChatFacts& facts) const override;
  Frames frames(const ChatFacts& facts) const override;
  std::string error(const ErrorFacts& facts) const override;
  std::string error_frame(const ErrorFacts& facts) const override { return error(facts) + "\n"; }
};

// Ollama writes nanoseconds; the clock's milliseconds are what is known.
std::string start(const ChatFacts& facts) {
  std::string time = format_utc(facts.utc);
  time.insert(time.size() - 1, "000000");
  return fmt::format(R"({{"model":{},"created_at":"{}")", json_quoted(facts.model), time);
}

std::string tool_calls(const chat::ToolCall& call) {
  return fmt::format(
      R"(,"tool_calls":[{{"id":"{}","function":{{"index":0,"name":{},"arguments":{}}}}}])",
      call.id,
      json_quoted(call.name),
      call.arguments);
}

std::string ending(const ChatFacts& facts) {
  const std::int64_t gaps = std::max<std::int64_t>(0, facts.completion_tokens - 1);
  const std::int64_t prompt = facts.first_token.count();
  const std::int64_t eval = facts.per_token.count() * gaps;
  std::string out = fmt::format(R"(,"done":true,"done_reason":"{}")",
                                facts.answer.finish == chat::Finish::length ? "length" : "stop");
  // A zero is left out, as the server's own encoder does.
  const auto add = [&out](std::string_view name, std::int64_t value) {
    if (value != 0) {
      fmt::format_to(std::back_inserter(out), R"(,"{}":{})", name, value);
    }
  };
  add("total_duration", prompt + eval);
  add("prompt_eval_count", facts.prompt_tokens);
  add("prompt_eval_duration", prompt);
  add("eval_count", facts.completion_tokens);
  add("eval_duration", eval);
  return out + "}";
}

const std::string& visible_text(const Answer& answer) {
  return answer.refusal ? *answer.refusal : answer.text;
}

std::string OllamaWire::body(const ChatFacts& facts) const {
  const Answer& answer = facts.answer;
  std::string out = start(facts) + R"(,"message":{"role":"assistant","content":)";
  out += answer.tool_call ? R"("")" : json_quoted(visible_text(answer));
  if (!answer.reasoning.empty()) {
    out += R"(,"thinking":)" + json_quoted(answer.reasoning);
  }
  if (answer.tool_call) {
    out += tool_calls(*answer.tool_call);
  }
  return out + "}" + ending(facts);
}

Frames OllamaWire::frames(const ChatFacts& facts) const {
  const Answer& answer = facts.answer;
  const std::string before = start(facts) + R"(,"message":{"role":"assistant","content":")";
  const std::string after = "\"},\"done\":false}\n";
  Frames frames;
  if (!answer.reasoning.empty()) {
    frames.segments.push_back(
        {.text = answer.reasoning, .before = before + R"(","thinking":")", .after = after});
  }
  if (answer.tool_call) {
    // A call comes in one line, whatever its length.
    frames.finish = before + "\"" + tool_calls(*answer.tool_call) + "},\"done\":false}\n";
  } else {
    frames.segments.push_back({.text = visible_text(answer), .before = before, .after = after});
  }
  frames.finish += before + "\"}" + ending(facts) + "\n";
  return frames;
}

std::string OllamaWire::error(const ErrorFacts& facts) const {
  std::string message = facts.message;
  switch (facts.cause) {
    case Cause::unknown_model:
      message = fmt::format("model '{}' not found", facts.model);
      break;
    case Cause::empty_body:
      message = "missing request body";
      break;
    case Cause::authentication:
    case Cause::missing_key:
      message = "unauthorized";
      break;
    case Cause::overloaded:
      message = "server busy, please try again.  maximum pending requests exceeded";
      break;
    case Cause::context:
      message = fmt::format("the prompt has {} tokens, more than the context length of {}",
                            facts.prompt_tokens,
                            facts.context);
      break;
    default:
      if (message.empty()) {
        message = usual_message(facts);
      }
  }
  return fmt::format(R"({{"error":{}}})", json_quoted(message));
}

}  // namespace

const Wire& ollama_wire() {
  static const OllamaWire wire;
  return wire;
}

}  // namespace faceoff::simulate
