#include "fakes.h"

#include <faceoff/run/runner.h>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;

class IdentifyTest : public testing::Test {
 protected:
  IdentifyTest() {
    backend::Probe ready{.purpose = backend::Probe::Purpose::ready, .request = {}};
    ready.request.url = "http://fake/health";
    backend::Probe identity{.purpose = backend::Probe::Purpose::identity, .request = {}};
    identity.request.url = "http://fake/props";
    backend_.set_probes({ready, identity});
    lane_.backend = &backend_;
  }
  Result<backend::Identity> ask(net::FakeTransport::Script script) {
    net::FakeTransport transport(clock_, std::move(script));
    return identify({lane_}, transport, clock_, stop_).front();
  }
  static test::Steps body(int status, std::string text) {
    return test::error(status, std::move(text));
  }

  test::FakeBackend backend_{"fake"};
  Lane lane_;
  ManualClock clock_;
  StopSignal stop_;
};

TEST_F(IdentifyTest, WaitsForAServerThatLoads) {
  int asked = 0;
  const auto identity = ask([&](auto, const net::HttpRequest& request) {
    if (request.url.ends_with("health")) {
      return ++asked < 10
                 ? body(
                       503,
                       R"({"error":{"message":"Loading model","type":"unavailable_error","code":503}})")
                 : body(200, "{}");
    }
    return body(200, "llama b1");
  });
  ASSERT_TRUE(identity) << identity.error().message;
  EXPECT_EQ(identity->server, "llama b1");
  EXPECT_EQ(asked, 10);
}

TEST_F(IdentifyTest, WaitsForAServerOfOursThatDoesNotListenYet) {
  lane_.managed = true;
  int asked = 0;
  const auto identity = ask([&](auto, const net::HttpRequest&) {
    return ++asked < 5 ? test::refused() : body(200, "x");
  });
  EXPECT_TRUE(identity);
}

TEST_F(IdentifyTest, DoesNotWaitForSomebodyElsesServerThatIsDown) {
  int asked = 0;
  const auto identity = ask([&](auto, const net::HttpRequest&) {
    ++asked;
    return test::refused();
  });
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, ErrorKind::transport);
  EXPECT_EQ(asked, 1);
}

TEST_F(IdentifyTest, SaysWhyAServerOfOursDied) {
  lane_.managed = true;
  lane_.post_mortem = [] { return std::optional<std::string>("exit 1: no such model"); };
  const auto identity = ask([](auto, const net::HttpRequest&) { return test::refused(); });
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().message, "fake: exit 1: no such model");
}

TEST_F(IdentifyTest, GivesUpAtTheStartUpLimit) {
  lane_.managed = true;
  lane_.deadlines.start_up = 3s;
  const TimePoint began = clock_.now();
  const auto identity = ask([](auto, const net::HttpRequest&) { return test::refused(); });
  ASSERT_FALSE(identity);
  EXPECT_LT(clock_.now() - began, 5s);
}

TEST_F(IdentifyTest, ReportsAWrongKeyAsRejected) {
  const auto identity = ask([](auto, const net::HttpRequest&) {
    return body(
        401, R"({"error":{"message":"Invalid API Key","type":"authentication_error","code":401}})");
  });
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, ErrorKind::rejected);
}

}  // namespace
}  // namespace faceoff::run
