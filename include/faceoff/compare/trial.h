#pragma once

#include <faceoff/backend/failure.h>
#include <faceoff/base/units.h>
#include <faceoff/compare/score_book.h>
#include <faceoff/score/scorer.h>
#include <faceoff/store/record.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::compare {

// The times that a trial may have.
enum class Time : std::uint8_t { ttft, e2e, tpot };

// What summaries and comparisons need of a record, without prompts and answers: a large run is read
// record by record. Trials keeps many of these.
struct Trial {
  std::string case_id;
  std::string digest;
  std::int32_t repeat = 0;
  std::vector<std::string> tags;
  std::string cluster;

  score::Outcome outcome = score::Outcome::failed;
  std::optional<double> value;  // in [0, 1]
  std::optional<backend::FailureKind> error;
  std::string error_message;
  Said said;  // by its scorers, one by one
  bool simulated = false;
  bool cached = false;

  // Why each attempt after the first was made. A request that was sent again with a parameter
  // renamed is not a retry.
  std::vector<backend::FailureKind> retries;
  std::uint32_t prompts_sent = 0;  // attempts whose request reached a server

  // Seconds, absent where the trial has no latency figure: it failed, was retried or came from a
  // cache. +infinity: one of our time limits struck first.
  std::optional<double> ttft;
  std::optional<double> e2e;
  std::optional<double> tpot;
  [[nodiscard]] const std::optional<double>& seconds(Time time) const noexcept {
    return time == Time::ttft ? ttft : time == Time::e2e ? e2e : tpot;
  }

  std::optional<std::int64_t> prompt_tokens;
  std::optional<std::int64_t> completion_tokens;
  std::optional<Money> cost;
  // Wall-clock seconds since 1970 of the first attempt's start and the last one's end.
  std::optional<double> started;
  std::optional<double> ended;

  [[nodiscard]] bool answered() const noexcept { return outcome != score::Outcome::failed; }
};

[[nodiscard]] Trial trial_of(const store::Record& record);

}  // namespace faceoff::compare
