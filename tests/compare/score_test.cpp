#include "compare/records.h"

#include <faceoff/base/random.h>
#include <faceoff/compare/comparison.h>
#include <faceoff/stats/cluster.h>
#include <faceoff/stats/mean.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/permutation.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using test::binary;
using test::case_id;
using test::column;
using test::has;
using test::scores;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ScoreComparison, GivesTangoAndMidPForBinaryScores) {
  const auto pair = binary(30, 5, 2, 3);
  const Comparison c = compare_backends(pair.reference, pair.candidate).score;
  const auto tango = stats::tango_ci(5, 2, 40, 0.95);
  EXPECT_EQ(c.n_pairs, 40U);
  EXPECT_EQ(c.counts->n10, 5U);
  EXPECT_EQ(c.counts->n01, 2U);
  EXPECT_EQ(c.estimate.method, "tango");
  EXPECT_DOUBLE_EQ(*c.estimate.value, -0.075);
  EXPECT_DOUBLE_EQ(*c.estimate.lo, *tango.interval.lo);
  EXPECT_DOUBLE_EQ(*c.estimate.hi, *tango.interval.hi);
  EXPECT_EQ(c.test.name, "mcnemar-midp");
  EXPECT_DOUBLE_EQ(*c.test.p, stats::mcnemar(5, 2).p_mid);
  EXPECT_DOUBLE_EQ(*c.p_candidate_better, stats::prob_b_better(5, 2));
  EXPECT_DOUBLE_EQ(*c.detectable, *stats::detectable_difference(tango.interval));
  EXPECT_EQ(c.verdict, Verdict::no_clear_difference);
  EXPECT_FALSE(c.worst_case.has_value());
}

TEST(ScoreComparison, SaysNoClearDifferenceAndWhatItCouldHaveShown) {
  const auto pair = binary(30, 5, 2, 3);
  const Comparison c = compare_backends(pair.reference, pair.candidate).score;
  EXPECT_EQ(c.one_line,
            "llama vs gpt: No clear difference in score: -7.5 pp (95% interval -22.3 to +6.6), "
            "worse on 5, better on 2 of 40 cases (p = 0.29). This run could only show differences "
            "of about 21 pp or more.");
}

TEST(ScoreComparison, SaysBetterAndWorseFromTheCandidatesSide) {
  const auto up = binary(20, 1, 12, 7);
  const Comparison better = compare_backends(up.reference, up.candidate).score;
  const Comparison worse = compare_backends(up.candidate, up.reference).score;
  EXPECT_EQ(better.verdict, Verdict::better);
  EXPECT_GT(*better.estimate.lo, 0.0);
  EXPECT_THAT(better.finding, HasSubstr("Better: +27.5 pp"));
  EXPECT_EQ(worse.verdict, Verdict::worse);
  EXPECT_DOUBLE_EQ(*worse.estimate.value, -*better.estimate.value);
  EXPECT_DOUBLE_EQ(*worse.test.p, *better.test.p);
}

TEST(ScoreComparison, ListsTheCasesThatOnlyOneSidePasses) {
  const auto pair = binary(3, 2, 1, 4);
  const Comparison c = compare_backends(pair.reference, pair.candidate).score;
  EXPECT_THAT(c.only_reference_passes, ElementsAre(case_id(3), case_id(4)));
  EXPECT_THAT(c.only_candidate_passes, ElementsAre(case_id(5)));
}

TEST(ScoreComparison, CallsAnIntervalWithoutSignificanceBorderline) {
  // 15 against 6: Tango leaves 0 out, mid-p is 0.0525.
  const auto pair = binary(60, 6, 15, 19);
  const Comparison c = compare_backends(pair.reference, pair.candidate).score;
  ASSERT_GT(*c.estimate.lo, 0.0);
  ASSERT_GT(*c.test.p, 0.05);
  EXPECT_TRUE(c.borderline);
  EXPECT_EQ(c.verdict, Verdict::no_clear_difference);
  EXPECT_THAT(c.finding, HasSubstr("Borderline"));
}

TEST(ScoreComparison, LeavesFailedCasesOutAndBoundsWhatTheyCouldHaveBeen) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 40; ++i) {
    a.push_back(test::scored(case_id(i), i < 30 ? 1 : 0));
    b.push_back(i >= 37 ? test::failed(case_id(i)) : test::scored(case_id(i), i < 28 ? 1 : 0));
  }
  const Comparison c = compare_backends(column("gpt", a), column("llama", b)).score;
  EXPECT_EQ(c.n_pairs, 37U);
  EXPECT_EQ(c.excluded.error_candidate, 3U);
  EXPECT_EQ(c.excluded.error_reference, 0U);
  ASSERT_TRUE(c.worst_case.has_value());
  EXPECT_DOUBLE_EQ(c.worst_case->lo, -2.0 / 40);
  EXPECT_DOUBLE_EQ(c.worst_case->hi, 1.0 / 40);
  EXPECT_THAT(c.finding,
              HasSubstr("Compared on the 37 cases that both answered: between -5.0 and +2.5 pp"));
}

TEST(ScoreComparison, CountsFailuresAsZeroWhenAsked) {
  const Column a = column("gpt", {test::scored("x", 1), test::scored("y", 1)});
  const Column b = column("llama", {test::scored("x", 1), test::failed("y")});
  Options options;
  options.on_error = OnError::zero;
  const Comparison c = compare_backends(a, b, options).score;
  EXPECT_EQ(c.n_pairs, 2U);
  EXPECT_EQ(c.counts->n10, 1U);
  EXPECT_TRUE(has(c, Warning::errors_counted_as_zero));
  EXPECT_FALSE(c.worst_case.has_value());
}

TEST(ScoreComparison, LeavesUnscoredAnswersOutOfThePairs) {
  store::Record undecided = test::scored("y", 0);
  undecided.outcome = score::Outcome::unscored;
  undecided.value.reset();
  const Comparison c = compare_backends(column("gpt", {test::scored("x", 1), test::scored("y", 1)}),
                                        column("llama", {test::scored("x", 1), undecided}))
                           .score;
  EXPECT_EQ(c.n_pairs, 1U);
  EXPECT_EQ(c.excluded.unscored, 1U);
  EXPECT_EQ(c.excluded.error_candidate, 0U);
  EXPECT_FALSE(c.worst_case.has_value());
}

TEST(ScoreComparison, AveragesRepeatsBeforeAnythingElse) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  std::vector<double> d;
  for (std::size_t i = 0; i < 20; ++i) {
    const double share[] = {0.0, 1.0 / 3, 2.0 / 3, 1.0};
    for (std::int32_t k = 0; k < 3; ++k) {
      a.push_back(test::scored(case_id(i), k < static_cast<std::int32_t>(i % 4) ? 1 : 0, k));
      b.push_back(test::scored(case_id(i), k < static_cast<std::int32_t>((i / 2) % 4) ? 1 : 0, k));
    }
    d.push_back(share[(i / 2) % 4] - share[i % 4]);
  }
  const Comparison c = compare_backends(column("gpt", a), column("llama", b)).score;
  const auto t = stats::one_sample_t(d, 0.95);
  EXPECT_EQ(c.n_pairs, 20U);
  EXPECT_EQ(c.estimate.method, "paired-t");
  EXPECT_EQ(c.test.name, "paired-t");
  EXPECT_NEAR(*c.estimate.value, *t.diff, 1e-12);
  EXPECT_NEAR(*c.estimate.lo, *t.interval.lo, 1e-12);
  EXPECT_NEAR(*c.test.p, *t.p, 1e-12);
  EXPECT_FALSE(c.counts.has_value());
}

TEST(ScoreComparison, FlipsSignsWhereFewDifferencesAreNotZero) {
  std::vector<double> a(30, 0.5);
  std::vector<double> b(30, 0.5);
  b[3] = 0.9;
  b[7] = 0.2;
  b[9] = 0.8;
  const Comparison c = compare_backends(scores("gpt", a), scores("llama", b)).score;
  std::vector<double> d(30, 0.0);
  for (std::size_t i = 0; i < d.size(); ++i) {
    d[i] = b[i] - a[i];
  }
  EXPECT_EQ(c.test.name, "sign-flip");
  EXPECT_DOUBLE_EQ(*c.test.p, *stats::sign_flip_test(d).p);
  EXPECT_EQ(c.estimate.method, "paired-t");
}

TEST(ScoreComparison, KeepsUncertaintyWhenAllDifferencesAreEqual) {
  const std::vector<double> same(40, 0.5);
  const Comparison c = compare_backends(scores("gpt", same), scores("llama", same)).score;
  EXPECT_EQ(c.estimate.method, "degenerate");
  EXPECT_DOUBLE_EQ(*c.estimate.value, 0.0);
  EXPECT_NEAR(*c.estimate.lo, -0.0722, 5e-5);
  EXPECT_NEAR(*c.estimate.hi, 0.0722, 5e-5);
  EXPECT_TRUE(has(c, Warning::degenerate));
  EXPECT_EQ(c.verdict, Verdict::no_clear_difference);
}

TEST(ScoreComparison, TakesClustersAsTheUnit) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  std::vector<double> d;
  std::vector<std::size_t> labels;
  for (std::size_t i = 0; i < 48; ++i) {
    store::Record left = test::scored(case_id(i), i % 3 == 0 ? 1 : 0);
    store::Record right = test::scored(case_id(i), i % 5 < 3 ? 1 : 0);
    left.cluster = right.cluster = "passage-" + std::to_string(i / 4);
    d.push_back(*right.value - *left.value);
    labels.push_back(i / 4);
    a.push_back(left);
    b.push_back(right);
  }
  const Comparison c = compare_backends(column("gpt", a), column("llama", b)).score;
  const auto cr2 = stats::cluster_difference_ci(d, labels, {0.0, 1.0}, 0.95);
  EXPECT_EQ(c.clusters, 12U);
  EXPECT_EQ(c.estimate.method, "cr2-t");
  EXPECT_NEAR(*c.estimate.lo, *cr2.interval.lo, 1e-12);
  EXPECT_NEAR(*c.test.p, *cr2.p, 1e-12);
  EXPECT_TRUE(c.deff.has_value());
  EXPECT_FALSE(has(c, Warning::few_clusters));
  EXPECT_THAT(c.finding, HasSubstr("48 cases in 12 groups"));
}

TEST(ScoreComparison, GivesNoIntervalForFewerThanFiveClusters) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 40; ++i) {
    a.push_back(test::scored(case_id(i), 0));
    b.push_back(test::scored(case_id(i), i % 2 == 0 ? 1 : 0));
    a.back().cluster = b.back().cluster = i < 20 ? "left" : "right";
  }
  const Comparison c = compare_backends(column("gpt", a), column("llama", b)).score;
  EXPECT_EQ(c.clusters, 2U);
  EXPECT_DOUBLE_EQ(*c.estimate.value, 0.5);
  EXPECT_FALSE(c.estimate.lo.has_value());
  EXPECT_EQ(c.verdict, Verdict::not_enough_data);
  EXPECT_THAT(c.finding, HasSubstr("2 groups, at least 5 groups are needed"));
}

TEST(ScoreComparison, WantsFivePairs) {
  const auto pair = binary(0, 0, 4, 0);
  const Comparison c = compare_backends(pair.reference, pair.candidate).score;
  EXPECT_EQ(c.verdict, Verdict::not_enough_data);
  EXPECT_TRUE(has(c, Warning::small_n));
  EXPECT_THAT(c.finding, HasSubstr("4 cases with a score on both sides"));
}

TEST(ScoreComparison, WantsDiscordantPairsWhereTheIntervalIsWide) {
  const auto pair = binary(4, 2, 2, 2);
  const Comparison c = compare_backends(pair.reference, pair.candidate).score;
  EXPECT_EQ(c.verdict, Verdict::not_enough_data);
  EXPECT_TRUE(has(c, Warning::few_discordant));
}

TEST(ScoreComparison, SaysWhenNoResultCouldHaveBeenClear) {
  const auto pair = binary(180, 2, 1, 17);
  const Comparison c = compare_backends(pair.reference, pair.candidate).score;
  EXPECT_EQ(c.verdict, Verdict::no_clear_difference);
  EXPECT_THAT(c.finding,
              HasSubstr("With 3 cases that tell the two apart, no result could have been clear"));
}

TEST(ScoreComparison, HoldsTheIntervalAgainstAMargin) {
  const auto pair = binary(800, 20, 22, 158);
  Options options;
  options.margin = 0.03;
  const Comparison equivalent = compare_backends(pair.reference, pair.candidate, options).score;
  EXPECT_EQ(equivalent.verdict, Verdict::equivalent);
  EXPECT_THAT(equivalent.finding, HasSubstr("Equivalent within 3 pp"));
  const auto interval = stats::tango_ci(20, 22, 1000, 0.90).interval;
  EXPECT_DOUBLE_EQ(equivalent.margin_interval->lo, *interval.lo);

  const auto wider = binary(140, 8, 14, 38);
  options.margin = 0.05;
  EXPECT_EQ(compare_backends(wider.reference, wider.candidate, options).score.verdict,
            Verdict::not_worse);
}

TEST(ScoreComparison, ComparesEachTagAndAdjustsForManyLooks) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 40; ++i) {
    a.push_back(test::scored(case_id(i), 1));
    b.push_back(test::scored(case_id(i), i < 20 ? 1 : 0));
    a.back().tags = b.back().tags = {i < 20 ? "easy" : "hard"};
  }
  const PairComparison pair = compare_backends(column("gpt", a), column("llama", b));
  ASSERT_EQ(pair.tags.size(), 2U);
  EXPECT_EQ(pair.tags[0].tag, "easy");
  EXPECT_EQ(pair.tags[0].verdict, Verdict::no_clear_difference);
  EXPECT_EQ(pair.tags[1].tag, "hard");
  EXPECT_EQ(pair.tags[1].verdict, Verdict::worse);
  EXPECT_EQ(pair.tags[1].test.adjust, "bh");
  EXPECT_EQ(pair.tags[1].test.family_size, 2U);
  EXPECT_DOUBLE_EQ(*pair.tags[1].test.p_adjusted, 2 * *pair.tags[1].test.p);
  EXPECT_EQ(pair.score.test.adjust, "none");
}

TEST(CompareAll, AdjustsTheComparisonsWithTheFirstByHolm) {
  const auto first = binary(30, 6, 0, 4);
  const auto second = binary(33, 3, 3, 1);
  std::vector<Column> columns{first.reference, first.candidate, second.candidate};
  columns[2] = columns[2].named("mistral");
  const std::vector<PairComparison> pairs = compare_all(columns);
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].candidate, "llama");
  EXPECT_EQ(pairs[1].candidate, "mistral");
  EXPECT_EQ(pairs[0].score.test.adjust, "holm");
  EXPECT_EQ(pairs[0].score.test.family_size, 2U);
  const double smaller = std::min(*pairs[0].score.test.p, *pairs[1].score.test.p);
  const double adjusted =
      std::min(*pairs[0].score.test.p_adjusted, *pairs[1].score.test.p_adjusted);
  EXPECT_DOUBLE_EQ(adjusted, std::min(1.0, 2 * smaller));
  EXPECT_THAT(pairs[1].score.one_line, ::testing::StartsWith("mistral vs gpt: "));
  EXPECT_THAT(pairs[0].score.finding, HasSubstr("adjusted for 2 comparisons"));
}

TEST(RankAll, GivesEveryPlaceThatNoClearDifferenceDenies) {
  const auto far = binary(20, 25, 0, 5);
  const auto near = binary(43, 2, 1, 4);
  const std::vector<Column> columns{far.reference, far.candidate, near.candidate.named("third")};
  const auto places = rank_all(columns);
  ASSERT_EQ(places.size(), 3U);
  EXPECT_EQ(places[0].backend, "gpt");
  EXPECT_EQ(places[0].best, 1U);
  EXPECT_EQ(places[0].worst, 2U);
  EXPECT_EQ(places[1].best, 3U);
  EXPECT_EQ(places[1].worst, 3U);
  EXPECT_EQ(places[2].best, 1U);
  EXPECT_EQ(places[2].worst, 2U);
  EXPECT_TRUE(rank_all(std::span(columns).first(2)).empty());
}

TEST(TellApart, AsksWhetherTheModelsDifferAtAll) {
  const auto far = binary(20, 25, 0, 5);
  const auto near = binary(43, 2, 1, 4);
  const std::vector<Column> columns{far.reference, far.candidate, near.candidate.named("third")};
  const auto test = tell_apart(columns);
  ASSERT_TRUE(test);
  EXPECT_EQ(test->name, "cochran-q");
  EXPECT_EQ(test->df, 2U);
  EXPECT_EQ(test->cases, 50U);
  EXPECT_LT(test->p, 1e-6);
  EXPECT_FALSE(tell_apart(std::span(columns).first(2)));
  // The same three columns: nothing tells them apart.
  const std::vector<Column> same{far.reference, far.reference.named("b"), far.reference.named("c")};
  EXPECT_FALSE(tell_apart(same));
}

TEST(TellApart, RanksGradedScoresAndLeavesClustersAlone) {
  std::vector<double> a;
  std::vector<double> b;
  std::vector<double> c;
  for (int i = 0; i < 12; ++i) {
    a.push_back(0.1 * (i % 5));
    b.push_back(0.1 * (i % 5) + 0.3);
    c.push_back(0.1 * (i % 5) + 0.2);
  }
  const std::vector<Column> columns{
      test::scores("a", a), test::scores("b", b), test::scores("c", c)};
  const auto test = tell_apart(columns);
  ASSERT_TRUE(test);
  EXPECT_EQ(test->name, "friedman");
  // Every row has the ranks 1, 3, 2: 12 * 12 / 3 / 4 * 2.
  EXPECT_NEAR(test->statistic, 24.0, 1e-9);
  std::vector<store::Record> grouped;
  for (std::size_t i = 0; i < 12; ++i) {
    grouped.push_back(test::scored(test::case_id(i), i % 2 == 0 ? 1.0 : 0.0));
    grouped.back().cluster = i < 6 ? "x" : "y";
  }
  const auto one = test::column("a", grouped);
  for (store::Record& record : grouped) {
    record.value = 1.0;
  }
  const auto two = test::column("b", grouped);
  EXPECT_FALSE(tell_apart(std::vector<Column>{one, two, one.named("c")}));
}

TEST(Repeats, SayWhatFurtherOnesCouldGain) {
  std::vector<store::Record> a;
  std::vector<store::Record> b;
  for (std::size_t i = 0; i < 40; ++i) {
    for (std::size_t repeat = 0; repeat < 3; ++repeat) {
      // A quarter of the cases tells the two apart for good, half of them wavers.
      const bool first = i % 4 == 0 || (i % 4 > 1 && (i + repeat) % 3 == 0);
      const bool second = i % 4 == 1 || (i % 4 > 1 && (i * repeat) % 3 == 0);
      const auto number = static_cast<std::int32_t>(repeat);
      a.push_back(test::scored(case_id(i), first ? 1 : 0, number));
      b.push_back(test::scored(case_id(i), second ? 1 : 0, number));
    }
  }
  const Comparison c = compare_backends(column("gpt", a), column("llama", b)).score;
  EXPECT_EQ(c.n_pairs, 40U);
  EXPECT_LT(*c.detectable_at_best, *c.detectable);
  EXPECT_THAT(c.finding, HasSubstr("More repeats could bring that down to"));
}

TEST(CompareAll, LetsTheAdjustedPDecide) {
  // mid-p of 0 against 5 is 0.03125: clear alone, not among three.
  const auto one = binary(30, 5, 0, 5);
  ASSERT_EQ(compare_backends(one.reference, one.candidate).score.verdict, Verdict::worse);
  std::vector<Column> columns{one.reference, one.candidate, one.reference, one.reference};
  columns[2] = columns[2].named("same-1");
  columns[3] = columns[3].named("same-2");
  const auto pairs = compare_all(columns);
  EXPECT_EQ(pairs[0].score.verdict, Verdict::no_clear_difference);
  EXPECT_TRUE(pairs[0].score.borderline);
}

void expect_coherent(const Comparison& c) {
  const bool excludes =
      c.estimate.lo && c.estimate.hi && (*c.estimate.lo > 0 || *c.estimate.hi < 0);
  if (c.verdict == Verdict::better) {
    EXPECT_TRUE(c.estimate.lo && *c.estimate.lo > 0) << c.one_line;
    EXPECT_LE(*c.test.p, 0.05) << c.one_line;
  } else if (c.verdict == Verdict::worse) {
    EXPECT_TRUE(c.estimate.hi && *c.estimate.hi < 0) << c.one_line;
    EXPECT_LE(*c.test.p, 0.05) << c.one_line;
  } else if (excludes) {
    EXPECT_TRUE(c.borderline || c.verdict == Verdict::not_enough_data) << c.one_line;
  }
}

// Any tables: 0/1, graded, with and without clusters, from the same and from different models.
TEST(ScoreComparison, NeverContradictsItsInterval) {
  Random random(20260101);
  for (int round = 0; round < 600; ++round) {
    const std::size_t n = 1 + random.below(60);
    const double shift = round % 3 == 0 ? 0.0 : 0.4 * random.uniform();
    const bool graded = round % 2 == 1;
    const bool clustered = round % 5 == 4;
    std::vector<store::Record> a;
    std::vector<store::Record> b;
    for (std::size_t i = 0; i < n; ++i) {
      const auto draw = [&](double p) {
        const double x = random.uniform();
        return graded ? std::min(1.0, std::floor((x + p) * 5) / 10) : (x < p ? 1.0 : 0.0);
      };
      a.push_back(test::scored(case_id(i), draw(0.5)));
      b.push_back(test::scored(case_id(i), draw(0.5 + shift)));
      if (clustered) {
        a.back().cluster = b.back().cluster = std::to_string(random.below(12));
      }
    }
    expect_coherent(compare_backends(column("gpt", a), column("llama", b)).score);
  }
}

}  // namespace
}  // namespace faceoff::compare
