#include "support/temp_folder.h"

#include <faceoff/store/run_folder.h>

#include <utility>

#include <gtest/gtest.h>

namespace faceoff::store {
namespace {

class RunNamesTest : public testing::Test {
 protected:
  void add(const std::string& name) { folder_.write(name + "/run.json", "{}"); }
  [[nodiscard]] std::string find(std::string_view name) const {
    const auto run = find_run(folder_.path(), name);
    return run ? run->filename().string() : run.error().message;
  }
  faceoff::test::TempFolder folder_;
};

TEST(RunId, IsSafeForAnySuiteName) {
  const UtcTime time{};
  EXPECT_EQ(make_run_id("support", time, 0x12345678), "support-19700101T000000Z-12345678");
  EXPECT_EQ(make_run_id("a b/../c\x1b", time, 1), "a-b-c-19700101T000000Z-00000001");
  EXPECT_TRUE(make_run_id("日本", time, 1).starts_with("suite-"));
  EXPECT_LT(make_run_id(std::string(500, 'x'), time, 1).size(), 80U);
}

TEST_F(RunNamesTest, FindsByNamePrefixIdAndAge) {
  add("s-20260101T000000Z-aaaa0000");
  add("t-20260102T000000Z-bbbb0000");
  EXPECT_EQ(find("s-2026"), "s-20260101T000000Z-aaaa0000");
  EXPECT_EQ(find("bbbb"), "t-20260102T000000Z-bbbb0000");
  EXPECT_EQ(find("latest"), "t-20260102T000000Z-bbbb0000");
  EXPECT_EQ(find("latest~1"), "s-20260101T000000Z-aaaa0000");
  EXPECT_EQ(find((folder_.path() / "s-20260101T000000Z-aaaa0000").string()),
            "s-20260101T000000Z-aaaa0000");
}

TEST_F(RunNamesTest, KnowsTheOrderOfRunsOfOneSecond) {
  for (const auto& [id, started] : {std::pair("bbbb0000", "2026-01-01T00:00:00.100Z"),
                                    std::pair("aaaa0000", "2026-01-01T00:00:00.300Z"),
                                    std::pair("cccc0000", "2026-01-01T00:00:00.200Z")}) {
    Manifest manifest;
    manifest.started_utc = started;
    ASSERT_TRUE(
        RunWriter::create(folder_.path() / ("s-20260101T000000Z-" + std::string(id)), manifest));
  }
  EXPECT_EQ(find("latest"), "s-20260101T000000Z-aaaa0000");
  EXPECT_EQ(find("latest~1"), "s-20260101T000000Z-cccc0000");
  EXPECT_EQ(find("latest~2"), "s-20260101T000000Z-bbbb0000");
}

TEST_F(RunNamesTest, SaysWhatIsWrongWithAName) {
  add("s-20260101T000000Z-aaaa0000");
  add("s-20260102T000000Z-aaaa1111");
  EXPECT_NE(find("aaaa").find("fits 2 runs"), std::string::npos);
  EXPECT_NE(find("zzzz").find("there is no run 'zzzz'"), std::string::npos);
  EXPECT_NE(find("latest~9").find("holds 2 run(s)"), std::string::npos);
  EXPECT_NE(find("latest~x").find("write latest~1"), std::string::npos);
}

TEST_F(RunNamesTest, LatestPointsToTheNewest) {
  add("s-20260101T000000Z-aaaa0000");
  point_latest(folder_.path(), folder_.path() / "s-20260101T000000Z-aaaa0000");
  EXPECT_EQ(std::filesystem::read_symlink(folder_.path() / "latest"),
            "s-20260101T000000Z-aaaa0000");
  EXPECT_EQ(list_runs(folder_.path()).size(), 1U);
}

}  // namespace
}  // namespace faceoff::store
