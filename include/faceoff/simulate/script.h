#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/regex.h>
#include <faceoff/base/result.h>
#include <faceoff/chat/completion.h>
#include <faceoff/doc/diagnostic.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::simulate {

// Whose extras the stand-in has: headers, error shapes, `timings`. All paths answer in any dialect.
enum class Dialect : std::uint8_t { openai, llama_server, ollama };
[[nodiscard]] std::string_view to_string(Dialect dialect) noexcept;

// What the stand-in says. With a refusal or a tool call the text is not sent.
struct Answer {
  std::string text{};
  std::string reasoning{};
  std::optional<std::string> refusal{};
  std::optional<chat::ToolCall> tool_call{};
  chat::Finish finish = chat::Finish::stop;
};

// One fixed answer for the prompts that it matches. Exactly one of the two patterns is set.
struct Rule {
  std::string match{};                 // substring of the last user message
  std::shared_ptr<const Regex> regex;  // shared: a script can be copied
  Answer answer;
};

// A prompt (last user message) whose right answers are known.
struct KnownAnswer {
  std::string case_id{};
  std::string prompt;
  std::vector<std::string> targets;  // never empty; the first is the one given
};

// What goes wrong on the wire; docs/simulate.md says what a client sees.
enum class FaultKind : std::uint8_t {
  status,              // an error status with a body in the dialect's shape
  redirect,            // 3xx to `location`
  outage,              // the port is closed, and all connections are reset, for `duration`
  reset_before,        // RST without an answer
  empty,               // FIN without an answer
  reset,               // RST after `after_tokens`
  close,               // FIN after `after_tokens`, inside the chunked body
  stall,               // nothing for `duration` after `after_tokens`
  stream_error,        // an error frame after `after_tokens`, then the end of the stream
  no_done,             // no [DONE] behind the finish reason
  no_finish,           // [DONE] without a finish reason
  no_length,           // a body that only the end of the connection ends, cut after `after_tokens`
  short_length,        // FIN half-way to a Content-Length
  html,                // a login page with status 200
  no_content,          // 204
  whole_json,          // one JSON body, though a stream was asked for
  not_json,            // a body, or stream frames, that are no JSON
  garbage,             // bytes that are no HTTP
  http09,              // a text without a status line
  tls_bytes,           // the alert of a TLS server
  slow_header,         // one header byte per `interval`
  drip,                // one body byte per `interval`
  nul_header,          // a NUL byte in a header
  big_header,          // one header line of 2 MB
  many_headers,        // 100,000 header lines
  two_lengths,         // two Content-Length that differ
  bad_chunk,           // a chunk size that is no number, after `after_tokens`
  endless,             // a body without an end
  gzip_bomb,           // 200 MB of zeros in 200 kB of gzip, though nobody asked for gzip
  keepalive_comments,  // SSE comments: before every token, or for `duration` before the first
  drop_keep_alive,     // a sound answer, then FIN though the connection was announced as kept
};
[[nodiscard]] std::string_view to_string(FaultKind kind) noexcept;
// The names of all kinds, in the order above.
[[nodiscard]] std::vector<std::string_view> fault_kinds();

// One fault and when it strikes: all conditions that are given must hold. Only chat requests are
// struck; of several faults that apply the first one does.
struct Fault {
  FaultKind kind = FaultKind::status;
  int status = 500;           // of `status` and `redirect`
  std::string retry_after{};  // sent as it is; empty: no header
  std::string body_type{};    // empty: chosen by the status
  std::string location{};
  std::int64_t after_tokens = 0;
  std::optional<Duration> duration{};  // absent: as long as the client stays
  bool done = true;                    // of `no_length`: whether [DONE] is sent
  Duration interval = std::chrono::milliseconds(200);

  std::optional<std::int64_t> times{};     // at most so many strikes in all
  std::optional<std::int64_t> every{};     // the n-th, 2n-th, ... request that meets the rest
  std::optional<double> share{};           // drawn from seed, prompt and attempt number
  std::string match{};                     // substring of the last user message
  std::shared_ptr<const Regex> regex{};    // found in it
  std::string case_pattern{};              // of the case in `answers` it belongs to; * is any text
  std::optional<std::int64_t> attempts{};  // only the first so many requests with the same prompt
  std::optional<std::int64_t> from_request{};  // chat requests are counted from 1
  std::optional<std::int64_t> to_request{};
  std::optional<Duration> from{};  // since the stand-in was started
  std::optional<Duration> until{};
};

struct Latency {
  Duration first_token{};
  Duration jitter{};  // moves the first token, and all after it, by up to so much either way
  Duration per_token{};
};

// How the stand-in answers the questions of judging scorers (docs/judges.md), where no rule does.
struct JudgeRole {
  double first_slot = 0.5;     // of two answers, how often the first one is better
  double ties = 0.0;           // how often neither is
  std::string prefers{};       // an answer that holds this text is better than one that does not
  std::string right = "good";  // the verdict on an answer that holds a right one
  std::string wrong = "poor";  // ... that holds none
  double obeys = 0.0;          // how often it follows an instruction inside of an answer
};

// All that the stand-in does. A default one answers every prompt with "I do not know." at once.
struct Script {
  std::string name;                 // for people
  std::string model;                // empty: the name that the request asked for
  std::vector<std::string> models;  // empty: any name is served
  Dialect dialect = Dialect::openai;
  std::vector<KnownAnswer> answers;
  double accuracy = 1.0;  // share of `answers` that come out right
  std::uint64_t seed = 7;
  std::vector<Rule> rules;
  Answer fallback{.text = "I do not know."};
  bool echo = false;  // the fallback is the prompt itself
  // Every answer is readings of the machine's monotonic clock instead, one a token (clock_text.h).
  bool clock = false;
  JudgeRole judge;
  Latency latency;
  std::optional<std::int64_t> slots;    // chats at a time; others wait without a byte
  std::optional<std::int64_t> context;  // tokens
  Duration startup{};
  std::vector<std::string> keys;  // empty: any key or none
  std::optional<std::int64_t> requests_per_minute;
  std::optional<std::int64_t> tokens_per_minute;
  std::vector<Fault> faults;
};

// Reads a script (YAML or JSON, keys in docs/simulate.md) and the suite that it names, which must
// lie beneath the script's folder. Error of kind io when a file cannot be read, usage for a wrong
// extension; every mistake inside goes to `diagnostics`, and the result is then nullopt.
[[nodiscard]] Result<std::optional<Script>> decode_script(const std::filesystem::path& path,
                                                          doc::Diagnostics& diagnostics);

}  // namespace faceoff::simulate
