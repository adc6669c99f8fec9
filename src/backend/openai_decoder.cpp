#include "openai_decoder.h"

#include "chunk_scan.h"
#include "error_body.h"
#include "error_lines.h"
#include "response_decoder.h"

#include <faceoff/base/text.h>
#include <faceoff/net/sse.h>

#include <array>
#include <utility>

namespace faceoff::backend {
namespace {

using chat::EventClass;
using chat::Finish;

struct FinishWord {
  std::string_view word;
  Finish finish;
};
constexpr std::array kFinishWords{FinishWord{"stop", Finish::stop},
                                  FinishWord{"length", Finish::length},
                                  FinishWord{"tool_calls", Finish::tool_calls},
                                  FinishWord{"function_call", Finish::tool_calls},
                                  FinishWord{"content_filter", Finish::content_filter}};

Finish finish_of(std::string_view word) {
  for (const auto& row : kFinishWords) {
    if (row.word == word) {
      return row.finish;
    }
  }
  return Finish::other;
}

// A text, or a list of parts of which the texts count.
std::string content_text(const Json& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  std::string text;
  if (value.is_array()) {
    for (const auto& part : value) {
      text += text_of(part, "text");
    }
  }
  return text;
}

bool is_truthy(const Json& value) {
  if (value.is_boolean()) {
    return value.get<bool>();
  }
  if (value.is_number()) {
    return value.get<double>() != 0.0;
  }
  return !value.empty() && !(value.is_string() && value.get_ref<const std::string&>().empty());
}

bool holds_error(const Json& chunk) {
  const Json* error = member(chunk, "error");
  if (error != nullptr) {
    return is_truthy(*error);
  }
  return text_of(chunk, "object") == "error" || text_of(chunk, "type") == "error";
}

class OpenAiDecoder final : public ResponseDecoder {
 public:
  OpenAiDecoder()
      : parser_([this](const net::SseEvent& event) { on_event(event); },
                [this](std::string_view) {
                  answer().next_frame();
                  answer().event(EventClass::ping);
                }) {}

 private:
  Status feed(std::string_view bytes) override;
  Status end() override { return parser_.finish(); }
  [[nodiscard]] bool is_whole(std::string_view) const override { return true; }
  [[nodiscard]] std::string_view missing_end() const override {
    return done_seen_ ? "" : "no [DONE] after the finish reason";
  }

  void on_event(const net::SseEvent& event);
  void read_whole(std::string_view body) override;
  void read_plain(const PlainChunk& chunk);
  void read_chunk(const Json& chunk);
  void read_common(const Json& chunk);
  void read_usage(const Json& usage);
  void take_usage(chat::Usage read);
  void read_timings(const Json& timings);
  void read_choice(const Json& choice, std::string_view part);
  bool read_delta(const Json& delta);
  bool read_tools(const Json& delta);
  void add_content(std::string_view text);
  void read_finish(std::string_view word);
  void count_tokens(const Json& chunk, std::optional<std::int64_t> before);

  net::SseParser parser_;
  ErrorLines error_lines_;
  std::int64_t tool_index_ = -1;
  bool done_seen_ = false;
};

Status OpenAiDecoder::feed(std::string_view bytes) {
  while (const auto end = error_lines_.find_end(bytes)) {
    FACEOFF_TRY(parser_.feed(bytes.substr(0, *end)));
    bytes.remove_prefix(*end);
    fail(classify_stream_error(error_lines_.take()));
  }
  return parser_.feed(bytes);
}

void OpenAiDecoder::on_event(const net::SseEvent& event) {
  count_frame();
  answer().next_frame();
  if (event.data.starts_with("[DONE]")) {
    done_seen_ = true;
    answer().event(EventClass::done);
    return;
  }
  if (event.event == "error") {
    fail(classify_stream_error(event.data));
    return;
  }
  // Most of a stream; a tree for each token would cost more than all else.
  if (const auto plain = scan_plain_chunk(event.data)) {
    read_plain(*plain);
    return;
  }
  const auto chunk = parse_untrusted(event.data);
  if (!chunk || !chunk->is_object()) {
    fail_malformed(event.data);
    return;
  }
  if (holds_error(*chunk)) {
    fail(classify_stream_error(event.data));
    return;
  }
  read_chunk(*chunk);
}

// As read_chunk() for the same chunk.
void OpenAiDecoder::read_plain(const PlainChunk& chunk) {
  auto& completion = answer().completion();
  if (!chunk.model.empty()) {
    completion.model = chunk.model;
  }
  if (!chunk.fingerprint.empty()) {
    completion.fingerprint = chunk.fingerprint;
  }
  if (!chunk.reasoning.empty()) {
    answer().reasoning(chunk.reasoning);
  }
  add_content(chunk.content);
  if (chunk.reasoning.empty() && chunk.content.empty()) {
    answer().event(chunk.role.empty() ? EventClass::empty : EventClass::role);
  }
  read_finish(chunk.finish);
}

void OpenAiDecoder::read_chunk(const Json& chunk) {
  const auto tokens_before = answer().completion().usage.completion_tokens;
  read_common(chunk);
  const Json* choices = member(chunk, "choices");
  if (choices != nullptr && choices->is_array() && !choices->empty()) {
    for (const auto& choice : *choices) {
      read_choice(choice, "delta");
    }
    count_tokens(chunk, tokens_before);
    return;
  }
  // Without choices it is no part of the answer: usage, or Azure's filter results.
  answer().event(member(chunk, "usage") != nullptr ? EventClass::usage : EventClass::ping);
}

// Servers that say with every chunk how many tokens there are by now (vLLM's continuous usage,
// llama-server's timings_per_token), or that list them (logprobs).
void OpenAiDecoder::count_tokens(const Json& chunk, std::optional<std::int64_t> before) {
  const Json* logprobs = member((*member(chunk, "choices"))[0], "logprobs");
  const Json* listed = logprobs == nullptr ? nullptr : member(*logprobs, "content");
  if (listed != nullptr && listed->is_array() && !listed->empty()) {
    answer().tokens_of_frame(static_cast<std::uint32_t>(listed->size()));
    return;
  }
  const auto now = answer().completion().usage.completion_tokens;
  if (now && *now >= before.value_or(0) &&
      (member(chunk, "usage") != nullptr || member(chunk, "timings") != nullptr)) {
    answer().tokens_of_frame(static_cast<std::uint32_t>(*now - before.value_or(0)));
  }
}

void OpenAiDecoder::read_common(const Json& chunk) {
  auto& completion = answer().completion();
  if (const auto model = text_of(chunk, "model"); !model.empty()) {
    completion.model = model;
  }
  if (const auto print = text_of(chunk, "system_fingerprint"); !print.empty()) {
    completion.fingerprint = print;
  }
  if (const Json* usage = member(chunk, "usage"); usage != nullptr && usage->is_object()) {
    read_usage(*usage);
  }
  if (const Json* timings = member(chunk, "timings"); timings != nullptr && timings->is_object()) {
    read_timings(*timings);
  }
  // vLLM with --enable-per-request-metrics.
  if (const Json* metrics = member(chunk, "metrics"); metrics != nullptr) {
    completion.server.queue_ms = number_of(*metrics, "queue_time_ms");
    completion.server.ttft_ms = number_of(*metrics, "time_to_first_token_ms");
    completion.server.predicted_ms = number_of(*metrics, "generation_time_ms");
    completion.server.itl_ms = number_of(*metrics, "mean_itl_ms");
  }
}

void OpenAiDecoder::read_usage(const Json& usage) {
  chat::Usage read;
  read.prompt_tokens = count_of(usage, "prompt_tokens");
  read.completion_tokens = count_of(usage, "completion_tokens");
  if (const Json* details = member(usage, "prompt_tokens_details")) {
    read.cached_tokens = count_of(*details, "cached_tokens");
  }
  if (const Json* details = member(usage, "completion_tokens_details")) {
    read.reasoning_tokens = count_of(*details, "reasoning_tokens");
  }
  take_usage(std::move(read));
}

void OpenAiDecoder::take_usage(chat::Usage read) {
  if (read.prompt_tokens || read.completion_tokens) {
    auto& known = answer().completion().usage;
    if (!read.cached_tokens && known.source == "server_timing") {
      read.cached_tokens = known.cached_tokens;
    }
    read.source = "usage";
    known = std::move(read);
  }
}

// docs/backends.md: rates are computed from counts and milliseconds, because the server's own
// per-token figures changed their meaning between versions.
void OpenAiDecoder::read_timings(const Json& timings) {
  auto& completion = answer().completion();
  completion.server.prompt_ms = number_of(timings, "prompt_ms");
  completion.server.prompt_n = count_of(timings, "prompt_n");
  completion.server.predicted_ms = number_of(timings, "predicted_ms");
  completion.server.predicted_n = count_of(timings, "predicted_n");
  auto& usage = completion.usage;
  const auto cached = count_of(timings, "cache_n");
  if (usage.source == "usage") {
    if (!usage.cached_tokens) {
      usage.cached_tokens = cached;
    }
    return;
  }
  usage.source = "server_timing";
  usage.cached_tokens = cached;
  usage.completion_tokens = completion.server.predicted_n;
  usage.prompt_tokens = completion.server.prompt_n;
  if (usage.prompt_tokens && cached) {
    *usage.prompt_tokens += *cached;
  }
}

void OpenAiDecoder::read_choice(const Json& choice, std::string_view part) {
  if (!choice.is_object()) {
    answer().event(EventClass::empty);
    return;
  }
  if (count_of(choice, "index").value_or(0) != 0) {
    answer().warn("more than one choice came: only the first is used");
    return;
  }
  const Json* delta = member(choice, part == "delta" ? "delta" : "message");
  if (delta == nullptr) {
    delta = member(choice, part == "delta" ? "message" : "delta");
  }
  if (const Json* chances = member(choice, "logprobs"); chances != nullptr) {
    read_first_token(member(*chances, "content"), answer().completion());
  }
  const bool brought = delta != nullptr && read_delta(*delta);
  if (!brought) {
    const bool role = delta != nullptr && !text_of(*delta, "role").empty();
    answer().event(role ? EventClass::role : EventClass::empty);
  }
  read_finish(text_of(choice, "finish_reason"));
}

bool OpenAiDecoder::read_delta(const Json& delta) {
  bool brought = false;
  // Some servers send both names with the same text.
  std::string_view reasoning = text_of(delta, "reasoning_content");
  if (reasoning.empty()) {
    reasoning = text_of(delta, "reasoning");
  }
  if (!reasoning.empty()) {
    answer().reasoning(reasoning);
    brought = true;
  }
  if (const Json* content = member(delta, "content")) {
    const std::string text = content_text(*content);
    add_content(text);
    brought = brought || !text.empty();
  }
  if (const auto refusal = text_of(delta, "refusal"); !refusal.empty()) {
    answer().refusal(refusal);
    brought = true;
  }
  return read_tools(delta) || brought;
}

void OpenAiDecoder::add_content(std::string_view text) {
  if (text.empty()) {
    return;
  }
  if (answer().stopped()) {
    answer().warn("text came after the finish reason");
  }
  answer().content(text);
}

bool OpenAiDecoder::read_tools(const Json& delta) {
  std::string all;
  bool brought = false;
  const auto add = [&](std::int64_t index, const Json& call, const Json& function) {
    const Json* arguments = member(function, "arguments");
    std::string text;
    if (arguments != nullptr) {
      text = arguments->is_string() ? arguments->get<std::string>() : dump_json(*arguments);
    }
    answer().tool({index, text_of(call, "id"), text_of(function, "name"), text});
    all += text;
    brought = true;
  };
  const Json* calls = member(delta, "tool_calls");
  if (calls != nullptr && calls->is_array()) {
    for (const auto& call : *calls) {
      const Json* function = member(call, "function");
      const bool begins = !text_of(call, "id").empty();
      // Without an index, a new id begins the next call.
      tool_index_ = count_of(call, "index")
                        .value_or(begins || tool_index_ < 0 ? tool_index_ + 1 : tool_index_);
      add(tool_index_, call, function != nullptr ? *function : Json::object());
    }
  }
  if (const Json* function = member(delta, "function_call"); function != nullptr) {
    add(0, *function, *function);
  }
  if (brought) {
    answer().event(EventClass::tool, all);
  }
  return brought;
}

void OpenAiDecoder::read_finish(std::string_view word) {
  if (word.empty() || answer().stopped()) {
    return;
  }
  // Gateways and some servers end a stream that broke with a finish reason of its own.
  if (word == "error" || word == "abort") {
    Failure failure;
    failure.kind = FailureKind::stream_error;
    failure.retry = Retry::yes;
    failure.message =
        compose_message("the server broke off the answer", word, "see the server's log");
    fail(std::move(failure));
    return;
  }
  answer().stop(finish_of(word), word);
}

void OpenAiDecoder::read_whole(std::string_view body) {
  // One body has no token events: its time of arrival says nothing of the first token.
  if (const auto plain = scan_plain_body(body)) {
    answer().begin({}, nullptr);
    take_usage({.prompt_tokens = plain->prompt_tokens,
                .completion_tokens = plain->completion_tokens,
                .cached_tokens = plain->cached_tokens,
                .reasoning_tokens = plain->reasoning_tokens,
                .source = {}});
    read_plain(plain->message);
    return;
  }
  const auto value = parse_untrusted(body);
  if (!value) {
    return;
  }
  const Json* choices = member(*value, "choices");
  if (holds_error(*value) || !read_error_object(*value).message.empty()) {
    fail(classify_stream_error(body));
    return;
  }
  if (choices == nullptr || !choices->is_array()) {
    Failure failure;
    failure.kind = FailureKind::bad_content_type;
    failure.message = compose_message(
        "the server sent JSON without 'choices'", body, "check base_url and the adapter");
    fail(std::move(failure));
    return;
  }
  answer().begin({}, nullptr);
  read_common(*value);
  for (const auto& choice : *choices) {
    read_choice(choice, "message");
  }
}

}  // namespace

std::unique_ptr<Decoder> make_openai_decoder() {
  return std::make_unique<OpenAiDecoder>();
}

}  // namespace faceoff::backend
