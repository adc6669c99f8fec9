#include <faceoff/load/arrivals.h>
#include <faceoff/load/prompts.h>
#include <faceoff/load/self_check.h>
#include <faceoff/load/slo.h>
#include <faceoff/load/summary.h>

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::load {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(Arrivals, AtAConstantRateLieOnAnAbsoluteGrid) {
  Arrivals arrivals(Arrival::constant, 3.0, 1);
  EXPECT_EQ(arrivals.next(), 0ns);
  EXPECT_EQ(arrivals.next(), 333'333'333ns);
  for (int i = 2; i < 3000; ++i) {
    static_cast<void>(arrivals.next());
  }
  EXPECT_EQ(arrivals.next(), 1000s);
}

TEST(Arrivals, OfPoissonHaveTheirRateAndTheirSpread) {
  Arrivals arrivals(Arrival::poisson, 100.0, 7);
  Arrivals again(Arrival::poisson, 100.0, 7);
  Duration last{0};
  int longer_than_mean = 0;
  constexpr int kCount = 20'000;
  for (int i = 0; i < kCount; ++i) {
    const Duration at = arrivals.next();
    EXPECT_EQ(at, again.next());
    EXPECT_GE(at, last);
    longer_than_mean += at - last > 10ms ? 1 : 0;
    last = at;
  }
  EXPECT_NEAR(to_seconds(last), 200.0, 200.0 * 0.03);
  EXPECT_NEAR(longer_than_mean / double{kCount}, 0.368, 0.015);
}

TEST(Slo, ReadsTimesWithUnitsAndRatesWithout) {
  const auto ttft = parse_slo("ttft < 500ms");
  ASSERT_TRUE(ttft);
  EXPECT_EQ(ttft->metric, chat::Metric::ttft);
  EXPECT_EQ(ttft->limit, 500.0);
  chat::MetricValues values{};
  EXPECT_FALSE(meets(values, *ttft)) << "an undefined figure is not good";
  values[static_cast<std::size_t>(chat::Metric::ttft)] = 500.0;
  EXPECT_FALSE(meets(values, *ttft));
  EXPECT_TRUE(meets(values, *parse_slo("ttft<=0.5s")));
  EXPECT_TRUE(meets(values, *parse_slo("ttft>=500ms")));
  values[static_cast<std::size_t>(chat::Metric::tok_s_user)] = 21.0;
  EXPECT_TRUE(meets(values, *parse_slo("tok_s_user>20")));
}

TEST(Slo, RefusesWhatItCannotRead) {
  EXPECT_THAT(parse_slo("ttft").error().message, HasSubstr("write one as"));
  EXPECT_THAT(parse_slo("tftt<1s").error().message, HasSubstr("did you mean 'ttft'?"));
  EXPECT_THAT(parse_slo("ttft<500").error().message, HasSubstr("'ttft<500'"));
}

TEST(Prompts, WithoutANonceGoRoundTheList) {
  PromptSource source;
  source.requests = synthetic_prompts(2, 50, 1);
  EXPECT_NE(prompt_for(source, 0), prompt_for(source, 1));
  EXPECT_EQ(prompt_for(source, 0), prompt_for(source, 2));
  const auto& text = source.requests.front().messages.front().text;
  EXPECT_NEAR(static_cast<double>(std::ranges::count(text, ' ')), 47.0, 3.0);
  EXPECT_EQ(synthetic_prompts(2, 50, 1).front(), source.requests.front());
  EXPECT_NE(synthetic_prompts(2, 50, 2).front(), source.requests.front());
}

TEST(Prompts, WithANonceDifferFromTheirFirstWordOn) {
  PromptSource source;
  source.requests = synthetic_prompts(1, 20, 1);
  source.cache = PromptCache::nonce;
  std::set<std::string> starts;
  for (std::uint64_t i = 0; i < 100; ++i) {
    starts.insert(prompt_for(source, i).messages.front().text.substr(0, 18));
  }
  EXPECT_EQ(starts.size(), 100U);
  source.cache = PromptCache::warm;
  EXPECT_EQ(prompt_for(source, 0), prompt_for(source, 99));
}

ClientSigns quiet() {
  ClientSigns signs;
  signs.wall = 10s;
  signs.loop_busy = 0.3;
  for (int i = 0; i < 1000; ++i) {
    signs.loop_lags.add(50us);
    signs.gaps.add(20ms);
  }
  signs.token_events = 1001;
  return signs;
}

TEST(ClientVerdict, IsQuietWhenNothingIsWrong) {
  EXPECT_FALSE(judge_client(quiet()).bound);
  EXPECT_EQ(judge_client(quiet()).why, "");
  EXPECT_FALSE(judge_client(ClientSigns{}).bound);
}

TEST(ClientVerdict, NamesABusyLoop) {
  ClientSigns signs = quiet();
  signs.loop_busy = 0.93;
  EXPECT_TRUE(judge_client(signs).bound);
  EXPECT_THAT(judge_client(signs).why, HasSubstr("93% busy"));
  signs.wall = 100ms;
  EXPECT_FALSE(judge_client(signs).bound) << "start-up";
}

TEST(ClientVerdict, NamesALateLoopUnlessTheKernelStamped) {
  ClientSigns signs = quiet();
  for (int i = 0; i < 100; ++i) {
    signs.loop_lags.add(5ms);
  }
  EXPECT_THAT(judge_client(signs).why, HasSubstr("late (p99)"));
  signs.kernel_stamps = signs.token_events;
  EXPECT_FALSE(judge_client(signs).bound);
  EXPECT_EQ(judge_client(signs).kernel_share, 1.0);
}

TEST(ClientVerdict, NamesALateSchedule) {
  ClientSigns signs = quiet();
  signs.inter_arrival = 100ms;
  signs.schedule_delay_p99 = 4ms;
  EXPECT_FALSE(judge_client(signs).bound);
  signs.schedule_delay_p99 = 6ms;
  EXPECT_THAT(judge_client(signs).why, HasSubstr("after their time"));
}

TEST(DelayedAck, IsFoundWhereAStepStandsOut) {
  std::vector<double> gaps(900, 10.0);
  EXPECT_EQ(delayed_ack_share(gaps), std::nullopt);
  gaps.insert(gaps.end(), 100, 41.5);
  const auto share = delayed_ack_share(gaps);
  ASSERT_TRUE(share);
  EXPECT_DOUBLE_EQ(*share, 0.1);
  EXPECT_EQ(delayed_ack_share(std::vector<double>(100, 41.0)), std::nullopt)
      << "a model of 24 tokens a second";
  std::vector<double> spread;
  for (int i = 0; i < 1000; ++i) {
    spread.push_back(i < 600 ? 5.0 : 20.0 + 0.1 * (i - 600));
  }
  EXPECT_EQ(delayed_ack_share(spread), std::nullopt) << "a tail, not a step";
}

TEST(Break, IsTheFirstLoadThatIsNotGoodEnough) {
  const auto found = find_break({{4, 0.97}, {1, 1.0}, {8, 0.5}, {2, 0.99}, {16, 0.99}}, 0.95);
  EXPECT_EQ(found.holds, 4.0);
  EXPECT_EQ(found.breaks, 8.0);
  EXPECT_EQ(find_break({{1, 1.0}}, 0.95).breaks, std::nullopt);
  EXPECT_EQ(find_break({{1, 0.1}}, 0.95).holds, std::nullopt);
}

TEST(PercentileBound, IsThatOfMlperf) {
  EXPECT_EQ(compare::percentile_bound_min_n(0.9), 64U);
  EXPECT_EQ(compare::percentile_bound_min_n(0.99), 662U);
  std::vector<double> x;
  for (int i = 1; i <= 63; ++i) {
    x.push_back(i);
  }
  EXPECT_EQ(compare::percentile_bound(x, 0.9), std::nullopt);
  x.push_back(64);
  EXPECT_EQ(compare::percentile_bound(x, 0.9), 64.0);
  while (x.size() < 1000) {
    x.push_back(static_cast<double>(x.size() + 1));
  }
  // P(Bin(1000, 0.1) <= 77) = 0.0071, <= 78: 0.0096, <= 79: 0.0129.
  EXPECT_EQ(compare::percentile_bound(x, 0.9), 1000.0 - 78 + 1);
}

TEST(ValueSample, IsExactUpToItsCapacity) {
  compare::ValueSample sample(100);
  for (int i = 100; i > 0; --i) {
    sample.add(static_cast<double>(i));
  }
  sample.add(std::nullopt);
  const auto d = sample.describe();
  EXPECT_EQ(d.n, 100U);
  EXPECT_EQ(d.missing, 1U);
  EXPECT_DOUBLE_EQ(*d.mean, 50.5);
  EXPECT_DOUBLE_EQ(*d.p50, 50.5);
  EXPECT_DOUBLE_EQ(*d.p90, 90.1);
  EXPECT_NEAR(*d.sd, 29.0115, 1e-4);
  sample.add(1000.0);
  EXPECT_EQ(sample.describe().n, 101U);
  EXPECT_EQ(sample.describe().kept, 100U);
  EXPECT_EQ(sample.describe().max, 1000.0);
}

}  // namespace
}  // namespace faceoff::load
