#include "poller.h"

#include <faceoff/base/clock.h>

#include <array>

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

namespace faceoff::net {
namespace {

class PollerTest : public testing::Test {
 protected:
  PollerTest() : poller_(*Poller::create(clock_)) { renew(); }

  void renew() {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    near_ = UniqueFd(ends[0]);
    far_ = UniqueFd(ends[1]);
  }
  void send() const { ASSERT_EQ(::write(far_.get(), "x", 1), 1); }
  // Whether the near end is reported as readable now.
  bool readable() {
    const auto wakeup = poller_.wait(TimePoint{});
    for (const auto& event : wakeup.sockets) {
      EXPECT_EQ(event.data.fd, near_.get());
    }
    return !wakeup.sockets.empty();
  }

  SteadyClock clock_;
  Poller poller_;
  UniqueFd near_;
  UniqueFd far_;
};

TEST_F(PollerTest, ReportsASocketThatItWasNotToldTheOpeningOf) {
  poller_.watch(near_.get(), EPOLLIN);
  send();
  EXPECT_TRUE(readable());
  poller_.forget(near_.get());
  EXPECT_FALSE(readable());
}

TEST_F(PollerTest, ForgettingAndWatchingAgainChangesNothing) {
  poller_.opened(near_.get());
  poller_.watch(near_.get(), EPOLLIN);
  EXPECT_FALSE(readable());
  for (int request = 0; request < 3; ++request) {
    poller_.forget(near_.get());
    poller_.watch(near_.get(), EPOLLIN);
  }
  send();
  EXPECT_TRUE(readable());
}

TEST_F(PollerTest, AForgottenSocketIsSilentFromTheNextWait) {
  poller_.opened(near_.get());
  poller_.watch(near_.get(), EPOLLIN);
  EXPECT_FALSE(readable());
  send();
  poller_.forget(near_.get());
  EXPECT_FALSE(readable());
  poller_.watch(near_.get(), EPOLLIN);
  EXPECT_TRUE(readable());
}

TEST_F(PollerTest, WhatIsWatchedForChanges) {
  poller_.opened(near_.get());
  poller_.watch(near_.get(), EPOLLOUT);
  EXPECT_TRUE(readable());  // that is, reported: it can be written to
  poller_.watch(near_.get(), EPOLLIN);
  EXPECT_FALSE(readable());
}

// The kernel drops a closed socket by itself, and its number comes back.
TEST_F(PollerTest, ANewSocketOfTheSameNumberIsWatchedAnew) {
  poller_.opened(near_.get());
  poller_.watch(near_.get(), EPOLLIN);
  EXPECT_FALSE(readable());
  const int number = near_.get();
  poller_.forget(number);
  poller_.closed(number);
  near_ = UniqueFd();
  far_ = UniqueFd();
  renew();
  ASSERT_EQ(near_.get(), number);
  poller_.opened(number);
  poller_.watch(number, EPOLLIN);
  send();
  EXPECT_TRUE(readable());
}

}  // namespace
}  // namespace faceoff::net
