#pragma once

// The cache that a run's flags ask for. Private to cli.

#include "command.h"
#include "run_options.h"

#include <faceoff/store/cache.h>

#include <memory>

namespace faceoff::cli {

// Null when the cache is off. Error of kind usage when nothing says where it is, io when its folder
// cannot be made.
[[nodiscard]] Result<std::unique_ptr<store::AnswerCache>> open_cache(const CacheUse& use,
                                                                     const Context& context);

}  // namespace faceoff::cli
