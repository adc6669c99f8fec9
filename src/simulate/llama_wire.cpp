#include "wire.h"

#include <faceoff/base/json_escape.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

// llama-server 0.7.0: its field order, null role content, `timings` and integer error codes.
class LlamaWire final : public Wire {
 public:
  ChatShape shape() const noexcept override { return ChatShape::openai; }
  std::string_view body_type() const noexcept override { return "application/json; charset=utf-8"; }
  std::string_view stream_type() const noexcept override { return "text/event-stream"; }
  std::string headers(std::uint64_t serial, Duration processing) const override;
  std::string body(const ChatFacts& facts) const override;
  Frames frames(const ChatFacts& facts) const override;
  std::string error(const ErrorFacts& facts) const override;
  std::string error_frame(const ErrorFacts& facts) const override {
    return "data: " + error(facts) + "\n\n";
  }
};

constexpr std::string_view kFingerprint = "b0-simulated";

std::string common(const ChatFacts& facts) {
  return fmt::format(R"("created":{},"id":"chatcmpl-{}","model":{},"system_fingerprint":"{}")",
                     unix_seconds(facts.utc),
                     hex_id(facts.serial),
                     json_quoted(facts.model),
                     kFingerprint);
}

std::string usage(const ChatFacts& facts) {
  return fmt::format(R"({{"completion_tokens":{},"prompt_tokens":{},"total_tokens":{},)"
                     R"("prompt_tokens_details":{{"cached_tokens":0}}}})",
                     facts.completion_tokens,
                     facts.prompt_tokens,
                     facts.prompt_tokens + facts.completion_tokens);
}

double per_second(std::int64_t count, double ms) {
  return ms > 0 ? static_cast<double>(count) / ms * 1000.0 : 0.0;
}

// 0.7.0 divides predicted_ms by predicted_n - 1: the first token belongs to the prompt.
std::string timings(const ChatFacts& facts) {
  const std::int64_t gaps = std::max<std::int64_t>(0, facts.completion_tokens - 1);
  const double prompt_ms = to_ms(facts.first_token);
  const double predicted_ms = to_ms(facts.per_token) * static_cast<double>(gaps);
  return fmt::format(R"({{"cache_n":0,"prompt_n":{},"prompt_ms":{},"prompt_per_token_ms":{},)"
                     R"("prompt_per_second":{},"predicted_n":{},"predicted_ms":{},)"
                     R"("predicted_per_token_ms":{},"predicted_per_second":{}}})",
                     facts.prompt_tokens,
                     prompt_ms,
                     prompt_ms / static_cast<double>(facts.prompt_tokens),
                     per_second(facts.prompt_tokens, prompt_ms),
                     facts.completion_tokens,
                     predicted_ms,
                     to_ms(facts.per_token),
                     per_second(gaps, predicted_ms));
}

std::string message(const Answer& answer) {
  std::string out = R"({"role":"assistant","content":)";
  out += json_quoted(answer.tool_call
                         ? std::string_view()
                         : std::string_view(answer.refusal ? *answer.refusal : answer.text));
  if (!answer.reasoning.empty()) {
    out += R"(,"reasoning_content":)" + json_quoted(answer.reasoning);
  }
  if (answer.tool_call) {
    fmt::format_to(
        std::back_inserter(out),
        R"(,"tool_calls":[{{"type":"function","function":{{"name":{},"arguments":{}}},"id":"{}"}}])",
        json_quoted(answer.tool_call->name),
        json_quoted(answer.tool_call->arguments),
        answer.tool_call->id);
  }
  return out + "}";
}

std::string_view finish_word(chat::Finish finish) noexcept {
  return finish == chat::Finish::content_filter ? "stop" : openai_finish(finish);
}

std::string LlamaWire::headers(std::uint64_t /*serial*/, Duration /*processing*/) const {
  return "server: llama.cpp\r\naccess-control-allow-origin: \r\n";
}

std::string LlamaWire::body(const ChatFacts& facts) const {
  return fmt::format(
      R"({{"choices":[{{"finish_reason":"{}","index":0,"message":{}}}],"created":{},"model":{},)"
      R"("system_fingerprint":"{}","object":"chat.completion","usage":{},"id":"chatcmpl-{}",)"
      R"("timings":{}}})",
      finish_word(facts.answer.finish),
      message(facts.answer),
      unix_seconds(facts.utc),
      json_quoted(facts.model),
      kFingerprint,
      usage(facts),
      hex_id(facts.serial),
      timings(facts));
}

Frames LlamaWire::frames(const ChatFacts& facts) const {
  const Answer& answer = facts.answer;
  const std::string tail = fmt::format(R"({},"object":"chat.completion.chunk")", common(facts));
  const std::string before = R"(data: {"choices":[{"finish_reason":null,"index":0,"delta":)";
  const std::string after = fmt::format("}}],{}}}\n\n", tail);
  Frames frames;
  frames.opens_at_once = true;
  frames.opening = before + R"({"role":"assistant","content":null})" + after;
  const auto add = [&](const std::string& text, std::string_view delta, std::string_view close) {
    frames.segments.push_back({.text = text,
                               .before = fmt::format("{}{}", before, delta),
                               .after = fmt::format("{}{}", close, after)});
  };
  if (!answer.reasoning.empty()) {
    add(answer.reasoning, R"({"reasoning_content":")", "\"}");
  }
  if (answer.tool_call) {
    add(answer.tool_call->arguments,
        R"({"tool_calls":[{"index":0,"function":{"arguments":")",
        "\"}}]}");
    frames.segments.back().first_before =
        fmt::format(R"({}{{"tool_calls":[{{"index":0,"id":"{}","type":"function",)"
                    R"("function":{{"name":{},"arguments":")",
                    before,
                    answer.tool_call->id,
                    json_quoted(answer.tool_call->name));
  } else {
    add(answer.refusal ? *answer.refusal : answer.text, R"({"content":")", "\"}");
  }
  const std::string timed = fmt::format(R"(,"timings":{})", timings(facts));
  frames.finish = fmt::format(
      "data: {{\"choices\":[{{\"finish_reason\":\"{}\",\"index\":0,\"delta\":{{}}}}],{}{}}}\n\n",
      finish_word(answer.finish),
      tail,
      facts.include_usage ? std::string_view() : std::string_view(timed));
  if (facts.include_usage) {
    frames.usage =
        fmt::format("data: {{\"choices\":[],{},\"usage\":{}{}}}\n\n", tail, usage(facts), timed);
  }
  frames.done = "data: [DONE]\n\n";
  return frames;
}

std::string_view error_type(const ErrorFacts& facts) noexcept {
  switch (facts.cause) {
    case Cause::authentication:
    case Cause::missing_key:
    case Cause::echo_key:
      return "authentication_error";
    case Cause::not_found:
      return "not_found_error";
    case Cause::context:
      return "exceed_context_size_error";
    case Cause::loading:
    case Cause::overloaded:
      return "unavailable_error";
    default:
      break;
  }
  if (facts.status == 501) {
    return "not_supported_error";
  }
  return facts.status < 500 ? "invalid_request_error" : "server_error";
}

std::string LlamaWire::error(const ErrorFacts& facts) const {
  std::string message = facts.message;
  std::string extra;
  if (facts.cause == Cause::context) {
    message = fmt::format(
        "request ({} tokens) exceeds the available context size ({} tokens), try increasing it",
        facts.prompt_tokens,
        facts.context);
    extra = fmt::format(R"(,"n_prompt_tokens":{},"n_ctx":{})", facts.prompt_tokens, facts.context);
  } else if (facts.cause == Cause::unknown_model) {
    message = fmt::format("model '{}' not found", facts.model);
  } else if (facts.cause == Cause::not_found) {
    message = "File Not Found";
  } else if (facts.cause == Cause::authentication || facts.cause == Cause::missing_key) {
    message = "Invalid API Key";
  } else if (message.empty()) {
    message = usual_message(facts);
  }
  return fmt::format(R"({{"error":{{"code":{},"message":{},"type":"{}"{}}}}})",
                     facts.status,
                     json_quoted(message),
                     error_type(facts),
                     extra);
}

}  // namespace

const Wire& llama_wire() {
  static const LlamaWire wire;
  return wire;
}

}  // namespace faceoff::simulate
