#include <faceoff/load/clock_error.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

namespace faceoff::load {
namespace {

constexpr std::size_t kReading = 20;
constexpr double kMicrosPerMs = 1000.0;

std::optional<TimePoint> reading_at(std::string_view text, std::size_t index) {
  const std::string_view digits = text.substr(index * kReading + 1, kReading - 1);
  std::int64_t ns = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ns);
  if (error != std::errc{} || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return TimePoint{Duration(ns)};
}

double micros(Duration d) {
  return to_ms(d) * kMicrosPerMs;
}

}  // namespace

void ClockErrors::add(const Sample& sample, std::string_view text) {
  const auto& at = sample.timing.events_ms;
  const std::size_t readings = text.size() / kReading;
  if (sample.status != AnswerStatus::ok || !sample.ready || readings != at.size() + 1 ||
      text.size() % kReading != 0) {
    ++lost_;
    return;
  }
  std::vector<TimePoint> server;
  for (std::size_t i = 0; i < readings; ++i) {
    const auto reading = reading_at(text, i);
    if (!reading) {
      ++lost_;
      return;
    }
    server.push_back(*reading);
  }
  tokens_ += at.size();
  first_token_.add(std::abs(at.front() * kMicrosPerMs - micros(server[1] - server[0])));
  for (std::size_t i = 0; i < at.size(); ++i) {
    const TimePoint sent = server[i + 1];
    delay_.add(at[i] * kMicrosPerMs - micros(sent - *sample.ready));
    if (i > 0) {
      gap_.add(std::abs((at[i] - at[i - 1]) * kMicrosPerMs - micros(sent - server[i])));
    }
  }
}

}  // namespace faceoff::load
