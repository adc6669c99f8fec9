#include "../chat_backend.h"
#include "../options.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/text.h>

#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

constexpr std::string_view kModelFile = ".gguf";

constexpr std::array kNames{WireName{Parameter::max_tokens, "max_tokens"},
                            WireName{Parameter::temperature, "temperature"},
                            WireName{Parameter::top_p, "top_p"},
                            WireName{Parameter::top_k, "top_k"},
                            WireName{Parameter::min_p, "min_p"},
                            WireName{Parameter::repeat_penalty, "repeat_penalty"},
                            WireName{Parameter::presence_penalty, "presence_penalty"},
                            WireName{Parameter::frequency_penalty, "frequency_penalty"},
                            WireName{Parameter::seed, "seed"},
                            WireName{Parameter::top_logprobs, "top_logprobs"},
                            WireName{Parameter::stop, "stop"},
                            WireName{Parameter::reasoning_effort, "reasoning_effort"},
                            WireName{Parameter::response_format, "response_format"}};

void add_fact(Identity& identity, std::string_view name, std::string_view value) {
  if (!value.empty()) {
    identity.facts.emplace_back(name, value);
  }
}

void add_count(Identity& identity, std::string_view name, std::optional<std::int64_t> value) {
  if (value && *value > 0) {
    identity.facts.emplace_back(name, std::to_string(*value));
  }
}

class LlamaServerBackend final : public ChatBackend {
 public:
  using ChatBackend::ChatBackend;

  [[nodiscard]] std::vector<Probe> probes() const override {
    return {Probe{Probe::Purpose::ready, get("/health")},
            Probe{Probe::Purpose::identity, get("/props")},
            Probe{Probe::Purpose::identity, get("/v1/models")}};
  }

  void read_identity(const Probe& probe,
                     int status,
                     std::string_view body,
                     Identity& identity) const override {
    const auto value = parse_untrusted(body);
    if (status != 200 || !value) {
      return;
    }
    if (asks_for(probe, "/props")) {
      read_props(*value, identity);
    } else if (asks_for(probe, "/v1/models")) {
      read_models(*value, identity);
    }
  }

 private:
  // A reused prompt prefix makes every repetition faster than the first: off unless asked for.
  void add_native(OrderedJson& body) const override {
    body["cache_prompt"] = spec().prompt_cache.value_or(false);
  }

  static void read_props(const Json& props, Identity& identity);
  static void read_models(const Json& models, Identity& identity);
};

void LlamaServerBackend::read_props(const Json& props, Identity& identity) {
  const std::string_view build = text_of(props, "build_info");
  const std::string_view path = text_of(props, "model_path");
  identity.server = trim(fmt::format("llama-server {}", build));
  identity.model = text_of(props, "model_alias");
  if (identity.model.empty()) {
    identity.model = path.substr(path.rfind('/') + 1);
  }
  add_fact(identity, "build", build);
  add_fact(identity, "role", text_of(props, "role"));
  add_fact(identity, "model path", path);
  add_fact(identity, "type", text_of(props, "model_ftype"));
  if (const Json* settings = member(props, "default_generation_settings")) {
    if (const auto context = count_of(*settings, "n_ctx"); context && *context > 0) {
      identity.context = context;
      add_count(identity, "context", context);
    }
  }
  if (const auto slots = count_of(props, "total_slots"); slots && *slots > 0) {
    identity.slots = slots;
    add_count(identity, "slots", slots);
  }
  if (const auto text = text_of(props, "chat_template"); !text.empty()) {
    add_fact(identity, "template sha256", sha256_hex(text));
  }
}

void LlamaServerBackend::read_models(const Json& models, Identity& identity) {
  const Json* list = member(models, "data");
  if (list == nullptr || !list->is_array() || list->size() != 1) {
    return;
  }
  if (const Json* meta = member(list->front(), "meta")) {
    add_count(identity, "parameters", count_of(*meta, "n_params"));
    add_count(identity, "model bytes", count_of(*meta, "size"));
    add_count(identity, "trained context", count_of(*meta, "n_ctx_train"));
  }
}

// The first of the addresses that the server listens on, as one to connect to.
std::string connectable(std::string_view host) {
  host = trim(host.substr(0, host.find(',')));
  if (host.empty() || host == "0.0.0.0") {
    return "127.0.0.1";
  }
  if (host == "::") {
    return "[::1]";
  }
  return host.find(':') != std::string_view::npos && !host.starts_with('[')
             ? fmt::format("[{}]", host)
             : std::string(host);
}

Result<Endpoint> find_endpoint(const Spec& spec, const Environment& environment) {
  if (spec.base_url) {
    return make_endpoint(spec, *spec.base_url, spec.origin);
  }
  // The default port was 8080 and became 9931: none is guessed.
  const auto port = read_variable(environment, "LLAMA_ARG_PORT");
  if (!port) {
    return fail(ErrorKind::usage,
                fmt::format("backend '{}': no address; set base_url, LLAMA_ARG_HOST and "
                            "LLAMA_ARG_PORT, or a model file that ends in .gguf",
                            spec.name));
  }
  const auto host = read_variable(environment, "LLAMA_ARG_HOST").value_or("127.0.0.1");
  return make_endpoint(
      spec, fmt::format("http://{}:{}", connectable(host), *port), Origin::environment);
}

Result<std::unique_ptr<Backend>> create_llama_server(const Spec& spec,
                                                     const Environment& environment) {
  FACEOFF_TRY(check_options(spec, {Option::args, Option::prompt_cache}));
  FACEOFF_TRY_ASSIGN(Endpoint endpoint, find_endpoint(spec, environment));
  KeyRule rule;
  rule.variable = "LLAMA_API_KEY";
  rule.trusts_loopback = true;
  Wiring wiring{std::string("llama-server"), spec, {}, std::nullopt, {}};
  FACEOFF_TRY_ASSIGN(wiring.secret, bind_key(spec, environment, endpoint, rule));
  wiring.url = std::move(endpoint.url);
  drop_path_suffix(wiring.url, "/v1");
  ChatWire wire;
  wire.path = "/v1/chat/completions";
  wire.names = kNames;
  // A server of ours has one model and needs no name; a path would only tell where it lies.
  if (!spec.model.ends_with(kModelFile)) {
    wire.model = spec.model;
  }
  return std::make_unique<LlamaServerBackend>(std::move(wiring), std::move(wire));
}

}  // namespace

extern const Info llama_server_backend;
const Info llama_server_backend{"llama-server",
                                "llama.cpp's server with its own fields and timings",
                                "",
                                "LLAMA_API_KEY",
                                "LLAMA_ARG_HOST",
                                false,
                                true,
                                create_llama_server};

}  // namespace faceoff::backend
