#include "manifest.h"

#include "json.h"

#include <faceoff/base/base64.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::store {
namespace {

constexpr int kManifestSchema = 1;

struct StateRow {
  RunState state;
  std::string_view name;
};
constexpr std::array kStates{StateRow{RunState::running, "running"},
                             StateRow{RunState::complete, "complete"},
                             StateRow{RunState::interrupted, "interrupted"},
                             StateRow{RunState::stopped, "stopped"},
                             StateRow{RunState::budget, "budget"}};

// A price stands as dollars per million tokens, in decimals: exact, and as its source has it.
constexpr std::int64_t kTokensOfAPrice = 1'000'000;

Json per_million(Money token) {
  return decimal_dollars({token.picodollars * kTokensOfAPrice});
}

Json write_price(const std::optional<backend::Price>& price) {
  if (!price) {
    return nullptr;
  }
  return {{"input", per_million(price->input)},
          {"cached_input", price->cached ? per_million(*price->cached) : Json(nullptr)},
          {"output", per_million(price->output)},
          {"as_of", price->as_of},
          {"source", price->source}};
}

std::optional<Money> read_per_million(const Json& in, const char* key) {
  const auto text = optional_at<std::string>(in, key);
  const auto dollars = text ? parse_dollars(*text) : fail(ErrorKind::io, "");
  return dollars ? std::optional(Money{dollars->picodollars / kTokensOfAPrice}) : std::nullopt;
}

std::optional<backend::Price> read_price(const Json& in) {
  const Json json = in.value("price", Json());
  if (!json.is_object()) {
    return std::nullopt;
  }
  const auto input = read_per_million(json, "input");
  const auto output = read_per_million(json, "output");
  if (!input || !output) {
    return std::nullopt;
  }
  return backend::Price{.input = *input,
                        .cached = read_per_million(json, "cached_input"),
                        .output = *output,
                        .as_of = value_or<std::string>(json, "as_of", ""),
                        .source = value_or<std::string>(json, "source", "")};
}

// Names of files are bytes: those that are no UTF-8 stand beside the readable text.
void put_path(Json& out, const char* key, const std::string& path) {
  out[key] = path;
  if (!is_valid_utf8(path)) {
    out[std::string(key) + "_b64"] = to_base64(path);
  }
}

std::string read_path(const Json& in, const std::string& key) {
  if (const auto encoded = optional_at<std::string>(in, key + "_b64")) {
    if (auto bytes = from_base64(*encoded)) {
      return *std::move(bytes);
    }
  }
  return value_or<std::string>(in, key, "");
}

Json write_backend(const BackendEntry& b) {
  Json facts = Json::object();
  for (const auto& [name, value] : b.identity.facts) {
    facts[name] = value;
  }
  Json history = Json::array();
  for (const auto& change : b.concurrency_history) {
    history.push_back(
        {{"at_ms", rounded_ms(to_ms(change.at))}, {"limit", change.limit}, {"why", change.why}});
  }
  Json out{{"name", b.name},
           {"adapter", b.adapter},
           {"model", b.model},
           {"base_url", b.base_url},
           {"local", b.local},
           {"simulated", b.simulated},
           {"concurrency", b.concurrency},
           {"trials", b.trials},
           {"concurrency_history", std::move(history)},
           {"price", write_price(b.price)},
           {"identity",
            {{"server", b.identity.server},
             {"model", b.identity.model},
             {"slots", or_null(b.identity.slots)},
             {"context", or_null(b.identity.context)},
             {"facts", std::move(facts)}}}};
  if (!b.replayed_from.empty()) {
    out["replayed_from"] = b.replayed_from;
  }
  return out;
}

BackendEntry read_backend(const Json& in) {
  BackendEntry b;
  b.name = in.at("name").get<std::string>();
  b.adapter = value_or<std::string>(in, "adapter", "");
  b.model = value_or<std::string>(in, "model", "");
  b.base_url = value_or<std::string>(in, "base_url", "");
  b.local = value_or<bool>(in, "local", false);
  b.simulated = value_or<bool>(in, "simulated", false);
  b.concurrency = value_or<std::int64_t>(in, "concurrency", 1);
  b.trials = value_or<std::uint64_t>(in, "trials", 0);
  b.replayed_from = value_or<std::string>(in, "replayed_from", "");
  for (const auto& change : in.value("concurrency_history", Json::array())) {
    b.concurrency_history.push_back({.at = from_ms(value_or<double>(change, "at_ms", 0.0)),
                                     .limit = value_or<std::int64_t>(change, "limit", 0),
                                     .why = value_or<std::string>(change, "why", "")});
  }
  b.price = read_price(in);
  const Json identity = in.value("identity", Json::object());
  b.identity.server = value_or<std::string>(identity, "server", "");
  b.identity.model = value_or<std::string>(identity, "model", "");
  b.identity.slots = optional_at<std::int64_t>(identity, "slots");
  b.identity.context = optional_at<std::int64_t>(identity, "context");
  const Json facts = identity.value("facts", Json::object());
  for (const auto& [name, value] : facts.items()) {
    b.identity.facts.emplace_back(name, value.is_string() ? value.get<std::string>() : dump(value));
  }
  return b;
}

Json write_gating(const Gating& gating) {
  return {{"gates", gating.gates},
          {"alpha", gating.alpha},
          {"inconclusive_fails", gating.inconclusive_fails},
          {"baseline", gating.baseline}};
}

Json write_self_check(const SelfCheck& c) {
  return {{"loop_lag_p99_ms", rounded_ms(c.loop_lag_p99_ms)},
          {"loop_busy", rounded_ms(c.loop_busy)},
          {"coalesced_share", rounded_ms(c.coalesced_share)},
          {"kernel_share", rounded_ms(c.kernel_share)},
          {"gap_p50_ms", rounded_ms(c.gap_p50_ms)},
          {"client_bound", c.client_bound},
          {"why", c.why}};
}

std::optional<SelfCheck> read_self_check(const Json& in) {
  if (!in.is_object()) {
    return std::nullopt;
  }
  return SelfCheck{.loop_lag_p99_ms = value_or<double>(in, "loop_lag_p99_ms", 0.0),
                   .loop_busy = value_or<double>(in, "loop_busy", 0.0),
                   .coalesced_share = value_or<double>(in, "coalesced_share", 0.0),
                   .kernel_share = value_or<double>(in, "kernel_share", 0.0),
                   .gap_p50_ms = value_or<double>(in, "gap_p50_ms", 0.0),
                   .client_bound = value_or<bool>(in, "client_bound", false),
                   .why = value_or<std::string>(in, "why", "")};
}

Gating read_gating(const Json& in) {
  Gating gating;
  gating.gates = value_or<std::vector<std::string>>(in, "gates", {});
  gating.alpha = value_or<double>(in, "alpha", gating.alpha);
  gating.inconclusive_fails = value_or<bool>(in, "inconclusive_fails", false);
  gating.baseline = value_or<std::string>(in, "baseline", "");
  return gating;
}

Manifest read_members(const Json& in) {
  Manifest m;
  m.id = in.at("id").get<std::string>();
  m.suite = in.at("suite").get<std::string>();
  m.suite_path = read_path(in, "suite_path");
  m.directory = read_path(in, "directory");
  m.suite_digest = value_or<std::string>(in, "suite_digest", "");
  m.description = value_or<std::string>(in, "description", "");
  m.cases = value_or<std::uint64_t>(in, "cases", 0);
  m.trials = value_or<std::uint64_t>(in, "trials", 0);
  for (const auto& backend : in.value("backends", Json::array())) {
    m.backends.push_back(read_backend(backend));
  }
  for (const auto& judge : in.value("judges", Json::array())) {
    m.judges.push_back(read_backend(judge));
  }
  m.command = value_or<std::vector<std::string>>(in, "command", {});
  m.version = value_or<std::string>(in, "version", "");
  m.curl_version = value_or<std::string>(in, "curl_version", "");
  m.host_os = value_or<std::string>(in, "host_os", "");
  m.started_utc = value_or<std::string>(in, "started", "");
  m.finished_utc = value_or<std::string>(in, "finished", "");
  m.state = parse_run_state(value_or<std::string>(in, "state", "")).value_or(RunState::stopped);
  m.seed = value_or<std::uint64_t>(in, "seed", 0);
  m.loop_lag_ms = value_or<double>(in, "loop_lag_ms", 0.0);
  m.client_busy = value_or<double>(in, "client_busy", 0.0);
  m.self_check = read_self_check(in.value("self_check", Json()));
  m.scorers = value_or<std::vector<std::string>>(in, "scorers", {});
  m.notes = value_or<std::vector<std::string>>(in, "notes", {});
  m.gating = read_gating(in.value("gating", Json::object()));
  m.stop_rule = value_or<std::string>(in, "stop_rule", "");
  m.rescored_from = value_or<std::string>(in, "rescored_from", "");
  return m;
}

}  // namespace

std::string_view to_string(RunState state) noexcept {
  return std::ranges::find(kStates, state, &StateRow::state)->name;
}

std::optional<RunState> parse_run_state(std::string_view text) noexcept {
  const auto* it = std::ranges::find(kStates, text, &StateRow::name);
  return it == kStates.end() ? std::nullopt : std::optional(it->state);
}

std::string manifest_text(const Manifest& m) {
  Json backends = Json::array();
  for (const auto& backend : m.backends) {
    backends.push_back(write_backend(backend));
  }
  Json out{
      {"schema", kManifestSchema}, {"id", m.id}, {"state", to_string(m.state)}, {"suite", m.suite}};
  put_path(out, "suite_path", m.suite_path);
  put_path(out, "directory", m.directory);
  if (!m.rescored_from.empty()) {
    out["rescored_from"] = m.rescored_from;
  }
  out.update(Json{{"suite_digest", m.suite_digest},
                  {"description", m.description},
                  {"cases", m.cases},
                  {"trials", m.trials},
                  {"backends", std::move(backends)},
                  {"command", m.command},
                  {"version", m.version},
                  {"curl_version", m.curl_version},
                  {"host_os", m.host_os},
                  {"started", m.started_utc},
                  {"finished", m.finished_utc},
                  {"seed", m.seed},
                  {"loop_lag_ms", rounded_ms(m.loop_lag_ms)},
                  {"client_busy", rounded_ms(m.client_busy)},
                  {"scorers", m.scorers},
                  {"notes", m.notes}});
  for (const auto& judge : m.judges) {
    out["judges"].push_back(write_backend(judge));
  }
  if (m.self_check) {
    out["self_check"] = write_self_check(*m.self_check);
  }
  if (!m.stop_rule.empty()) {
    out["stop_rule"] = m.stop_rule;
  }
  if (!m.gating.gates.empty() || !m.gating.baseline.empty()) {
    out["gating"] = write_gating(m.gating);
  }
  return redactor().redact_known(dump(out, 2)) + "\n";
}

std::string short_id(const Manifest& manifest) {
  return manifest.id.substr(manifest.id.rfind('-') + 1);
}

Result<Manifest> read_manifest(const std::filesystem::path& folder) {
  const auto path = folder / kManifestName;
  FACEOFF_TRY_ASSIGN(const std::string text, read_file(path));
  return parse_manifest(text, path);
}

Result<Manifest> parse_manifest(std::string_view text, const std::filesystem::path& path) {
  try {
    const Json json = Json::parse(text);
    const int schema = json.at("schema").get<int>();
    if (schema != kManifestSchema) {
      return fail(
          ErrorKind::io,
          fmt::format("{}: has schema {}, this program reads {}; use the version that wrote it",
                      path.string(),
                      schema,
                      kManifestSchema));
    }
    return read_members(json);
  } catch (const Json::exception& error) {
    return fail(ErrorKind::io,
                fmt::format("{}: is no manifest of a run: {}", path.string(), error.what()));
  }
}

}  // namespace faceoff::store
