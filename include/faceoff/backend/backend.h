#pragma once

#include <faceoff/backend/failure.h>
#include <faceoff/backend/rates.h>
#include <faceoff/backend/spec.h>
#include <faceoff/base/result.h>
#include <faceoff/chat/completion.h>
#include <faceoff/chat/message.h>
#include <faceoff/net/transport.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::backend {

// What one attempt brought.
struct Reply {
  chat::Completion completion;        // as far as it came
  std::optional<Failure> failure;     // none: the answer is complete
  bool streamed = true;               // false: one JSON body although a stream was asked for
  bool simulated = false;             // the answer came from the stand-in endpoint
  std::vector<std::string> warnings;  // "no [DONE] after the finish reason"
  std::optional<RateLimits> rates;    // what the headers said of the quotas
};

// Turns the bytes of one response into a Reply; fed with events that may be cut anywhere.
// Not thread-safe; used for one attempt.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual void on_headers(int status, const net::HeaderList& headers) = 0;
  // Appends what the bytes completed to `events`, each stamped `at`.
  virtual void on_bytes(std::string_view bytes,
                        TimePoint at,
                        std::vector<chat::StreamEvent>& events) = 0;
  // The transfer ended: after net::Finished without an argument, else with what went wrong. A cut
  // stream that had already given its finish reason is complete. Called once.
  [[nodiscard]] virtual Reply finish(const std::optional<Failure>& transport_failure,
                                     TimePoint at,
                                     UtcTime now,
                                     std::vector<chat::StreamEvent>& events) = 0;
};

// What is known of the model behind a backend, as name and value, in print order: "build"
// "b11669-Debian", "context" "512", "slots" "4", "template sha256" "1f0c...".
using Facts = std::vector<std::pair<std::string, std::string>>;

struct Identity {
  std::string server;  // "llama-server b11669-Debian", "ollama 0.9.1"
  std::string model;   // as the server names it
  Facts facts;
  std::optional<std::int64_t> slots;    // greatest useful concurrency
  std::optional<std::int64_t> context;  // tokens
};

// A request that asks about the server, not the model. The runner sends it before the first trial.
struct Probe {
  enum class Purpose : std::uint8_t { ready, identity };
  Purpose purpose = Purpose::ready;
  net::HttpRequest request;
  // A failed probe is reported and the run goes on (identity), or the backend is waited for
  // (ready).
};

// The codec of one configured endpoint: no I/O, no state between calls, thread-safe.
class Backend {
 public:
  virtual ~Backend() = default;
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  [[nodiscard]] virtual std::string_view adapter() const noexcept = 0;
  [[nodiscard]] virtual const std::string& model() const noexcept = 0;
  [[nodiscard]] virtual const std::string& base_url() const noexcept = 0;
  // The base URL is loopback: prompts do not leave this machine.
  [[nodiscard]] virtual bool is_local() const noexcept = 0;

  // Error of kind usage: a parameter that this wire cannot express.
  [[nodiscard]] virtual Result<net::HttpRequest> encode(const chat::Request& request) const = 0;
  // What encode() leaves out of this request because the model is known to refuse it, one sentence
  // each, for the record's warnings. Empty when the request is sent as asked.
  [[nodiscard]] virtual std::vector<std::string> left_out(const chat::Request& request) const {
    static_cast<void>(request);
    return {};
  }
  [[nodiscard]] virtual std::unique_ptr<Decoder> decoder() const = 0;
  // For the answer to this request: another one where it wants something else than a message.
  [[nodiscard]] virtual std::unique_ptr<Decoder> decoder_for(const chat::Request& request) const {
    static_cast<void>(request);
    return decoder();
  }

  [[nodiscard]] virtual std::vector<Probe> probes() const = 0;
  // Reads the answer of an identity probe into `identity`, leaving what it does not know.
  virtual void read_identity(const Probe& probe,
                             int status,
                             std::string_view body,
                             Identity& identity) const = 0;
  // A model that refuses a parameter: the request with the parameter renamed or left out as the
  // server's 400 asks ("Unsupported parameter: 'max_tokens' ... use 'max_completion_tokens'"), with
  // a note for the record; nullopt when the failure is of another kind. Tried once a trial.
  struct Adjusted {
    net::HttpRequest request;
    std::string note;
  };
  [[nodiscard]] virtual std::optional<Adjusted> adjust(const chat::Request& request,
                                                       const Failure& failure) const = 0;
};

// One row of the adapter table.
struct Info {
  std::string_view id;
  std::string_view summary;
  std::string_view default_base_url;  // empty: must be given or is started by us
  std::string_view key_env;           // the vendor's variable for the key; empty: none
  std::string_view base_url_env;      // the vendor's variable for the address
  bool needs_key;                     // refused without one, unless the endpoint is ours
  bool takes_gguf;                    // a model ending in .gguf is started by the harness
  Result<std::unique_ptr<Backend>> (*create)(const Spec& spec, const Environment& environment);
};

[[nodiscard]] std::span<const Info> all();
[[nodiscard]] const Info* find(std::string_view id) noexcept;
// Finds the adapter and calls its create(); an unknown id gets a suggestion. Error of kind usage:
// key missing or not bound to the host, bad URL, plain http with a key to a host that is not local.
[[nodiscard]] Result<std::unique_ptr<Backend>> create(const Spec& spec,
                                                      const Environment& environment);

}  // namespace faceoff::backend
