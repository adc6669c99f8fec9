#pragma once

// The backends of a run with the servers that we start for them. Private to cli.

#include "command.h"
#include "run_options.h"
#include "session.h"

#include <faceoff/backend/backend.h>
#include <faceoff/net/transport.h>
#include <faceoff/run/managed_server.h>
#include <faceoff/run/runner.h>
#include <faceoff/store/run_folder.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::cli {

// One backend, ready to be asked. Members go in reverse order: the codec before its server.
struct Member {
  backend::Spec spec;
  std::unique_ptr<run::ManagedServer> server;  // null: somebody else's
  std::unique_ptr<backend::Backend> backend;
  backend::Identity identity;
  std::string cache_identity;             // of a server of ours, once it is known; else empty
  std::shared_ptr<store::Replay> replay;  // null: it is asked
  bool judges_only = false;               // only scorers ask it
};

class Fleet {
 public:
  // What can be checked before anything is started: adapters, keys, model files, programs. Error of
  // kind usage.
  [[nodiscard]] static Result<Fleet> plan(std::vector<backend::Spec> specs,
                                          const RunOptions& options,
                                          const Context& context,
                                          const Replays& replays = {},
                                          const std::vector<backend::Spec>& judges = {});

  // Error of kind usage when --max-cost could not be kept: the price of a backend that leaves this
  // machine is not known.
  [[nodiscard]] Status check_prices(const RunOptions& options) const;
  // What the answers of a member cost; nullopt: not known, or a model file of this machine.
  [[nodiscard]] static std::optional<backend::Price> price_of(const Member& member,
                                                              const backend::PriceTable& prices);

  // Some backend needs a server that we start.
  [[nodiscard]] bool has_managed() const noexcept;
  // Starts those servers, their logs in `folder`, and makes every codec.
  [[nodiscard]] Status start(const std::filesystem::path& folder, const Context& context);
  // Waits until each backend is ready and asks who it is. The first error of all is returned.
  [[nodiscard]] Status identify(const RunOptions& options,
                                net::Transport& transport,
                                const Clock& clock,
                                const run::StopSignal& stop);

  // For a run with a cache, after identify(): what the servers of ours are known by there. Returns
  // a sentence for each one of which that is not certain: its answers are not cached.
  [[nodiscard]] std::vector<std::string> find_cache_identities(const run::StopSignal& stop);

  // Keeps the sum of requests in flight within `total`; returns the new limit of each backend when
  // it is lower than what was asked for.
  [[nodiscard]] std::optional<std::int64_t> limit_connections(std::int64_t total,
                                                              const RunOptions& options);

  [[nodiscard]] std::vector<run::Lane> lanes(const RunOptions& options) const;
  [[nodiscard]] std::vector<store::BackendEntry> entries(const RunOptions& options) const;
  [[nodiscard]] const std::vector<Member>& members() const noexcept { return members_; }

 private:
  [[nodiscard]] std::int64_t concurrency(const Member& member, const RunOptions& options) const;

  std::vector<Member> members_;
  std::vector<std::optional<run::ManagedPlan>> plans_;  // one a member
  std::optional<std::int64_t> most_in_flight_;          // of each backend
};

}  // namespace faceoff::cli
