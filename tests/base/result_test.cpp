#include <faceoff/base/check.h>
#include <faceoff/base/result.h>

#include <memory>

#include <gtest/gtest.h>

namespace faceoff {
namespace {

Result<int> parse(bool ok) {
  if (!ok) {
    return fail(ErrorKind::usage, "not a number");
  }
  return 4;
}

Status check(bool ok) {
  FACEOFF_TRY(parse(ok));
  return {};
}

Result<std::unique_ptr<int>> twice(bool ok) {
  FACEOFF_TRY(check(ok));
  FACEOFF_TRY_ASSIGN(const int value, parse(ok));
  FACEOFF_TRY_ASSIGN(auto copy, parse(ok));
  return std::make_unique<int>(value + copy);
}

TEST(Result, ReturnsEarlyWithTheFirstError) {
  ASSERT_TRUE(twice(true).has_value());
  EXPECT_EQ(**twice(true), 8);
  EXPECT_EQ(twice(false).error().message, "not a number");
  EXPECT_EQ(with_context(twice(false).error(), "suite.yaml:3").message,
            "suite.yaml:3: not a number");
}

TEST(CheckDeathTest, NamesPlaceAndReason) {
  EXPECT_DEATH(FACEOFF_CHECK(1 == 2, "numbers are broken"),
               "result_test.cpp:[0-9]+: defect in faceoff: numbers");
}

}  // namespace
}  // namespace faceoff
