#include "wire.h"

#include <faceoff/base/json_escape.h>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

// OpenAI's chat completions and the smaller copy of them that Ollama serves under /v1.
enum class Flavour : std::uint8_t { openai, ollama };

class OpenAiWire final : public Wire {
 public:
  explicit OpenAiWire(Flavour flavour) noexcept : openai_(flavour == Flavour::openai) {}

  ChatShape shape() const noexcept override { return ChatShape::openai; }
  std::string_view body_type() const noexcept override { return "application/json"; }
  std::string_view stream_type() const noexcept override {
    return openai_ ? "text/event-stream; charset=utf-8" : "text/event-stream";
  }
  std::string headers(std::uint64_t serial, Duration processing) const override;
  std::string body(const ChatFacts& facts) const override;
  Frames frames(const ChatFacts& facts) const override;
  std::string error(const ErrorFacts& facts) const override;
  std::string error_frame(const ErrorFacts& facts) const override {
    return "data: " + error(facts) + "\n\n";
  }

 private:
  std::string start(const ChatFacts& facts, std::string_view object) const;
  std::string message(const ChatFacts& facts) const;
  std::string usage(const ChatFacts& facts) const;
  std::vector<Segment> segments(const ChatFacts& facts,
                                const std::string& before,
                                const std::string& after) const;

  bool openai_;
};

std::string OpenAiWire::headers(std::uint64_t serial, Duration processing) const {
  if (!openai_) {
    return {};
  }
  return fmt::format(
      "openai-organization: org-simulated\r\nopenai-processing-ms: {}\r\n"
      "openai-version: 2020-10-01\r\nx-request-id: req_{}\r\n",
      std::chrono::duration_cast<std::chrono::milliseconds>(processing).count(),
      hex_id(serial));
}

std::string OpenAiWire::start(const ChatFacts& facts, std::string_view object) const {
  std::string out = openai_ ? fmt::format(R"({{"id":"chatcmpl-{}")", hex_id(facts.serial))
                            : fmt::format(R"({{"id":"chatcmpl-{}")", facts.serial % 999);
  fmt::format_to(std::back_inserter(out),
                 R"(,"object":"{}","created":{},"model":{})",
                 object,
                 unix_seconds(facts.utc),
                 json_quoted(facts.model));
  return out;
}

std::string OpenAiWire::message(const ChatFacts& facts) const {
  const Answer& answer = facts.answer;
  const bool text = !answer.tool_call && !(answer.refusal && openai_);
  std::string out = R"({"role":"assistant","content":)";
  out += text ? json_quoted(answer.refusal ? *answer.refusal : answer.text) : "null";
  if (!answer.reasoning.empty()) {
    out += openai_ ? R"(,"reasoning_content":)" : R"(,"reasoning":)";
    out += json_quoted(answer.reasoning);
  }
  if (openai_) {
    out += R"(,"refusal":)";
    out += answer.refusal ? json_quoted(*answer.refusal) : "null";
    out += R"(,"annotations":[])";
  }
  if (answer.tool_call) {
    fmt::format_to(
        std::back_inserter(out),
        R"(,"tool_calls":[{{"id":"{}","type":"function","function":{{"name":{},"arguments":{}}}}}])",
        answer.tool_call->id,
        json_quoted(answer.tool_call->name),
        json_quoted(answer.tool_call->arguments));
  }
  return out + "}";
}

std::string OpenAiWire::usage(const ChatFacts& facts) const {
  std::string out = fmt::format(R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{})",
                                facts.prompt_tokens,
                                facts.completion_tokens,
                                facts.prompt_tokens + facts.completion_tokens);
  if (openai_) {
    fmt::format_to(std::back_inserter(out),
                   R"(,"prompt_tokens_details":{{"cached_tokens":0,"audio_tokens":0}},)"
                   R"("completion_tokens_details":{{"reasoning_tokens":{},"audio_tokens":0,)"
                   R"("accepted_prediction_tokens":0,"rejected_prediction_tokens":0}})",
                   facts.reasoning_tokens);
  }
  return out + "}";
}

std::string OpenAiWire::body(const ChatFacts& facts) const {
  std::string out = start(facts, "chat.completion");
  if (!openai_) {
    out += R"(,"system_fingerprint":"fp_ollama")";
  }
  fmt::format_to(std::back_inserter(out),
                 R"(,"choices":[{{"index":0,"message":{}{},"finish_reason":"{}"}}],"usage":{})",
                 message(facts),
                 openai_ ? R"(,"logprobs":null)" : "",
                 openai_finish(facts.answer.finish),
                 usage(facts));
  if (openai_) {
    out += R"(,"service_tier":"default","system_fingerprint":"fp_simulated")";
  }
  return out + "}";
}

std::vector<Segment> OpenAiWire::segments(const ChatFacts& facts,
                                          const std::string& before,
                                          const std::string& after) const {
  const Answer& answer = facts.answer;
  std::vector<Segment> out;
  const auto add = [&](const std::string& text, std::string_view delta, std::string_view close) {
    out.push_back({.text = text,
                   .before = fmt::format("{}{}", before, delta),
                   .after = fmt::format("{}{}", close, after)});
  };
  if (!answer.reasoning.empty()) {
    add(answer.reasoning, openai_ ? R"({"reasoning_content":")" : R"({"reasoning":")", "\"}");
  }
  if (answer.tool_call) {
    add(answer.tool_call->arguments,
        R"({"tool_calls":[{"index":0,"function":{"arguments":")",
        "\"}}]}");
    out.back().lead = fmt::format(R"({}{{"tool_calls":[{{"index":0,"id":"{}","type":"function",)"
                                  R"("function":{{"name":{},"arguments":""}}}}]}}{})",
                                  before,
                                  answer.tool_call->id,
                                  json_quoted(answer.tool_call->name),
                                  after);
  } else if (answer.refusal && openai_) {
    add(*answer.refusal, R"({"refusal":")", "\"}");
  } else {
    add(answer.refusal ? *answer.refusal : answer.text, R"({"content":")", "\"}");
  }
  if (!openai_) {
    // Ollama's first chunk brings the role together with text.
    Segment& first = out.front();
    first.first_before =
        before + R"({"role":"assistant",)" + first.before.substr(before.size() + 1);
  }
  return out;
}

Frames OpenAiWire::frames(const ChatFacts& facts) const {
  const std::string start_text =
      "data: " + start(facts, "chat.completion.chunk") +
      (openai_ ? R"(,"service_tier":"default","system_fingerprint":"fp_simulated")"
               : R"(,"system_fingerprint":"fp_ollama")");
  const std::string before = start_text + R"(,"choices":[{"index":0,"delta":)";
  const std::string_view logprobs = openai_ ? R"(,"logprobs":null)" : "";
  // With include_usage every chunk of OpenAI's has the field; it is null in all but the last.
  const std::string_view close =
      openai_ && facts.include_usage ? "],\"usage\":null}\n\n" : "]}\n\n";
  const std::string after = fmt::format(R"({},"finish_reason":null}}{})", logprobs, close);
  Frames frames;
  if (openai_) {
    frames.opening = fmt::format(R"({}{{"role":"assistant","content":{},"refusal":null}}{})",
                                 before,
                                 facts.answer.tool_call ? "null" : R"("")",
                                 after);
  }
  frames.segments = segments(facts, before, after);
  frames.finish = fmt::format(R"({}{{}}{},"finish_reason":"{}"}}{})",
                              before,
                              logprobs,
                              openai_finish(facts.answer.finish),
                              close);
  if (facts.include_usage) {
    frames.usage = fmt::format("{},\"choices\":[],\"usage\":{}}}\n\n", start_text, usage(facts));
  }
  frames.done = "data: [DONE]\n\n";
  return frames;
}

std::string OpenAiWire::error(const ErrorFacts& facts) const {
  ErrorWords words = openai_words(facts.cause);
  std::string message = facts.message.empty() ? usual_message(facts) : facts.message;
  if (!openai_) {
    words.code = {};
    words.type = facts.status == 404  ? "not_found_error"
                 : facts.status < 500 ? "invalid_request_error"
                                      : "api_error";
    if (facts.cause == Cause::unknown_model) {
      message = fmt::format("model '{}' not found", facts.model);
    }
  }
  const auto or_null = [](std::string_view text) {
    return text.empty() ? std::string("null") : json_quoted(text);
  };
  return fmt::format(R"({{"error":{{"message":{},"type":"{}","param":{},"code":{}}}}})",
                     json_quoted(message),
                     words.type,
                     or_null(facts.param),
                     or_null(words.code));
}

}  // namespace

const Wire& openai_wire() {
  static const OpenAiWire wire(Flavour::openai);
  return wire;
}

const Wire& ollama_openai_wire() {
  static const OpenAiWire wire(Flavour::ollama);
  return wire;
}

}  // namespace faceoff::simulate
