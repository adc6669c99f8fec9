#include "judging.h"

#include <faceoff/base/random.h>
#include <faceoff/run/runner.h>
#include <faceoff/stats/paired_binary.h>

#include <set>

#include <gmock/gmock.h>

namespace faceoff::run {
namespace {

using ::testing::HasSubstr;

class Judging : public ::testing::Test {
 protected:
  Lane lane(const backend::Backend& backend, bool judges_only = false) {
    Lane lane;
    lane.backend = &backend;
    lane.judges_only = judges_only;
    lane.concurrency = 4;
    return lane;
  }
  Plan plan(const suite::Suite& suite) {
    Plan plan;
    plan.suite = &suite;
    plan.suite_name = "judged";
    plan.score_threads = 0;
    plan.lanes.push_back(lane(first_));
    plan.lanes.push_back(lane(second_));
    plan.lanes.push_back(lane(judge_, true));
    return plan;
  }
  Tally go(const Plan& plan, net::FakeTransport::Script script) {
    net::FakeTransport transport(clock_,
                                 [this, script = std::move(script)](auto id, const auto& request) {
                                   asked_.push_back(request);
                                   return script(id, request);
                                 });
    auto tally = run(plan, transport, clock_, sink_, observer_, stop_);
    EXPECT_TRUE(tally) << tally.error().message;
    return tally ? *tally : Tally{};
  }
  std::size_t sent_to(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(asked_, [&](const net::HttpRequest& r) {
      return r.url == "http://" + std::string(name) + "/";
    }));
  }

  test::TalkingBackend first_{"first"};
  test::TalkingBackend second_{"second"};
  test::TalkingBackend judge_{"judge"};
  ManualClock clock_;
  test::VectorSink sink_;
  Observer observer_;
  StopSignal stop_;
  std::vector<net::HttpRequest> asked_;
};

bool is_to(const net::HttpRequest& request, std::string_view name) {
  return request.url == "http://" + std::string(name) + "/";
}

TEST_F(Judging, GradesEveryAnswerThroughTheJudgesLane) {
  const test::FakeSuite suite(
      10,
      test::judged_cases({test::scorer_spec("judge/rubric", "{rubric: Be right., canaries: 0}")}));
  const Tally tally = go(plan(suite), [](auto, const net::HttpRequest& request) {
    if (!is_to(request, "judge")) {
      return test::whole(is_to(request, "first") ? "fine" : "bad");
    }
    return test::whole(test::verdict_reply(
        request.body, test::part(request.body, "the answer") == "\"fine\"" ? "good" : "poor"));
  });
  EXPECT_EQ(tally.ending, Ending::complete);
  EXPECT_EQ(sent_to("judge"), 20U);
  EXPECT_EQ(tally.lanes[2].questions, 20U);
  EXPECT_EQ(tally.lanes[2].planned, 0U);
  const auto trials = test::trials_of(sink_.records());
  ASSERT_EQ(trials.size(), 20U);
  for (const auto& [key, record] : trials) {
    EXPECT_EQ(record.value, key.second == "first" ? 1.0 : 0.0);
    EXPECT_FALSE(record.awaits);
    ASSERT_EQ(record.scores.size(), 1U);
    const score::Judged& judged = *record.scores[0].judged;
    ASSERT_EQ(judged.asked.size(), 1U);
    EXPECT_EQ(judged.asked[0].model, "talker");
    EXPECT_EQ(judged.asked[0].usage.prompt_tokens, 100);
    EXPECT_THAT(judged.prompt, HasSubstr("rubric/1 "));
  }
}

TEST_F(Judging, Out12AsksOnceMoreForAVerdictOfTheListAndThenLeavesItUnscored) {
  const test::FakeSuite suite(
      4, test::judged_cases({test::scorer_spec("judge/rubric", "{rubric: x, canaries: 0}")}));
  Plan one = plan(suite);
  one.lanes.erase(one.lanes.begin() + 1);
  go(one, [](auto, const net::HttpRequest& request) {
    if (!is_to(request, "judge")) {
      return test::whole("fine");
    }
    const bool again = request.body.find("holds no verdict") != std::string::npos;
    const std::string task = test::part(request.body, "the task");
    // Prose, nothing, two verdicts, one off the menu; the second and third mend it or not.
    if (task == "\"case-0\"") {
      return test::whole("I like it. Good!");
    }
    if (task == "\"case-1\"") {
      return test::whole(again ? test::verdict_reply(request.body, "fair") : "");
    }
    if (task == "\"case-2\"") {
      return test::whole(test::verdict_reply(request.body, "good") + " no, " +
                         test::verdict_reply(request.body, "poor"));
    }
    return test::whole(test::verdict_reply(request.body, again ? "10" : "11"));
  });
  auto trials = test::trials_of(sink_.records());
  EXPECT_EQ(trials.at({"case-0", "first"}).outcome, score::Outcome::unscored);
  EXPECT_EQ(trials.at({"case-0", "first"}).scores[0].judged->asked.size(), 2U);
  EXPECT_FALSE(trials.at({"case-0", "first"}).awaits);
  EXPECT_EQ(trials.at({"case-1", "first"}).value, 0.5);
  EXPECT_EQ(trials.at({"case-2", "first"}).value, 0.0);
  EXPECT_EQ(trials.at({"case-2", "first"}).scores[0].judged->asked.size(), 1U);
  EXPECT_EQ(trials.at({"case-3", "first"}).outcome, score::Outcome::unscored);
  EXPECT_EQ(sent_to("judge"), 7U);
}

TEST_F(Judging, AnAnswerIsInTheLogBeforeItsJudgeIsAsked) {
  const test::FakeSuite suite(
      1, test::judged_cases({test::scorer_spec("judge/rubric", "{rubric: x, canaries: 0}")}));
  go(plan(suite), [this](auto, const net::HttpRequest& request) {
    if (!is_to(request, "judge")) {
      return test::whole("fine");
    }
    EXPECT_TRUE(std::ranges::any_of(sink_.records(), [](const store::Record& record) {
      return record.awaits && record.completion.text == "fine" && !record.value;
    }));
    return test::whole(test::verdict_reply(request.body, "good"));
  });
  EXPECT_EQ(sink_.records().size(), 2U + 2U + 2U);  // answers, questions, verdicts
}

TEST_F(Judging, AJudgeThatIsGivenUpLeavesTheAnswersToBeJudgedLater) {
  const test::FakeSuite suite(
      6, test::judged_cases({test::scorer_spec("judge/rubric", "{rubric: x, canaries: 0}")}));
  const Tally tally = go(plan(suite), [](auto, const net::HttpRequest& request) {
    return is_to(request, "judge") ? test::whole("no such key", 401) : test::whole("fine");
  });
  EXPECT_EQ(tally.ending, Ending::stopped);
  EXPECT_TRUE(tally.lanes[2].stopped);
  const auto trials = test::trials_of(sink_.records());
  ASSERT_EQ(trials.size(), 12U);
  for (const auto& [key, record] : trials) {
    EXPECT_TRUE(record.awaits);
    EXPECT_EQ(record.outcome, score::Outcome::unscored);
  }
}

TEST_F(Judging, KnownQuestionsAreNotAskedAgain) {
  const test::FakeSuite suite(
      5,
      test::judged_cases({test::scorer_spec("judge/rubric", "{rubric: x, canaries: 0}"),
                          test::scorer_spec("judge/pairwise", "{canaries: 0}")}));
  const auto script = [](auto, const net::HttpRequest& request) {
    if (!is_to(request, "judge")) {
      return test::whole(is_to(request, "first") ? "fine" : "bad");
    }
    const bool pair = request.body.find("two answers") != std::string::npos;
    const std::string verdict =
        pair ? (test::part(request.body, "the first answer") == "\"fine\"" ? "first" : "second")
             : "good";
    return test::whole(test::verdict_reply(request.body, verdict));
  };
  go(plan(suite), script);
  EXPECT_EQ(sent_to("judge"), 10U + 10U);
  test::FakeQuestions known;
  known.learn(sink_.records());
  const auto before = test::trials_of(sink_.records());
  asked_.clear();
  sink_ = {};
  Plan again = plan(suite);
  again.questions = &known;
  const Tally tally = go(again, script);
  EXPECT_EQ(sent_to("judge"), 0U);
  EXPECT_EQ(tally.lanes[2].questions_known, 20U);
  for (const auto& [key, record] : test::trials_of(sink_.records())) {
    EXPECT_EQ(record.value, before.at(key).value);
    EXPECT_EQ(record.scores[1].judged, before.at(key).scores[1].judged);
  }
}

TEST_F(Judging, PairwiseNeedsBothOrdersForAWin) {
  const test::FakeSuite suite(
      3, test::judged_cases({test::scorer_spec("judge/pairwise", "{canaries: 0}")}));
  go(plan(suite), [](auto, const net::HttpRequest& request) {
    if (!is_to(request, "judge")) {
      return test::whole(is_to(request, "first") ? "one" : "two");
    }
    const std::string task = test::part(request.body, "the task");
    const bool one_first = test::part(request.body, "the first answer") == "\"one\"";
    // Always the better; always the first slot; a win and a tie.
    const std::string verdict = task == "\"case-0\""   ? (one_first ? "second" : "first")
                                : task == "\"case-1\"" ? "first"
                                                       : (one_first ? "first" : "tie");
    return test::whole(test::verdict_reply(request.body, verdict));
  });
  EXPECT_EQ(sent_to("judge"), 6U);
  auto trials = test::trials_of(sink_.records());
  EXPECT_EQ(trials.at({"case-0", "first"}).value, 0.0);
  EXPECT_EQ(trials.at({"case-0", "second"}).value, 1.0);
  EXPECT_EQ(trials.at({"case-1", "first"}).value, 0.5);
  EXPECT_EQ(trials.at({"case-1", "second"}).value, 0.5);
  EXPECT_EQ(trials.at({"case-2", "second"}).value, 0.5);
  const auto& judged = *trials.at({"case-1", "second"}).scores[0].judged;
  ASSERT_EQ(judged.duels.size(), 1U);
  EXPECT_EQ(judged.duels[0].opponent, "first");
  EXPECT_EQ(judged.duels[0].verdicts[0].shown_first, score::Preferred::self);
  EXPECT_EQ(judged.duels[0].verdicts[0].shown_second, score::Preferred::other);
  EXPECT_EQ(judged.asked.size(), 2U);
  EXPECT_TRUE(trials.at({"case-1", "first"}).scores[0].judged->asked.empty());
}

TEST_F(Judging, AnEmptyAnswerLosesUnasked) {
  const test::FakeSuite suite(
      1, test::judged_cases({test::scorer_spec("judge/pairwise", "{canaries: 0}")}));
  go(plan(suite), [](auto, const net::HttpRequest& request) {
    return test::whole(is_to(request, "first") ? " " : "two");
  });
  EXPECT_EQ(sent_to("judge"), 0U);
  auto trials = test::trials_of(sink_.records());
  EXPECT_EQ(trials.at({"case-0", "first"}).outcome, score::Outcome::empty);
  EXPECT_EQ(trials.at({"case-0", "second"}).value, 1.0);
}

TEST_F(Judging, Res01ALocalOnlyAnswerNeverGoesToARemoteJudge) {
  const test::TalkingBackend remote("judge", false);
  const test::FakeSuite suite(1, [](std::uint64_t number) {
    suite::Case item = test::simple_case(number);
    item.local_only = true;
    item.scorers = {test::scorer_spec("judge/rubric", "{rubric: x}")};
    return item;
  });
  Plan guarded = plan(suite);
  guarded.lanes[2].backend = &remote;
  go(guarded, [](auto, const net::HttpRequest&) { return test::whole("fine"); });
  EXPECT_EQ(sent_to("judge"), 0U);
  for (const auto& [key, record] : test::trials_of(sink_.records())) {
    EXPECT_EQ(record.outcome, score::Outcome::unscored);
    EXPECT_THAT(record.scores[0].reason, HasSubstr("local-only"));
  }
}

TEST_F(Judging, TheJudgesCostCountsInTheBudget) {
  const test::FakeSuite suite(
      200, test::judged_cases({test::scorer_spec("judge/rubric", "{rubric: x, canaries: 0}")}));
  Plan dear = plan(suite);
  dear.lanes[2].price = backend::Price{.input = {10'000'000},
                                       .cached = std::nullopt,
                                       .output = {10'000'000},
                                       .as_of = {},
                                       .source = {}};
  dear.limits.cost = Money{20'000'000'000};  // twenty verdicts at a tenth of a cent or so
  const Tally tally = go(dear, [](auto, const net::HttpRequest& request) {
    return is_to(request, "judge") ? test::whole(test::verdict_reply(request.body, "good"))
                                   : test::whole("fine");
  });
  EXPECT_EQ(tally.ending, Ending::budget);
  EXPECT_GT(sent_to("judge"), 5U);
  EXPECT_LT(sent_to("judge"), 60U);
  EXPECT_GT(tally.lanes[2].cost.picodollars, 0);
  for (const auto& record : sink_.records()) {
    if (record.asked_for) {
      EXPECT_TRUE(record.cost);
    }
  }
}

// A judge that prefers the first slot in 55 of 100 cases, and two models that are equally good:
// both orders are asked, so that a false winner stays as rare as the test's level.
TEST_F(Judging, ABiasedJudgeMakesNoWinnerOfEqualModels) {
  constexpr int kRuns = 200;
  constexpr std::uint64_t kCases = 40;
  const test::FakeSuite suite(
      kCases,
      test::judged_cases({test::scorer_spec("judge/pairwise", "{canaries: 0, ties: false}")}));
  int false_winners = 0;
  std::size_t decided = 0;
  Random random(20'261'123);
  for (int i = 0; i < kRuns; ++i) {
    sink_ = {};
    net::FakeTransport transport(clock_, [&random](auto, const net::HttpRequest& request) {
      if (!is_to(request, "judge")) {
        return test::whole("same");
      }
      return test::whole(
          test::verdict_reply(request.body, random.uniform() < 0.55 ? "first" : "second"));
    });
    const Plan judged = plan(suite);
    ASSERT_TRUE(run(judged, transport, clock_, sink_, observer_, stop_));
    std::size_t wins = 0;
    std::size_t losses = 0;
    for (const auto& [key, record] : test::trials_of(sink_.records())) {
      if (key.second == "second") {
        wins += record.value == 1.0 ? 1U : 0U;
        losses += record.value == 0.0 ? 1U : 0U;
      }
    }
    decided += wins + losses;
    false_winners += stats::mcnemar(losses, wins).p_mid <= 0.05 ? 1 : 0;
  }
  // Both orders agree on half of the pairs.
  EXPECT_NEAR(static_cast<double>(decided) / (kRuns * kCases), 0.495, 0.03);
  // 5 % and three standard errors of a count of 200.
  EXPECT_LE(false_winners, 10 + 9);
}

}  // namespace
}  // namespace faceoff::run
