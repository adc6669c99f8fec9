#pragma once

// The lines that a run shows on a terminal while it goes on: pure text of figures. Private to cli.

#include "command.h"

#include <faceoff/base/units.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::cli {

// One backend as it stands. Names and reasons are safe for a terminal already.
struct LaneView {
  std::string name;
  std::uint64_t planned = 0;
  std::uint64_t done = 0;  // those of earlier invocations included
  std::uint64_t in_flight = 0;
  std::int64_t limit = 0;           // in flight, after the server asked for fewer; 0: as configured
  std::optional<double> rate = {};  // trials a second
  std::optional<Duration> left = {};  // until the last one, at this rate
  std::string wait = {};              // what it waits for and why; empty: nothing
  std::uint64_t scored = 0;
  std::optional<double> score = {};       // mean so far, in [0, 1]
  std::optional<double> half_width = {};  // of its 95% interval
  std::optional<double> ttft = {};        // medians so far, in seconds
  std::optional<double> e2e = {};
  std::optional<double> tokens_per_second = {};
  std::uint64_t failed = 0;
  std::uint64_t retries = 0;
  std::optional<Money> spent = {};  // absent: no price is known
};

struct ProgressView {
  std::vector<LaneView> lanes;
  Duration elapsed{0};
  std::optional<Duration> saved = {};  // since the last record was written
};

// No line is wider than `style.width` (0: 80 columns), and there are at most `rows` lines (0: any
// number): figures are given up one by one, first the rate and tokens, the bars last.
[[nodiscard]] std::vector<std::string> progress_lines(const ProgressView& view,
                                                      const Style& style,
                                                      std::size_t rows = 0);

}  // namespace faceoff::cli
