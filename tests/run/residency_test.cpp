#include "fakes.h"

#include <faceoff/run/runner.h>

#include <map>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using test::FakeBackend;
using test::FakeSuite;
using test::VectorSink;

// Which addresses the requests of each case may reach, as the transport is told.
std::map<std::string, net::Reach> reaches(net::Reach of_lane) {
  const FakeBackend here("here");
  const FakeSuite suite(2, [](std::uint64_t n) {
    auto item = test::simple_case(n);
    item.local_only = n == 0;
    return item;
  });
  Plan plan;
  plan.suite = &suite;
  plan.suite_name = "fake";
  plan.score_threads = 0;
  Lane lane;
  lane.backend = &here;
  lane.reach = of_lane;
  plan.lanes.push_back(std::move(lane));
  ManualClock clock;
  std::map<std::string, net::Reach> seen;
  net::FakeTransport transport(clock, [&](auto, const net::HttpRequest& request) {
    seen[request.body] = request.reach;
    return test::answer("x.");
  });
  VectorSink sink;
  Observer observer;
  const StopSignal stop;
  EXPECT_TRUE(run(plan, transport, clock, sink, observer, stop));
  return seen;
}

TEST(Residency, RES_01_ALocalOnlyCaseMayReachThisMachineOnly) {
  const auto seen = reaches(net::Reach::any);
  EXPECT_EQ(seen.at("case-0"), net::Reach::loopback);
  EXPECT_EQ(seen.at("case-1"), net::Reach::any);
}

TEST(Residency, RES_01_LocalOnlyHoldsForEveryCase) {
  const auto seen = reaches(net::Reach::loopback);
  EXPECT_EQ(seen.at("case-0"), net::Reach::loopback);
  EXPECT_EQ(seen.at("case-1"), net::Reach::loopback);
}

TEST(Residency, RES_01_LocalOnlyHoldsForProbesToo) {
  FakeBackend here("here");
  here.set_probes({backend::Probe{}});
  Lane lane;
  lane.backend = &here;
  lane.reach = net::Reach::loopback;
  ManualClock clock;
  auto seen = net::Reach::any;
  net::FakeTransport transport(clock, [&](auto, const net::HttpRequest& request) {
    seen = request.reach;
    return test::answer("ok");
  });
  const StopSignal stop;
  std::vector<Lane> lanes;
  lanes.push_back(std::move(lane));
  EXPECT_TRUE(identify(lanes, transport, clock, stop).front());
  EXPECT_EQ(seen, net::Reach::loopback);
}

}  // namespace
}  // namespace faceoff::run
