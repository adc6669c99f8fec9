// What is known of a run before anything is sent.

#include "dry_run.h"
#include "replays.h"
#include "sequential_stop.h"
#include "session_impl.h"
#include "terminal.h"
#include "version.h"

#include <faceoff/base/text.h>
#include <faceoff/compare/kinship.h>
#include <faceoff/net/curl_transport.h>
#include <faceoff/net/proxy.h>

#include <algorithm>
#include <random>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <sys/utsname.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;

std::string host_os() {
  utsname name{};
  if (::uname(&name) != 0) {
    return {};
  }
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

}  // namespace

std::string shown_name(const std::string& backend, bool simulated) {
  return simulated ? backend + " (simulated)" : backend;
}

store::Manifest Session::make_manifest() const {
  const suite::Suite& suite = *checked_.suite;
  store::Manifest manifest;
  std::random_device entropy;
  manifest.id = store::make_run_id(suite.name(), context_.clock.utc_now(), entropy());
  manifest.suite = suite.name();
  manifest.suite_path = suite.path().string();
  std::error_code unknown;
  manifest.directory = fs::current_path(unknown).string();
  manifest.suite_digest = suite.digest();
  manifest.description = suite.description();
  manifest.cases = checked_.selected;
  manifest.command = context_.command_line;
  manifest.version = std::string(version_text());
  manifest.curl_version = net::curl_version_text();
  manifest.host_os = host_os();
  manifest.started_utc = format_utc(context_.clock.utc_now());
  manifest.seed = options_.seed;
  manifest.scorers = checked_.scorers;
  manifest.gating = gating_of(checked_.gating);
  manifest.gating.baseline = checked_.baseline ? checked_.baseline->name : "";
  if (options_.stop_when_sure) {
    manifest.stop_rule = kEvidenceRule;
  }
  manifest.notes = variant_.notes;
  if (variant_.rescored) {
    // The command of then says how the answers came to be.
    manifest.command = variant_.rescored->command;
    manifest.rescored_from = variant_.rescored->id;
    manifest.judges = variant_.rescored->judges;
  }
  return manifest;
}

// What the fleet is made of, in place of backends of the same names that a resumed run had.
void Session::describe_backends(const Fleet& fleet) {
  lanes_ = fleet.entries(options_);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    store::BackendEntry& entry = lanes_[i];
    if (i >= contestants_) {
      const auto demand = std::ranges::find(checked_.judges, entry.name, &JudgeDemand::backend);
      entry.trials = static_cast<std::uint64_t>(
          workload(*demand,
                   contestants_,
                   static_cast<std::size_t>(std::ranges::count_if(
                       lanes_.begin(),
                       lanes_.begin() + static_cast<std::ptrdiff_t>(contestants_),
                       [](const auto& lane) { return !lane.local; })))
              .questions +
          0.5);
      const auto judge =
          std::ranges::find(manifest_.judges, entry.name, &store::BackendEntry::name);
      if (judge == manifest_.judges.end()) {
        manifest_.judges.push_back(entry);
      } else {
        *judge = entry;
      }
      continue;
    }
    const bool local = fleet.members()[i].backend->is_local();
    entry.trials = checked_.selected_trials - (local ? 0 : checked_.selected_local);
    if (variant_.rescored) {
      const auto& recorded = variant_.rescored->backends;
      const auto old = std::ranges::find(recorded, entry.name, &store::BackendEntry::name);
      entry.adapter = old->adapter;
      entry.replayed_from = old->replayed_from;
      entry.concurrency = old->concurrency;
    }
    const auto known =
        std::ranges::find(manifest_.backends, entry.name, &store::BackendEntry::name);
    if (known == manifest_.backends.end()) {
      manifest_.backends.push_back(entry);
    } else {
      *known = entry;
    }
  }
  manifest_.trials = 0;
  for (const auto& entry : manifest_.backends) {
    manifest_.trials += entry.trials;
  }
}

// A judge that is related to whom it judges is better known before its verdicts are paid for.
std::string Session::announce_kin() const {
  std::vector<std::string> judges;
  for (const auto& demand : checked_.judges) {
    if (!demand.embeddings) {
      judges.push_back(demand.backend);
    }
  }
  std::string out;
  for (const auto& kin : compare::find_kin(judges, manifest_)) {
    out += fmt::format("  note: judge {} {}{}; judges favour answers of their own kind\n",
                       display_text(kin.judge),
                       compare::kinship_text(kin),
                       kin.relation == compare::Relation::itself ? std::string()
                                                                 : " " + display_text(kin.backend));
  }
  return out;
}

void Session::announce(const Fleet& fleet) const {
  if (options_.quiet) {
    return;
  }
  std::string out = fmt::format("{}: {} cases on {} backend{}; {}\n",
                                display_text(checked_.suite->name()),
                                checked_.selected,
                                contestants_,
                                contestants_ == 1 ? "" : "s",
                                display_text(writer_->folder().string()));
  for (const auto& entry : lanes_) {
    if (replays_.contains(entry.name)) {
      out += fmt::format(
          "  {}  {} ({}{}; nothing is sent)\n",
          display_text(shown_name(entry.name, entry.simulated)),
          variant_.rescored ? "scored anew" : "replayed from " + display_text(entry.replayed_from),
          entry.model.empty() ? "" : "model ",
          entry.model.empty() ? "a file" : display_text(entry.model));
      continue;
    }
    const auto proxy = net::proxy_for(entry.base_url, context_.environment);
    const bool judges = &entry - lanes_.data() >= static_cast<std::ptrdiff_t>(contestants_);
    out += fmt::format("  {}{}  {}  ({}{}; {} in flight{}{})\n",
                       judges ? "judge " : "",
                       display_text(shown_name(entry.name, entry.simulated)),
                       display_text(entry.base_url),
                       entry.local ? "this machine" : "leaves this machine",
                       proxy ? " through the proxy " + display_text(*proxy) : std::string(),
                       entry.concurrency,
                       entry.identity.server.empty() ? "" : "; ",
                       display_text(entry.identity.server));
  }
  out += announce_kin();
  out += announce_costs(fleet, checked_, options_);
  if (resumed_) {
    store::Kept all;
    for (const auto& entry : lanes_) {
      all.answered += writer_->kept(entry.name).answered;
      all.awaiting += writer_->kept(entry.name).awaiting;
    }
    out +=
        fmt::format("  resuming: {} answers are kept{}\n",
                    all.answered + all.awaiting,
                    all.awaiting > 0 ? fmt::format(", of which {} wait for a judge", all.awaiting)
                                     : std::string());
  }
  for (const auto& note : variant_.notes) {
    out += fmt::format("  note: {}\n", display_text(note));
  }
  tell(context_, out);
}

}  // namespace faceoff::cli
