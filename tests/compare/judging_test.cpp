#include <faceoff/compare/judging.h>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using score::Preferred;

// The record of `candidate` for one case that it met `reference` in.
store::Record duel(int number,
                   const std::string& reference,
                   const std::string& candidate,
                   Preferred shown_first,
                   Preferred shown_second) {
  store::Record record;
  record.case_id = "case-" + std::to_string(number);
  record.backend = candidate;
  score::Score score{.scorer = "judge/pairwise",
                     .verdict = score::Verdict::scored,
                     .value = 0.5,
                     .answer = "tie",
                     .reason = "r"};
  score.judged = score::Judged{};
  score.judged->asked = {
      {.backend = "judge", .purpose = "one", .verdict = "first", .cost = Money{5}},
      {.backend = "judge", .purpose = "two", .failure = "gone"}};
  const Preferred outcome = shown_first == shown_second ? shown_first : Preferred::neither;
  score.judged->duels = {
      {.opponent = reference,
       .outcome = outcome,
       .verdicts = {{.judge = "judge", .shown_first = shown_first, .shown_second = shown_second}}}};
  record.scores = {std::move(score)};
  return record;
}

TEST(JudgingLog, CountsWinsOfBothOrdersAndTheFirstSlot) {
  JudgingLog log;
  int number = 0;
  const auto add = [&](int times, Preferred first, Preferred second) {
    for (int i = 0; i < times; ++i) {
      log.add(duel(number++, "a", "b", first, second));
    }
  };
  add(18, Preferred::self, Preferred::self);
  add(12, Preferred::other, Preferred::other);
  add(6, Preferred::self, Preferred::other);  // the first slot both times
  add(2, Preferred::other, Preferred::self);  // the second one
  add(2, Preferred::neither, Preferred::self);
  add(1, Preferred::nothing, Preferred::self);
  const std::vector<std::string> backends{"a", "b"};
  const Judging judging = log.result(backends);
  ASSERT_EQ(judging.duels.size(), 1U);
  const DuelTable& table = judging.duels[0];
  EXPECT_EQ(table.wins, 18U);
  EXPECT_EQ(table.losses, 12U);
  EXPECT_EQ(table.ties, 10U);
  EXPECT_EQ(table.undecided, 1U);
  // 18 won, 10 tied, 12 lost: 57.5 % (44.1 to 69.8), p = 0.28 (docs/statistics.md).
  EXPECT_NEAR(*table.winrate, 0.575, 1e-12);
  EXPECT_NEAR(*table.interval.lo, 0.441, 5e-4);
  EXPECT_NEAR(*table.interval.hi, 0.698, 5e-4);
  EXPECT_NEAR(*table.p, 0.28, 0.01);
  EXPECT_NEAR(*table.consistency, 0.75, 1e-12);
  EXPECT_EQ(table.flips, 8U);
  EXPECT_EQ(table.first_flips, 6U);
  ASSERT_EQ(judging.judges.size(), 1U);
  EXPECT_EQ(judging.judges[0].questions, 82U);
  EXPECT_EQ(judging.judges[0].failed, 41U);
  EXPECT_EQ(judging.judges[0].cost, Money{5 * 41});
  EXPECT_TRUE(judging.strengths.empty());
}

TEST(JudgingLog, TheLastRecordOfATrialCounts) {
  JudgingLog log;
  store::Record waiting = duel(1, "a", "b", Preferred::self, Preferred::self);
  waiting.scores.clear();
  waiting.awaits = true;
  const std::vector<std::string> backends{"a", "b"};
  log.add(waiting);
  EXPECT_EQ(log.result(backends).awaiting, 1U);
  log.add(duel(1, "a", "b", Preferred::self, Preferred::self));
  log.add(duel(1, "a", "b", Preferred::other, Preferred::other));
  const Judging judging = log.result(backends);
  EXPECT_EQ(judging.awaiting, 0U);
  EXPECT_EQ(judging.duels[0].wins, 0U);
  EXPECT_EQ(judging.duels[0].losses, 1U);
}

TEST(JudgingLog, ThreeBackendsGetStrengths) {
  JudgingLog log;
  for (int i = 0; i < 10; ++i) {
    const auto better = i < 8 ? Preferred::self : Preferred::other;
    log.add(duel(i, "a", "b", better, better));
    store::Record third = duel(i, "a", "c", better, better);
    third.scores[0].judged->duels.push_back(
        {.opponent = "b",
         .outcome = better,
         .verdicts = {{.judge = "judge", .shown_first = better, .shown_second = better}}});
    log.add(third);
  }
  const std::vector<std::string> backends{"a", "b", "c"};
  const Judging judging = log.result(backends);
  EXPECT_EQ(judging.duels.size(), 3U);
  ASSERT_EQ(judging.strengths.size(), 3U);
  EXPECT_EQ(judging.strengths[0].backend, "c");
  EXPECT_EQ(judging.strengths[2].backend, "a");
}

TEST(JudgingLog, NothingJudgedIsNothingToTell) {
  JudgingLog log;
  store::Record plain;
  plain.case_id = "x";
  plain.scores = {{.scorer = "exact",
                   .verdict = score::Verdict::scored,
                   .value = 1.0,
                   .answer = "x",
                   .reason = "r"}};
  log.add(plain);
  EXPECT_FALSE(log.result({}).any());
}

}  // namespace
}  // namespace faceoff::compare
