#pragma once

// What a run would send and cost, before anything is sent. Private to cli.

#include "fleet.h"
#include "session.h"

#include <faceoff/backend/price.h>
#include <faceoff/chat/message.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faceoff::cli {

// From the prompts alone to every max_tokens used up; retries come on top.
struct CostRange {
  Money low;
  std::optional<Money> high;  // absent: some case sets no max_tokens
};
// `under` are the backend's own parameters, for cases that set no max_tokens. nullopt beyond the
// range of Money.
[[nodiscard]] std::optional<CostRange> cost_range(const backend::Price& price,
                                                  const Volume& volume,
                                                  const chat::Params& under);
// "$0.0004 (prompts only) to $0.0020 (max_tokens used up), estimated at 4 characters a token"
[[nodiscard]] std::string describe(const CostRange& range);

// The lines before a run that tell what each backend may cost and where the run ends early.
[[nodiscard]] std::string announce_costs(const Fleet& fleet,
                                         const CheckedSuite& suite,
                                         const RunOptions& options);

[[nodiscard]] inline const Volume& volume_for(const CheckedSuite& suite, bool local) {
  return local ? suite.volume : suite.remote_volume;
}

// Prints who would get how many prompts and what that may cost. Sends nothing, starts nothing,
// makes no folder. Everything that a run checks beforehand is checked: keys, hosts, prices, models
// in files.
[[nodiscard]] Exit dry_run(std::span<const CheckedSuite> suites,
                           const std::vector<backend::Spec>& specs,
                           const std::vector<backend::Spec>& judges,
                           const RunOptions& options,
                           const Context& context);

}  // namespace faceoff::cli
