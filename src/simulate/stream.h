#pragma once

#include "reply.h"
#include "wire.h"

#include <faceoff/base/clock.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace faceoff::simulate {

// When token i leaves: first + i * interval, plus `pause` from token `pause_after` on.
struct Schedule {
  Duration first{};
  Duration interval{};
  std::optional<std::int64_t> pause_after;
  Duration pause{};
};

// One streamed answer and what is to go wrong in it.
struct StreamPlan {
  std::string head;
  Frames frames;
  Schedule schedule;
  bool chunked = true;
  std::string comment;                    // a frame before every token
  std::optional<Duration> comment_every;  // `comment` instead so often before the first token
  // In place of token `cut_after` (or of the finish, when there are fewer) `cut_bytes` are sent as
  // they are, and nothing after them.
  std::optional<std::int64_t> cut_after;
  std::string cut_bytes;
  bool clock = false;  // the text is one of clock_text()
};

[[nodiscard]] std::unique_ptr<StepSource> stream_steps(StreamPlan plan);

// Lets the head of `inner` (up to the blank line) drip byte by byte; the rest moves back in time.
[[nodiscard]] std::unique_ptr<StepSource> dripping_head(std::unique_ptr<StepSource> inner,
                                                        Duration interval);

// Lets all behind the head of `inner` drip byte by byte. The times of `inner` are lower bounds.
[[nodiscard]] std::unique_ptr<StepSource> dripping_body(std::unique_ptr<StepSource> inner,
                                                        Duration interval);

}  // namespace faceoff::simulate
