#include "budget.h"

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;
using Word = Budget::Word;

constexpr TimePoint kBegan{1h};

backend::Price price() {
  return {.input = Money{1'000'000},
          .cached = std::nullopt,
          .output = Money{4'000'000},
          .as_of = {},
          .source = {}};
}

chat::Request request(std::size_t bytes, std::optional<std::int64_t> max_tokens = {}) {
  chat::Request r;
  r.messages = {{.role = chat::Role::user, .text = std::string(bytes, 'a')}};
  r.params.max_tokens = max_tokens;
  return r;
}

AttemptEnd end(int status, std::optional<std::int64_t> prompt, std::optional<std::int64_t> answer) {
  AttemptEnd e;
  e.http_status = status;
  e.usage.prompt_tokens = prompt;
  e.usage.completion_tokens = answer;
  return e;
}

TEST(CostMeter, CountsWhatTheServerReports) {
  CostMeter meter(price());
  const auto spent = meter.of(end(200, 100, 10), request(4));
  EXPECT_EQ(spent.money, Money{140'000'000});
  EXPECT_FALSE(spent.estimated);
}

TEST(CostMeter, EstimatesWhatAnAnswerWithoutUsageCost) {
  CostMeter meter(price());
  AttemptEnd cut = end(200, {}, {});
  cut.answer_bytes = 40;
  const auto spent = meter.of(cut, request(400));
  EXPECT_EQ(spent.money, Money{100'000'000 + 40'000'000});
  EXPECT_TRUE(spent.estimated);
}

TEST(CostMeter, WhatWasRefusedOrNeverArrivedCostsNothing) {
  CostMeter meter(price());
  for (const int status : {0, 400, 429, 503}) {
    const auto spent = meter.of(end(status, {}, {}), request(400));
    EXPECT_EQ(spent.money, Money{});
    EXPECT_FALSE(spent.estimated);
  }
}

TEST(CostMeter, EstimatesByThePromptAtFirstAndByTheMeanLater) {
  CostMeter meter(price());
  EXPECT_EQ(meter.estimate(request(400, 50)), Money{100'000'000 + 200'000'000});
  static_cast<void>(meter.of(end(200, 100, 10), request(4)));
  static_cast<void>(meter.of(end(200, 100, 20), request(4)));
  EXPECT_EQ(meter.estimate(request(400, 50)), Money{160'000'000});
  EXPECT_EQ(CostMeter(std::nullopt).estimate(request(400)), Money{});
}

TEST(Budget, WithoutLimitsItNeverEnds) {
  Budget budget({}, kBegan);
  budget.spend({.money = Money{1'000'000'000'000}, .estimated = false});
  EXPECT_EQ(budget.ask(kBegan + 1000h), Word::go);
}

TEST(Budget, WaitsForWhatIsInFlightAndEndsWhenTheMoneyIsSpent) {
  Budget budget({.time = {}, .cost = Money{100}}, kBegan);
  budget.reserve(1, Money{60});
  EXPECT_EQ(budget.ask(kBegan), Word::go);
  budget.reserve(2, Money{60});
  EXPECT_EQ(budget.ask(kBegan), Word::wait);
  budget.release(1);
  budget.spend({.money = Money{20}, .estimated = false});
  EXPECT_EQ(budget.ask(kBegan), Word::go);
  budget.release(2);
  budget.spend({.money = Money{80}, .estimated = true});
  EXPECT_EQ(budget.ask(kBegan), Word::over);
  EXPECT_NE(budget.why(kBegan).find("estimated"), std::string::npos);
}

TEST(Budget, EndsWithTheTime) {
  Budget budget({.time = 30s, .cost = {}}, kBegan);
  EXPECT_EQ(budget.end(), kBegan + 30s);
  EXPECT_EQ(budget.ask(kBegan + 29s), Word::go);
  EXPECT_EQ(budget.ask(kBegan + 30s), Word::over);
  EXPECT_EQ(budget.why(kBegan + 30s), "the limit of 30.0 s is over");
}

}  // namespace
}  // namespace faceoff::run
