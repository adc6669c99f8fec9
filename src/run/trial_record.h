#pragma once

// From the end of a trial to its record, and between an answer and the store. Private to run.

#include <faceoff/run/trial_driver.h>
#include <faceoff/store/answers.h>
#include <faceoff/store/record.h>
#include <faceoff/suite/suite.h>

#include <string>

namespace faceoff::run {

// Everything of the record but its scores. With an answer the outcome is left for the scorers;
// without one it is decided here: input that the model's side refused and limits of ours that the
// model ran into count as 0, all else is failed.
[[nodiscard]] store::Record make_record(const suite::Case& item,
                                        chat::Params params,
                                        TrialResult result);

// An answer out of a store as the end of a trial that sent nothing. Latency figures and attempts
// belong to the run that measured them: they are dropped unless `keep`.
enum class Measured : std::uint8_t { keep, drop };
[[nodiscard]] TrialResult from_stored(store::StoredAnswer answer, Measured measured);
// The end of a trial that a store has no answer for.
[[nodiscard]] TrialResult not_recorded(std::string why);
// REQUIRES: `result` has no failure.
[[nodiscard]] store::StoredAnswer to_stored(const TrialResult& result);

}  // namespace faceoff::run
