#include <faceoff/stats/agreement.h>

#include <gtest/gtest.h>

namespace faceoff::stats {
namespace {

using Units = std::vector<std::vector<std::optional<double>>>;

// Krippendorff (2011), example C: four observers, twelve units.
Units published_units() {
  const auto none = std::nullopt;
  return {{1, 1, none, 1},
          {2, 2, 3, 2},
          {3, 3, 3, 3},
          {3, 3, 3, 3},
          {2, 2, 2, 2},
          {1, 2, 3, 4},
          {4, 4, 4, 4},
          {1, 1, 2, 1},
          {2, 2, 2, 2},
          {none, 5, 5, 5},
          {none, none, 1, 1},
          {none, 3, none, none}};
}

TEST(Krippendorff, MatchesThePublishedExampleAtEveryLevel) {
  const Units units = published_units();
  EXPECT_NEAR(krippendorff_alpha(units, MeasurementLevel::nominal).value(), 0.743, 5e-4);
  EXPECT_NEAR(krippendorff_alpha(units, MeasurementLevel::ordinal).value(), 0.815, 5e-4);
  EXPECT_NEAR(krippendorff_alpha(units, MeasurementLevel::interval).value(), 0.849, 5e-4);
  EXPECT_NEAR(krippendorff_alpha(units, MeasurementLevel::ratio).value(), 0.797, 5e-4);
}

TEST(Krippendorff, IsNullWithoutVariety) {
  EXPECT_EQ(krippendorff_alpha(Units{{1, 1}, {1, 1}}, MeasurementLevel::nominal), std::nullopt);
  EXPECT_EQ(krippendorff_alpha({}, MeasurementLevel::interval), std::nullopt);
}

TEST(FleissKappa, MatchesThePublishedExample) {
  const std::vector<std::vector<double>> counts{{0, 0, 0, 0, 14},
                                                {0, 2, 6, 4, 2},
                                                {0, 0, 3, 5, 6},
                                                {0, 3, 9, 2, 0},
                                                {2, 2, 8, 1, 1},
                                                {7, 7, 0, 0, 0},
                                                {3, 2, 6, 3, 0},
                                                {2, 5, 3, 2, 2},
                                                {6, 5, 2, 1, 0},
                                                {0, 2, 2, 3, 7}};
  EXPECT_NEAR(fleiss_kappa(counts).value(), 0.210, 5e-4);
  EXPECT_EQ(fleiss_kappa({}), std::nullopt);
  EXPECT_EQ(fleiss_kappa(std::vector<std::vector<double>>{{3, 0}, {3, 0}}), std::nullopt);
}

TEST(CohenKappa, IsOneForPerfectAndZeroForChanceAgreement) {
  const std::vector<std::vector<double>> perfect{{10, 0}, {0, 20}};
  const std::vector<std::vector<double>> chance{{10, 20}, {20, 40}};
  EXPECT_NEAR(cohen_kappa(perfect, KappaWeights::none).kappa.value(), 1.0, 1e-14);
  EXPECT_NEAR(cohen_kappa(chance, KappaWeights::none).kappa.value(), 0.0, 1e-14);
}

TEST(CohenKappa, WeightsForgiveNeighbouringMarks) {
  const std::vector<std::vector<double>> table{{20, 5, 1}, {3, 15, 4}, {0, 2, 10}};
  const Kappa none = cohen_kappa(table, KappaWeights::none);
  const Kappa quadratic = cohen_kappa(table, KappaWeights::quadratic);
  EXPECT_LT(none.kappa.value(), quadratic.kappa.value());
  EXPECT_FALSE(quadratic.interval.excludes(quadratic.kappa.value()));
}

TEST(CohenKappa, IsNullWhereOnlyOneMarkWasGiven) {
  const std::vector<std::vector<double>> table{{12, 0}, {0, 0}};
  EXPECT_EQ(cohen_kappa(table, KappaWeights::none).kappa, std::nullopt);
  const std::vector<std::vector<double>> empty{{0, 0}, {0, 0}};
  EXPECT_EQ(cohen_kappa(empty, KappaWeights::none).kappa, std::nullopt);
}

}  // namespace
}  // namespace faceoff::stats
