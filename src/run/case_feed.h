#pragma once

// The cases of a plan, one at a time. Private to run.

#include <faceoff/base/result.h>
#include <faceoff/run/runner.h>
#include <faceoff/run/score_pool.h>
#include <faceoff/score/scorer.h>
#include <faceoff/suite/suite.h>

#include <cstdint>
#include <memory>

namespace faceoff::run {

// Reads the suite of a plan lazily, leaves out what the plan does not select, and compiles the
// scorers of the rest. Not thread-safe.
class CaseFeed {
 public:
  explicit CaseFeed(const Plan& plan);

  // The next case; null at the end. Error of kind usage: the suite, which was sound when it was
  // checked, has changed.
  [[nodiscard]] Result<ReadyCasePtr> next();
  // Cases handed out so far.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

 private:
  const Plan& plan_;
  std::unique_ptr<suite::CaseSource> source_;
  score::Compiler compiler_;
  std::uint64_t count_ = 0;
};

}  // namespace faceoff::run
