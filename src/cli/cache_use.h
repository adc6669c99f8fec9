#pragma once

// The cache that a run's flags ask for. Private to cli.

#include "command.h"
#include "run_options.h"

#include <faceoff/backend/backend.h>
#include <faceoff/run/managed_server.h>
#include <faceoff/store/cache.h>

#include <functional>
#include <memory>
#include <string>

namespace faceoff::cli {

// Null when the cache is off. Error of kind usage when nothing says where it is, io when its folder
// cannot be made.
[[nodiscard]] Result<std::unique_ptr<store::AnswerCache>> open_cache(const CacheUse& use,
                                                                     const Context& context);

// What stands in the cache's keys for a server of ours (run::Lane::cache_identity): of a
// llama-server run::served_identity(), of a stand-in its script, the answers that the script names
// and this program. Errors as those of run::served_identity().
[[nodiscard]] Result<std::string> cache_identity(const run::ManagedPlan& plan,
                                                 const backend::Spec& spec,
                                                 const backend::Identity& reported,
                                                 const std::function<bool()>& stopped);

}  // namespace faceoff::cli
