#include "../chat_backend.h"
#include "../options.h"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

// top_k, min_p and repetition_penalty are vLLM's and SGLang's names.
constexpr std::array kNames{WireName{Parameter::max_tokens, "max_tokens"},
                            WireName{Parameter::temperature, "temperature"},
                            WireName{Parameter::top_p, "top_p"},
                            WireName{Parameter::top_k, "top_k"},
                            WireName{Parameter::min_p, "min_p"},
                            WireName{Parameter::repeat_penalty, "repetition_penalty"},
                            WireName{Parameter::presence_penalty, "presence_penalty"},
                            WireName{Parameter::frequency_penalty, "frequency_penalty"},
                            WireName{Parameter::seed, "seed"},
                            WireName{Parameter::top_logprobs, "top_logprobs"},
                            WireName{Parameter::stop, "stop"},
                            WireName{Parameter::reasoning_effort, "reasoning_effort"},
                            WireName{Parameter::response_format, "response_format"}};

class CompatibleBackend final : public ChatBackend {
 public:
  using ChatBackend::ChatBackend;

  [[nodiscard]] std::vector<Probe> probes() const override {
    return {Probe{Probe::Purpose::identity, get("/models")}};
  }

  void read_identity(const Probe& probe,
                     int status,
                     std::string_view body,
                     Identity& identity) const override;
};

void CompatibleBackend::read_identity(const Probe& probe,
                                      int status,
                                      std::string_view body,
                                      Identity& identity) const {
  const auto value = parse_untrusted(body);
  if (status != 200 || !value || !asks_for(probe, "/models")) {
    return;
  }
  const Json* list = member(*value, "data");
  if (list == nullptr || !list->is_array()) {
    return;
  }
  for (const auto& entry : *list) {
    if (text_of(entry, "id") != model()) {
      continue;
    }
    identity.model = model();
    if (const auto owner = text_of(entry, "owned_by"); !owner.empty()) {
      identity.server = owner;
    }
    if (const auto root = text_of(entry, "root"); !root.empty() && root != model()) {
      identity.facts.emplace_back("root", root);
    }
    if (const auto context = count_of(entry, "max_model_len"); context && *context > 0) {
      identity.context = context;
      identity.facts.emplace_back("context", std::to_string(*context));
    }
    return;
  }
}

Result<std::unique_ptr<Backend>> create_compatible(const Spec& spec,
                                                   const Environment& environment) {
  FACEOFF_TRY(check_options(spec, {}));
  FACEOFF_TRY(require_model(spec));
  if (!spec.base_url) {
    return fail(ErrorKind::usage,
                fmt::format("backend '{}': adapter 'openai-compatible' needs a 'base_url', such "
                            "as http://127.0.0.1:8000/v1",
                            spec.name));
  }
  FACEOFF_TRY_ASSIGN(Endpoint endpoint, make_endpoint(spec, *spec.base_url, spec.origin));
  KeyRule rule;
  rule.variable = "VLLM_API_KEY";
  rule.trusts_loopback = true;
  Wiring wiring{std::string("openai-compatible"), spec, {}, std::nullopt, {}};
  FACEOFF_TRY_ASSIGN(wiring.secret, bind_key(spec, environment, endpoint, rule));
  wiring.url = std::move(endpoint.url);
  drop_path_suffix(wiring.url, "");
  if (wiring.url.path.empty()) {
    wiring.url.path = "/v1";
  }
  ChatWire wire;
  wire.names = kNames;
  wire.model = spec.model;
  return std::make_unique<CompatibleBackend>(std::move(wiring), std::move(wire));
}

}  // namespace

extern const Info openai_compatible_backend;
const Info openai_compatible_backend{"openai-compatible",
                                     "vLLM, SGLang, LM Studio and other Chat Completions servers",
                                     "",
                                     "VLLM_API_KEY",
                                     "",
                                     false,
                                     false,
                                     create_compatible};

}  // namespace faceoff::backend
