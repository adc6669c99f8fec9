#include "../chat_backend.h"
#include "../embeddings.h"
#include "../ollama_decoder.h"
#include "../ollama_host.h"
#include "../options.h"

#include <faceoff/base/digest.h>

#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

constexpr std::string_view kDefaultBase = "http://127.0.0.1:11434";

// Names inside `options`, but for top_logprobs and the last two, which stand beside it.
constexpr std::array kNames{WireName{Parameter::max_tokens, "num_predict"},
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
                            WireName{Parameter::reasoning_effort, "think"},
                            WireName{Parameter::response_format, "format"}};

// `think` is a switch or a level.
OrderedJson think_of(const std::string& effort) {
  if (effort == "none") {
    return false;
  }
  if (effort == "minimal") {
    return "low";
  }
  return effort == "xhigh" ? OrderedJson("max") : OrderedJson(effort);
}

class OllamaBackend final : public HttpBackend {
 public:
  using HttpBackend::HttpBackend;

  [[nodiscard]] Result<net::HttpRequest> encode(const chat::Request& request) const override {
    if (request.wants == chat::Wants::embeddings) {
      return post("/api/embed", dump_json(encode_embeddings(model(), request)));
    }
    return encode_with(chat::merge(spec().params, request.params), request);
  }
  [[nodiscard]] std::unique_ptr<Decoder> decoder_for(const chat::Request& request) const override {
    return request.wants == chat::Wants::embeddings ? make_embeddings_decoder() : decoder();
  }
  [[nodiscard]] std::unique_ptr<Decoder> decoder() const override { return make_ollama_decoder(); }
  [[nodiscard]] std::vector<Probe> probes() const override;
  void read_identity(const Probe& probe,
                     int status,
                     std::string_view body,
                     Identity& identity) const override;
  [[nodiscard]] std::optional<Adjusted> adjust(const chat::Request& request,
                                               const Failure& failure) const override;

 private:
  [[nodiscard]] Result<net::HttpRequest> encode_with(const chat::Params& params,
                                                     const chat::Request& request) const;
  void read_show(const Json& show, Identity& identity) const;
  void read_tags(const Json& tags, Identity& identity) const;
};

Result<net::HttpRequest> OllamaBackend::encode_with(const chat::Params& params,
                                                    const chat::Request& request) const {
  OrderedJson body{{"model", model()},
                   {"messages", encode_messages(request, false)},
                   {"stream", true},
                   // A prompt that is too long shall fail, not lose its beginning.
                   {"truncate", false},
                   {"shift", false}};
  OrderedJson options = OrderedJson::object();
  if (spec().context) {
    options["num_ctx"] = *spec().context;
  }
  FACEOFF_TRY_ASSIGN(auto settings, settings_of(params));
  for (auto& [parameter, value] : settings) {
    FACEOFF_TRY_ASSIGN(std::string_view name, wire_name(kNames, parameter, adapter()));
    if (parameter == Parameter::reasoning_effort) {
      body[std::string(name)] = think_of(value.get<std::string>());
    } else if (parameter == Parameter::response_format) {
      body[std::string(name)] = std::move(value);
    } else if (parameter == Parameter::top_logprobs) {
      body["logprobs"] = true;
      body[std::string(name)] = std::move(value);
    } else {
      options[std::string(name)] = std::move(value);
    }
  }
  if (!options.empty()) {
    body["options"] = std::move(options);
  }
  return post("/api/chat", dump_json(body));
}

std::vector<Probe> OllamaBackend::probes() const {
  // Without a prompt the model is only loaded, so that the first case does not pay for it.
  OrderedJson load{{"model", model()}, {"stream", false}};
  if (spec().context) {
    load["options"] = {{"num_ctx", *spec().context}};
  }
  return {Probe{Probe::Purpose::ready, post("/api/generate", dump_json(load))},
          Probe{Probe::Purpose::identity, get("/api/version")},
          Probe{Probe::Purpose::identity,
                post("/api/show", dump_json(OrderedJson{{"model", model()}}))},
          Probe{Probe::Purpose::identity, get("/api/tags")}};
}

void OllamaBackend::read_identity(const Probe& probe,
                                  int status,
                                  std::string_view body,
                                  Identity& identity) const {
  const auto value = parse_untrusted(body);
  if (status != 200 || !value) {
    return;
  }
  if (asks_for(probe, "/api/version")) {
    identity.server = fmt::format("ollama {}", text_of(*value, "version"));
  } else if (asks_for(probe, "/api/show")) {
    read_show(*value, identity);
  } else if (asks_for(probe, "/api/tags")) {
    read_tags(*value, identity);
  }
}

void OllamaBackend::read_show(const Json& show, Identity& identity) const {
  identity.model = model();
  identity.context = spec().context;
  const auto add = [&](std::string_view name, std::string_view text) {
    if (!text.empty()) {
      identity.facts.emplace_back(name, text);
    }
  };
  if (const Json* details = member(show, "details")) {
    add("family", text_of(*details, "family"));
    add("parameters", text_of(*details, "parameter_size"));
    add("type", text_of(*details, "quantization_level"));
  }
  if (spec().context) {
    add("context", std::to_string(*spec().context));
  }
  if (const Json* info = member(show, "model_info")) {
    const std::string architecture(text_of(*info, "general.architecture"));
    if (const auto trained = count_of(*info, (architecture + ".context_length").c_str())) {
      add("trained context", std::to_string(*trained));
    }
  }
  // The Modelfile's own parameters come before the server's defaults.
  add("model parameters", text_of(show, "parameters"));
  if (const auto text = text_of(show, "template"); !text.empty()) {
    add("template sha256", sha256_hex(text));
  }
}

void OllamaBackend::read_tags(const Json& tags, Identity& identity) const {
  const Json* models = member(tags, "models");
  if (models == nullptr || !models->is_array()) {
    return;
  }
  for (const auto& entry : *models) {
    const std::string_view name = text_of(entry, "name");
    if (name == model() || name == model() + ":latest") {
      if (const auto digest = text_of(entry, "digest"); !digest.empty()) {
        identity.facts.emplace_back("digest", digest);
      }
      return;
    }
  }
}

std::optional<Backend::Adjusted> OllamaBackend::adjust(const chat::Request& request,
                                                       const Failure& failure) const {
  chat::Params params = chat::merge(spec().params, request.params);
  const bool thinking = failure.kind == FailureKind::bad_request &&
                        failure.parameter == "thinking" && params.reasoning_effort;
  if (!thinking) {
    return std::nullopt;
  }
  const std::string effort = *std::exchange(params.reasoning_effort, std::nullopt);
  auto repeated = encode_with(params, request);
  if (!repeated) {
    return std::nullopt;
  }
  return Adjusted{
      std::move(*repeated),
      fmt::format("reasoning_effort \"{}\" left out: the model does not think", effort)};
}

Result<std::unique_ptr<Backend>> create_ollama(const Spec& spec, const Environment& environment) {
  FACEOFF_TRY(check_options(spec, {Option::context}));
  FACEOFF_TRY(require_model(spec));
  const auto host = read_variable(environment, "OLLAMA_HOST");
  std::optional<Endpoint> endpoint;
  if (spec.base_url) {
    FACEOFF_TRY_ASSIGN(endpoint, make_endpoint(spec, *spec.base_url, spec.origin));
  } else {
    FACEOFF_TRY_ASSIGN(endpoint,
                       make_endpoint(spec,
                                     host ? ollama_base_url(*host) : std::string(kDefaultBase),
                                     host ? Origin::environment : Origin::built_in));
  }
  Wiring wiring{std::string("ollama"), spec, {}, std::nullopt, {}};
  FACEOFF_TRY_ASSIGN(wiring.secret, bind_key(spec, environment, *endpoint, KeyRule{}));
  wiring.url = std::move(endpoint->url);
  drop_path_suffix(wiring.url, "/v1");
  drop_path_suffix(wiring.url, "/api");
  return std::make_unique<OllamaBackend>(std::move(wiring));
}

}  // namespace

extern const Info ollama_backend;
const Info ollama_backend{"ollama",
                          "Ollama's own chat endpoint",
                          kDefaultBase,
                          "",
                          "OLLAMA_HOST",
                          false,
                          false,
                          create_ollama};

}  // namespace faceoff::backend
