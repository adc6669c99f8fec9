#include "kernel_stamp.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace faceoff::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A wall clock that can be stepped beside a monotonic one.
class TwoClocks final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const noexcept override { return monotonic; }
  [[nodiscard]] UtcTime utc_now() const noexcept override {
    return UtcTime{monotonic.time_since_epoch() + offset};
  }
  [[nodiscard]] Duration asleep() const noexcept override { return Duration{0}; }
  TimePoint monotonic{seconds(100)};
  Duration offset = std::chrono::hours(1000);
};

std::array<UniqueFd, 2> connected() {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  UniqueFd near(::socket(AF_INET, SOCK_STREAM, 0));
  const bool up = ::bind(listener.get(), generic, size) == 0 && ::listen(listener.get(), 1) == 0 &&
                  ::getsockname(listener.get(), generic, &size) == 0 &&
                  KernelStamps::enable(near.get()) && ::connect(near.get(), generic, size) == 0;
  EXPECT_TRUE(up);
  return {std::move(near), UniqueFd(::accept(listener.get(), nullptr, nullptr))};
}

TEST(KernelStamps, MovesAStampToTheTimeLineOfTheLoop) {
  TwoClocks clock;
  KernelStamps stamps(clock);
  EXPECT_EQ(stamps.to_monotonic(clock.utc_now() - milliseconds(3)),
            clock.monotonic - milliseconds(3));
}

TEST(KernelStamps, DropsStampsAroundAStepOfTheWallClock) {
  TwoClocks clock;
  KernelStamps stamps(clock);
  ASSERT_TRUE(stamps.to_monotonic(clock.utc_now()));
  clock.offset += std::chrono::hours(1);
  clock.monotonic += seconds(2);
  EXPECT_FALSE(stamps.to_monotonic(clock.utc_now()));
  clock.monotonic += milliseconds(1);
  EXPECT_EQ(stamps.to_monotonic(clock.utc_now()), clock.monotonic) << "the next one is sound";
}

TEST(KernelStamps, FollowsAClockThatIsSlewed) {
  TwoClocks clock;
  KernelStamps stamps(clock);
  ASSERT_TRUE(stamps.to_monotonic(clock.utc_now()));
  clock.offset += milliseconds(1);
  clock.monotonic += seconds(2);
  EXPECT_EQ(stamps.to_monotonic(clock.utc_now()), clock.monotonic);
}

TEST(KernelStamps, SayWhenBytesArrivedHoweverLateTheyAreRead) {
  const SteadyClock clock;
  KernelStamps stamps(clock);
  const auto [near, far] = connected();
  const TimePoint before = clock.now();
  ASSERT_EQ(::send(far.get(), "x", 1, 0), 1);
  pollfd readable{near.get(), POLLIN, 0};
  ASSERT_EQ(::poll(&readable, 1, -1), 1);
  const TimePoint after = clock.now();
  std::this_thread::sleep_for(milliseconds(30));
  const auto stamp = stamps.peek(near.get());
  // A kernel may take the wish and not stamp all the same.
  if (stamp) {
    constexpr auto kClocks = milliseconds(2);  // how far the two clocks may be misjudged
    EXPECT_GE(*stamp, before - kClocks);
    EXPECT_LE(*stamp, after + kClocks);
  }
}

TEST(KernelStamps, LeaveAPendingErrorToTheReader) {
  const SteadyClock clock;
  KernelStamps stamps(clock);
  auto [near, far] = connected();
  const linger reset{1, 0};
  ASSERT_EQ(::setsockopt(far.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
  far.reset();
  pollfd readable{near.get(), POLLIN, 0};
  ASSERT_EQ(::poll(&readable, 1, -1), 1);
  EXPECT_FALSE(stamps.peek(near.get()));
  char byte = 0;
  EXPECT_EQ(::recv(near.get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST(KernelStamps, HaveNothingToSayOfASocketWithoutBytes) {
  const SteadyClock clock;
  KernelStamps stamps(clock);
  EXPECT_FALSE(stamps.peek(-1));
}

}  // namespace
}  // namespace faceoff::net
