#include "fleet.h"

#include <faceoff/base/text.h>

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
                          const Context& context) {
  Fleet fleet;
  for (auto& spec : specs) {
    FACEOFF_TRY_ASSIGN(auto plan, run::plan_managed(spec, context.environment, context.self));
    Member member;
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

bool Fleet::has_managed() const noexcept {
  return std::ranges::any_of(plans_, [](const auto& plan) { return plan.has_value(); });
}

Status Fleet::start(const std::filesystem::path& folder, const Context& context) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    if (!plans_[i]) {
      continue;
    }
    FACEOFF_TRY_ASSIGN(member.server,
                       run::ManagedServer::start(*plans_[i], folder / log_name(member.spec.name)));
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
      return tl::make_unexpected(std::move(identities[i]).error());
    }
    members_[i].identity = *std::move(identities[i]);
  }
  return {};
}

std::int64_t Fleet::concurrency(const Member& member, const RunOptions& options) const {
  const std::int64_t wanted =
      options.concurrency.value_or(member.spec.concurrency.value_or(kDefaultConcurrency));
  // More than its slots would only queue inside the server and pass for latency.
  return std::max<std::int64_t>(1, std::min(wanted, member.identity.slots.value_or(wanted)));
}

std::vector<run::Lane> Fleet::lanes(const RunOptions& options) const {
  std::vector<run::Lane> lanes;
  for (const auto& member : members_) {
    run::Lane lane;
    lane.backend = member.backend.get();
    lane.params = member.spec.params;
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
    lane.reach = lane.managed || options.local_only ? net::Reach::loopback : net::Reach::any;
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
    entries.push_back({.name = member.spec.name,
                       .adapter = std::string(member.backend->adapter()),
                       .model = member.backend->model(),
                       .base_url = member.backend->base_url(),
                       .local = member.backend->is_local(),
                       .simulated = !member.spec.simulate.empty(),
                       .identity = member.identity,
                       .concurrency = concurrency(member, options)});
  }
  return entries;
}

}  // namespace faceoff::cli
