#include "../chat_backend.h"
#include "../options.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

constexpr std::string_view kDefaultBase = "https://api.openai.com/v1";
constexpr std::string_view kVendorOrigin = "https://api.openai.com";

constexpr std::array kNames{WireName{Parameter::max_tokens, "max_tokens"},
                            WireName{Parameter::temperature, "temperature"},
                            WireName{Parameter::top_p, "top_p"},
                            WireName{Parameter::presence_penalty, "presence_penalty"},
                            WireName{Parameter::frequency_penalty, "frequency_penalty"},
                            WireName{Parameter::seed, "seed"},
                            WireName{Parameter::top_logprobs, "top_logprobs"},
                            WireName{Parameter::stop, "stop"},
                            WireName{Parameter::reasoning_effort, "reasoning_effort"},
                            WireName{Parameter::response_format, "response_format"}};

// Reasoning models draw their answers their own way.
constexpr std::array kSampling{Parameter::temperature,
                               Parameter::top_p,
                               Parameter::presence_penalty,
                               Parameter::frequency_penalty};

// What families of models take; the first row that fits counts, and a model that fits none takes
// what gpt-4o takes. A family is a prefix followed by a number of at least `from`.
struct ModelRule {
  std::string_view family;
  std::int64_t from;
  std::string_view holds;  // text elsewhere in the name
  std::string_view limit;
  std::span<const Parameter> refused;
};
constexpr std::array kModelRules{ModelRule{"gpt-", 5, "-chat", "max_completion_tokens", {}},
                                 ModelRule{"gpt-", 5, "", "max_completion_tokens", kSampling},
                                 ModelRule{"o", 1, "", "max_completion_tokens", kSampling}};

const ModelRule* rule_for(std::string_view model) {
  static constexpr std::string_view kFineTuned = "ft:";
  if (model.starts_with(kFineTuned)) {
    model.remove_prefix(kFineTuned.size());
  }
  for (const auto& rule : kModelRules) {
    if (!model.starts_with(rule.family) || model.find(rule.holds) == std::string_view::npos) {
      continue;
    }
    const std::string_view rest = model.substr(rule.family.size());
    std::size_t digits = 0;
    while (digits < rest.size() && std::isdigit(static_cast<unsigned char>(rest[digits])) != 0) {
      ++digits;
    }
    const auto number = parse_int(rest.substr(0, digits));
    if (number && *number >= rule.from) {
      return &rule;
    }
  }
  return nullptr;
}

bool is_azure_host(std::string_view host) {
  return host.ends_with(".azure.com") || host.ends_with(".azure.us") || host.ends_with(".azure.cn");
}

// The endpoint that the user's own variable names, or nullopt.
Result<std::optional<Endpoint>> own_endpoint(const Spec& spec,
                                             const Environment& environment,
                                             std::string_view variable) {
  const auto text = read_variable(environment, variable);
  if (!text) {
    return std::nullopt;
  }
  FACEOFF_TRY_ASSIGN(Endpoint endpoint, make_endpoint(spec, *text, Origin::environment));
  return endpoint;
}

class OpenAiBackend final : public ChatBackend {
 public:
  OpenAiBackend(Wiring wiring, ChatWire wire, bool has_models)
      : ChatBackend(std::move(wiring), std::move(wire)), has_models_(has_models) {}

  [[nodiscard]] std::vector<Probe> probes() const override {
    if (!has_models_) {
      return {};
    }
    return {Probe{Probe::Purpose::identity, get("/models/" + percent_encode(model()))}};
  }

  void read_identity(const Probe& probe,
                     int status,
                     std::string_view body,
                     Identity& identity) const override;

 private:
  bool has_models_;
};

void OpenAiBackend::read_identity(const Probe& probe,
                                  int status,
                                  std::string_view body,
                                  Identity& identity) const {
  const auto value = parse_untrusted(body);
  if (status != 200 || !value || probe.purpose != Probe::Purpose::identity) {
    return;
  }
  identity.server = url().host;
  const Json* found = &*value;
  if (const Json* list = member(*value, "data"); list != nullptr && list->is_array()) {
    found = nullptr;
    for (const auto& entry : *list) {
      if (text_of(entry, "id") == model()) {
        found = &entry;
      }
    }
  }
  if (found == nullptr) {
    return;
  }
  identity.model = text_of(*found, "id");
  if (const auto date = text_of(*found, "shutdown_date"); !date.empty()) {
    identity.facts.emplace_back("shutdown date", date);
  }
}

ChatWire make_wire(const Spec& spec) {
  ChatWire wire;
  wire.names = kNames;
  wire.model = spec.model;
  wire.developer_role = true;
  if (const ModelRule* rule = rule_for(spec.model)) {
    wire.limit = rule->limit;
    wire.refused.assign(rule->refused.begin(), rule->refused.end());
  }
  return wire;
}

// Azure serves the same wire under other addresses and with a header of its own.
Result<std::unique_ptr<Backend>> create_azure(const Spec& spec, const Environment& environment) {
  Wiring wiring{std::string("openai"), spec, {}, std::nullopt, {}};
  ChatWire wire = make_wire(spec);
  KeyRule rule;
  FACEOFF_TRY_ASSIGN(rule.own, own_endpoint(spec, environment, "AZURE_OPENAI_ENDPOINT"));
  std::optional<Endpoint> endpoint = rule.own;
  if (spec.base_url) {
    FACEOFF_TRY_ASSIGN(endpoint, make_endpoint(spec, *spec.base_url, spec.origin));
  }
  if (!endpoint) {
    return fail(
        ErrorKind::usage,
        fmt::format("backend '{}': no address; set base_url or AZURE_OPENAI_ENDPOINT", spec.name));
  }
  const bool with_token = !spec.key && !spec.key_env &&
                          !read_variable(environment, "AZURE_OPENAI_API_KEY") &&
                          read_variable(environment, "AZURE_OPENAI_AD_TOKEN");
  rule.variable = with_token ? "AZURE_OPENAI_AD_TOKEN" : "AZURE_OPENAI_API_KEY";
  if (!with_token) {
    rule.header = "api-key";
    rule.prefix = "";
  }
  rule.required = true;
  FACEOFF_TRY_ASSIGN(wiring.secret, bind_key(spec, environment, *endpoint, rule));
  wiring.url = std::move(endpoint->url);
  drop_path_suffix(wiring.url, "/v1");
  drop_path_suffix(wiring.url, "/openai");
  const auto version =
      spec.api_version ? spec.api_version : read_variable(environment, "OPENAI_API_VERSION");
  if (version) {
    wire.path = fmt::format("/openai/deployments/{}/chat/completions?api-version={}",
                            percent_encode(spec.model),
                            percent_encode(*version));
  } else {
    wiring.url.path += "/openai/v1";
  }
  return std::make_unique<OpenAiBackend>(std::move(wiring), std::move(wire), !version);
}

Result<net::HeaderList> account_headers(const Spec& spec, const Environment& environment) {
  net::HeaderList headers;
  struct Row {
    std::string_view variable;
    std::string_view header;
  };
  for (const auto& row :
       {Row{"OPENAI_ORG_ID", "OpenAI-Organization"}, Row{"OPENAI_PROJECT_ID", "OpenAI-Project"}}) {
    const auto value = read_variable(environment, row.variable);
    if (!value) {
      continue;
    }
    for (const char c : *value) {
      if (c <= ' ' || c > '~') {
        return fail(
            ErrorKind::usage,
            fmt::format("backend '{}': {} holds a blank or a control character; copy it again",
                        spec.name,
                        row.variable));
      }
    }
    headers.emplace_back(row.header, *value);
  }
  return headers;
}

Result<std::unique_ptr<Backend>> create_plain(const Spec& spec, const Environment& environment) {
  Wiring wiring{std::string("openai"), spec, {}, std::nullopt, {}};
  KeyRule rule;
  rule.variable = "OPENAI_API_KEY";
  rule.vendor_origin = kVendorOrigin;
  rule.required = true;
  if (!spec.managed) {
    FACEOFF_TRY_ASSIGN(rule.own, own_endpoint(spec, environment, "OPENAI_BASE_URL"));
  }
  std::optional<Endpoint> endpoint = rule.own;
  if (spec.base_url) {
    FACEOFF_TRY_ASSIGN(endpoint, make_endpoint(spec, *spec.base_url, spec.origin));
  } else if (!endpoint) {
    FACEOFF_TRY_ASSIGN(endpoint, make_endpoint(spec, kDefaultBase, Origin::built_in));
  }
  FACEOFF_TRY_ASSIGN(wiring.secret, bind_key(spec, environment, *endpoint, rule));
  if (wiring.secret) {
    FACEOFF_TRY_ASSIGN(wiring.headers, account_headers(spec, environment));
  }
  wiring.url = std::move(endpoint->url);
  drop_path_suffix(wiring.url, "");
  if (wiring.url.path.empty()) {
    wiring.url.path = "/v1";
  }
  ChatWire wire = make_wire(spec);
  wire.obfuscation_off = true;
  return std::make_unique<OpenAiBackend>(std::move(wiring), std::move(wire), true);
}

// Azure is meant when its version is given, when the address is Azure's, or when only Azure's
// variables are set.
Result<bool> means_azure(const Spec& spec, const Environment& environment) {
  if (spec.api_version) {
    return true;
  }
  if (spec.base_url) {
    FACEOFF_TRY_ASSIGN(Endpoint endpoint, make_endpoint(spec, *spec.base_url, spec.origin));
    return is_azure_host(endpoint.url.host);
  }
  return read_variable(environment, "AZURE_OPENAI_ENDPOINT") &&
         !read_variable(environment, "OPENAI_API_KEY") &&
         !read_variable(environment, "OPENAI_BASE_URL");
}

Result<std::unique_ptr<Backend>> create_openai(const Spec& spec, const Environment& environment) {
  FACEOFF_TRY(check_options(spec, {Option::api_version}));
  FACEOFF_TRY(require_model(spec));
  FACEOFF_TRY_ASSIGN(bool azure, means_azure(spec, environment));
  return azure ? create_azure(spec, environment) : create_plain(spec, environment);
}

}  // namespace

extern const Info openai_backend;
const Info openai_backend{"openai",
                          "OpenAI Chat Completions, also on Azure",
                          kDefaultBase,
                          "OPENAI_API_KEY",
                          "OPENAI_BASE_URL",
                          true,
                          false,
                          create_openai};

}  // namespace faceoff::backend
