#include <faceoff/load/clock_error.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace faceoff::load {
namespace {

using namespace std::chrono_literals;

std::string reading(Duration at) {
  return fmt::format(" {:019d}", at.count());
}

TEST(ClockErrors, CompareWithWhatTheServerWrote) {
  Sample sample;
  sample.ready = TimePoint{10s};
  sample.timing.events_ms = {20.1, 40.1, 60.3};
  const std::string text = reading(10s + 30us) + reading(10s + 20ms + 40us) +
                           reading(10s + 40ms + 40us) + reading(10s + 60ms + 40us);
  ClockErrors errors;
  errors.add(sample, text);
  EXPECT_EQ(errors.tokens(), 3U);
  EXPECT_EQ(errors.lost(), 0U);
  EXPECT_NEAR(*errors.first_token().describe().max, 90.0, 1e-6);
  EXPECT_NEAR(*errors.gap().describe().min, 0.0, 1e-6);
  EXPECT_NEAR(*errors.gap().describe().max, 200.0, 1e-6);
  EXPECT_NEAR(*errors.delay().describe().min, 60.0, 1e-6);
}

TEST(ClockErrors, CountAnswersThatAreNotWhole) {
  Sample sample;
  sample.ready = TimePoint{10s};
  sample.timing.events_ms = {20.1, 40.1};
  ClockErrors errors;
  errors.add(sample, reading(1s) + reading(2s));
  errors.add(sample, "I do not know.");
  sample.status = AnswerStatus::reset;
  errors.add(sample, reading(1s) + reading(2s) + reading(3s));
  EXPECT_EQ(errors.lost(), 3U);
  EXPECT_EQ(errors.tokens(), 0U);
}

}  // namespace
}  // namespace faceoff::load
