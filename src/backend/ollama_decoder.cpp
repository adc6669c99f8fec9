#include "ollama_decoder.h"

#include "response_decoder.h"

#include <faceoff/base/text.h>
#include <faceoff/net/ndjson.h>

namespace faceoff::backend {
namespace {

using chat::EventClass;
using chat::Finish;

constexpr double kNanosecondsPerMillisecond = 1e6;

std::optional<double> milliseconds(const Json& line, const char* key) {
  const auto nanoseconds = number_of(line, key);
  if (!nanoseconds) {
    return std::nullopt;
  }
  return *nanoseconds / kNanosecondsPerMillisecond;
}

class OllamaDecoder final : public ResponseDecoder {
 public:
  OllamaDecoder() : parser_([this](std::string_view line) { on_line(line); }) {}

 private:
  Status feed(std::string_view bytes) override { return parser_.feed(bytes); }
  Status end() override { return parser_.finish(); }
  [[nodiscard]] bool is_whole(std::string_view content_type) const override {
    return ascii_lower(content_type).starts_with("application/json");
  }
  [[nodiscard]] std::string_view missing_end() const override { return ""; }

  void on_line(std::string_view line);
  void read_whole(std::string_view body) override;
  void read(const Json& line);
  bool read_message(const Json& message);
  bool read_tools(const Json& message);
  void read_done(const Json& line);

  net::NdjsonParser parser_;
  std::int64_t next_tool_ = 0;
};

void OllamaDecoder::on_line(std::string_view line) {
  count_frame();
  answer().next_frame();
  const auto value = parse_untrusted(line);
  if (!value || !value->is_object()) {
    fail_malformed(line);
    return;
  }
  if (member(*value, "error") != nullptr) {
    fail(classify_stream_error(line));
    return;
  }
  read(*value);
}

void OllamaDecoder::read_whole(std::string_view body) {
  const auto value = parse_untrusted(body);
  if (!value) {
    return;
  }
  if (member(*value, "error") != nullptr) {
    fail(classify_stream_error(body));
    return;
  }
  answer().begin({}, nullptr);
  read(*value);
}

void OllamaDecoder::read(const Json& line) {
  if (const auto model = text_of(line, "model"); !model.empty()) {
    answer().completion().model = model;
  }
  const Json* message = member(line, "message");
  const bool brought = message != nullptr && read_message(*message);
  const Json* done = member(line, "done");
  if (done != nullptr && done->is_boolean() && done->get<bool>()) {
    read_done(line);
    answer().event(EventClass::done);
  } else if (!brought) {
    answer().event(EventClass::empty);
  }
}

bool OllamaDecoder::read_message(const Json& message) {
  bool brought = false;
  if (const auto thinking = text_of(message, "thinking"); !thinking.empty()) {
    answer().reasoning(thinking);
    brought = true;
  }
  if (const auto content = text_of(message, "content"); !content.empty()) {
    answer().content(content);
    brought = true;
  }
  return read_tools(message) || brought;
}

bool OllamaDecoder::read_tools(const Json& message) {
  const Json* calls = member(message, "tool_calls");
  if (calls == nullptr || !calls->is_array() || calls->empty()) {
    return false;
  }
  std::string all;
  for (const auto& call : *calls) {
    const Json* function = member(call, "function");
    if (function == nullptr) {
      continue;
    }
    const Json* arguments = member(*function, "arguments");
    std::string text;
    if (arguments != nullptr) {
      text = arguments->is_string() ? arguments->get<std::string>() : dump_json(*arguments);
    }
    // Calls come whole, and their index restarts with each line in some versions.
    answer().tool({next_tool_++, text_of(call, "id"), text_of(*function, "name"), text});
    all += text;
  }
  answer().event(EventClass::tool, all);
  return true;
}

void OllamaDecoder::read_done(const Json& line) {
  auto& completion = answer().completion();
  // Old versions gave no reason; done without one was a normal end.
  const std::string_view word = text_of(line, "done_reason");
  if (word.empty() || word == "stop") {
    answer().stop(Finish::stop, word);
  } else {
    answer().stop(word == "length" ? Finish::length : Finish::other, word);
  }
  // Absent stands for zero or for a prompt wholly in the cache: not reported.
  auto& usage = completion.usage;
  usage.prompt_tokens = count_of(line, "prompt_eval_count");
  usage.completion_tokens = count_of(line, "eval_count");
  usage.cached_tokens = count_of(line, "prompt_eval_cached_count");
  if (usage.prompt_tokens || usage.completion_tokens) {
    usage.source = "usage";
  }
  auto& server = completion.server;
  server.load_ms = milliseconds(line, "load_duration");
  server.prompt_ms = milliseconds(line, "prompt_eval_duration");
  server.predicted_ms = milliseconds(line, "eval_duration");
  server.predicted_n = usage.completion_tokens;
  // prompt_eval_count holds the cached tokens too while the duration does not.
  if (usage.prompt_tokens && usage.cached_tokens && *usage.cached_tokens <= *usage.prompt_tokens) {
    server.prompt_n = *usage.prompt_tokens - *usage.cached_tokens;
  }
}

}  // namespace

std::unique_ptr<Decoder> make_ollama_decoder() {
  return std::make_unique<OllamaDecoder>();
}

}  // namespace faceoff::backend
