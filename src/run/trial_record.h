#pragma once

// From the end of a trial to its record. Private to run.

#include <faceoff/run/trial_driver.h>
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

}  // namespace faceoff::run
