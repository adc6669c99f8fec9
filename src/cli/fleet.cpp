#include "fleet.h"

#include "cache_use.h"

#include <faceoff/base/text.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/simulate/script.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::int64_t kDefaultConcurrency = 4;

// A file name for any backend name.
std::string log_name(const std::string& backend) {
  std::string out;
  for (const char c : backend) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    out += plain ? c : '_';
  }
  return "server-" + out + ".log";
}

// Of a stand-in that did not start the reader learns what is wrong with its script.
Error with_mistakes(Error error, const backend::Spec& spec) {
  doc::Diagnostics diagnostics;
  if (spec.simulate.empty()) {
    return error;
  }
  static_cast<void>(simulate::decode_script(spec.simulate, diagnostics));
  if (diagnostics.empty()) {
    return error;
  }
  error.kind = ErrorKind::usage;
  error.message = fmt::format("backend '{}': its script has mistakes; nothing was sent", spec.name);
  for (const doc::Diagnostic& mistake : diagnostics.sorted()) {
    error.message += "\n  " + doc::one_line(mistake);
  }
  return error;
}

Status check_reach(const Member& member, bool local_only) {
  if (!local_only || member.backend == nullptr || member.backend->is_local()) {
    return {};
  }
  return fail(
      ErrorKind::usage,
      fmt::format("backend '{}' is at {}, which is not this machine; --local-only refuses it",
                  member.spec.name,
                  member.backend->base_url()));
}

}  // namespace

Result<Fleet> Fleet::plan(std::vector<backend::Spec> specs,
                          const RunOptions& options,
                          const Context& context,
                          const Replays& replays,
                          const std::vector<backend::Spec>& judges) {
  Fleet fleet;
  const std::size_t contestants = specs.size();
  specs.insert(specs.end(), judges.begin(), judges.end());
  for (auto& spec : specs) {
    FACEOFF_TRY_ASSIGN(auto plan, run::plan_managed(spec, context.environment, context.self));
    Member member;
    member.judges_only = fleet.members_.size() >= contestants;
    if (const auto replay = replays.find(spec.name); replay != replays.end()) {
      member.replay = replay->second;
    }
    if (plan) {
      spec.managed = true;
    } else {
      FACEOFF_TRY_ASSIGN(member.backend, backend::create(spec, context.environment));
    }
    member.spec = std::move(spec);
    FACEOFF_TRY(check_reach(member, options.local_only));
    fleet.members_.push_back(std::move(member));
    fleet.plans_.push_back(std::move(plan));
  }
  return fleet;
}

std::optional<backend::Price> Fleet::price_of(const Member& member,
                                              const backend::PriceTable& prices) {
  if (member.spec.model.ends_with(".gguf")) {
    return std::nullopt;
  }
  const bool stand_in = !member.spec.simulate.empty();
  const bool here = stand_in || member.backend == nullptr || member.backend->is_local();
  const std::string base_url = member.backend == nullptr ? "" : member.backend->base_url();
  const auto* entry = prices.find({.base_url = base_url,
                                   .asked = member.spec.model,
                                   .resolved = member.identity.model,
                                   .local = here});
  return entry == nullptr ? std::nullopt : std::optional(entry->price);
}

Status Fleet::check_prices(const RunOptions& options) const {
  if (!options.limits.cost) {
    return {};
  }
  for (const auto& member : members_) {
    if (member.backend == nullptr || member.backend->is_local() ||
        price_of(member, options.prices)) {
      continue;
    }
    std::vector<std::string> near;
    const auto provider = backend::provider_of(member.backend->base_url());
    for (const auto& entry : options.prices.entries()) {
      if (!provider.empty() && entry.provider == provider &&
          entry.model.starts_with(member.spec.model + "-2")) {  // its dated editions
        near.push_back(entry.model);
      }
    }
    return fail(
        ErrorKind::usage,
        fmt::format("--max-cost: backend '{}': the price of model '{}' is not known, so the "
                    "limit could not be kept; {}add the price under 'prices' in "
                    "faceoff.yaml or to a file given with --prices (faceoff list prices "
                    "shows the known ones)",
                    member.spec.name,
                    member.spec.model,
                    near.empty() ? std::string() : "ask for " + join(near, " or ") + ", or "));
  }
  return {};
}

bool Fleet::has_managed() const noexcept {
  return std::ranges::any_of(plans_, [](const auto& plan) { return plan.has_value(); });
}

Status Fleet::start(const std::filesystem::path& folder, const Context& context) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    if (!plans_[i]) {
      continue;
    }
    auto server = run::ManagedServer::start(*plans_[i], folder / log_name(member.spec.name));
    if (!server) {
      return tl::make_unexpected(with_mistakes(std::move(server).error(), member.spec));
    }
    member.server = *std::move(server);
    const bool stand_in = !member.spec.simulate.empty();
    member.spec.base_url =
        member.server->base_url() + (stand_in && member.spec.adapter == "openai" ? "/v1" : "");
    // The address is ours, so no rule about foreign hosts applies to it.
    member.spec.origin = backend::Origin::built_in;
    FACEOFF_TRY_ASSIGN(member.backend, backend::create(member.spec, context.environment));
  }
  return {};
}

Status Fleet::identify(const RunOptions& options,
                       net::Transport& transport,
                       const Clock& clock,
                       const run::StopSignal& stop) {
  auto identities = run::identify(lanes(options), transport, clock, stop);
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!identities[i]) {
      return tl::make_unexpected(with_mistakes(std::move(identities[i]).error(), members_[i].spec));
    }
    // Who answered then is still named when it is long gone.
    members_[i].identity =
        members_[i].replay ? members_[i].replay->recorded().identity : *std::move(identities[i]);
  }
  return {};
}

std::vector<std::string> Fleet::find_cache_identities(const run::StopSignal& stop) {
  const auto stopped = [&stop] { return stop.drain.load() || stop.cancel.load(); };
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    if (member.server == nullptr || !plans_[i]) {
      continue;
    }
    auto identity = cache_identity(*plans_[i], member.spec, member.identity, stopped);
    if (identity) {
      member.cache_identity = *std::move(identity);
    } else if (identity.error().kind != ErrorKind::cancelled) {
      notes.push_back(fmt::format(
          "answers of '{}' are not cached: what decides them is not known for certain ({})",
          display_text(member.spec.name),
          identity.error().message));
    }
  }
  return notes;
}

std::optional<std::int64_t> Fleet::limit_connections(std::int64_t total,
                                                     const RunOptions& options) {
  std::int64_t wanted = 0;
  std::int64_t asked = 0;
  for (const auto& member : members_) {
    wanted += member.replay ? 0 : concurrency(member, options);
    asked += member.replay ? 0 : 1;
  }
  if (wanted <= total || asked == 0) {
    return std::nullopt;
  }
  most_in_flight_ = std::max<std::int64_t>(1, total / asked);
  return most_in_flight_;
}

std::int64_t Fleet::concurrency(const Member& member, const RunOptions& options) const {
  std::int64_t wanted =
      options.concurrency.value_or(member.spec.concurrency.value_or(kDefaultConcurrency));
  wanted = std::min(wanted, most_in_flight_.value_or(wanted));
  // More than its slots would only queue inside the server and pass for latency.
  return std::max<std::int64_t>(1, std::min(wanted, member.identity.slots.value_or(wanted)));
}

std::vector<run::Lane> Fleet::lanes(const RunOptions& options) const {
  std::vector<run::Lane> lanes;
  for (const auto& member : members_) {
    run::Lane lane;
    lane.backend = member.backend.get();
    lane.judges_only = member.judges_only;
    lane.params = member.spec.params;
    lane.answers = member.replay.get();
    lane.concurrency = concurrency(member, options);
    lane.deadlines = options.deadlines;
    lane.deadlines.total = member.spec.timeout.value_or(lane.deadlines.total);
    lane.deadlines.first_token =
        member.spec.first_token_timeout.value_or(lane.deadlines.first_token);
    lane.deadlines.idle = member.spec.idle_timeout.value_or(lane.deadlines.idle);
    lane.retry = options.retry;
    lane.retry.max_retries = member.spec.max_retries.value_or(lane.retry.max_retries);
    lane.rates.requests_per_minute = options.rate;
    if (!options.rate) {
      lane.rates.requests_per_minute = member.spec.requests_per_minute;
    }
    lane.rates.tokens_per_minute = member.spec.tokens_per_minute;
    lane.managed = member.server != nullptr;
    lane.cache_identity = member.cache_identity;
    lane.reach = lane.managed || options.local_only ? net::Reach::loopback : net::Reach::any;
    lane.price = price_of(member, options.prices);
    if (run::ManagedServer* server = member.server.get()) {
      lane.post_mortem = [server] { return server->post_mortem(); };
    }
    lanes.push_back(std::move(lane));
  }
  return lanes;
}

std::vector<store::BackendEntry> Fleet::entries(const RunOptions& options) const {
  std::vector<store::BackendEntry> entries;
  for (const auto& member : members_) {
    if (member.replay) {
      store::BackendEntry entry = member.replay->recorded();
      entry.name = member.spec.name;
      entry.adapter = member.backend->adapter();
      entry.concurrency = concurrency(member, options);
      entries.push_back(std::move(entry));
      continue;
    }
    entries.push_back({.name = member.spec.name,
                       .adapter = std::string(member.backend->adapter()),
                       .model = member.backend->model(),
                       .base_url = member.backend->base_url(),
                       .local = member.backend->is_local(),
                       .simulated = !member.spec.simulate.empty(),
                       .identity = member.identity,
                       .concurrency = concurrency(member, options),
                       .price = price_of(member, options.prices)});
  }
  return entries;
}

}  // namespace faceoff::cli
