#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/base/result.h>
#include <faceoff/base/secret.h>
#include <faceoff/chat/message.h>
#include <faceoff/doc/decoder.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::backend {

// Reads one environment variable; tests pass their own.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

// Who said a thing. A key from the environment goes only to the vendor's own host or to a host that
// the user (not a project file) named: docs/security.md.
enum class Origin : std::uint8_t { built_in, project, user, environment, flag };

// One configured backend, before anything is looked up or started.
struct Spec {
  std::string name;     // column name in tables
  std::string adapter;  // id in the adapter table
  std::string model;    // model id, or a path ending in .gguf: then the harness owns the server
  std::optional<std::string> base_url;
  Origin origin = Origin::built_in;    // who named base_url
  std::optional<std::string> key_env;  // variable that holds the key; user config and flags only
  // Files and programs that hold the key, and the key that was read from one: user config and flags
  // only. The key comes before every variable.
  std::optional<std::string> key_file;
  std::vector<std::string> key_command;  // argv, run without a shell
  std::optional<Secret> key;
  std::string key_source;                  // "the file ~/key", for messages
  std::vector<std::string> allow_hosts;    // HOST or HOST:PORT that may have keys, as the user said
  std::optional<std::string> api_version;  // Azure dialect of `openai`
  std::vector<std::string> args;           // extra arguments of a managed server
  std::string simulate;                    // script: the harness starts the stand-in endpoint
  std::string run;          // replay: a run (path, id, latest) or a JSONL or CSV file of answers
  std::string run_backend;  // replay: which backend of that run; empty: the one of the same name
  chat::Params params;      // under those of the suite
  std::optional<std::int64_t> concurrency;
  std::optional<std::int64_t> max_retries;
  std::optional<std::int64_t> requests_per_minute;  // `rate:`
  std::optional<std::int64_t> tokens_per_minute;    // `token_rate:`
  std::optional<Duration> first_token_timeout;
  std::optional<Duration> idle_timeout;
  std::optional<Duration> timeout;      // whole answer
  std::optional<bool> prompt_cache;     // llama-server: false (cold) unless set
  std::optional<std::int64_t> context;  // Ollama num_ctx
  // The stand-in or a managed server sits behind it, so no key is wanted.
  bool managed = false;
};

// Decodes one entry of `backends:` in faceoff.yaml. Unknown keys are mistakes. `origin` is project
// or user; what decides on keys is a mistake in a project file, which names the right place.
[[nodiscard]] std::optional<Spec> decode_spec(const doc::Context& context,
                                              std::string_view name,
                                              const doc::Node& node,
                                              Origin origin);

// NAME=ADAPTER:MODEL[@BASE_URL], NAME=ADAPTER@BASE_URL, NAME=simulate:SCRIPT or
// NAME=replay:RUN[#BACKEND] from the command line; a MODEL may hold colons (ollama's llama3.1:8b). Without NAME= the model id is the name.
// Error of kind usage.
[[nodiscard]] Result<Spec> parse_short_spec(std::string_view text);

}  // namespace faceoff::backend
