#include "id_set.h"

#include <string>

#include <gtest/gtest.h>

namespace faceoff::suite {
namespace {

TEST(IdSet, RemembersWhereEachIdWasUsedFirst) {
  IdSet ids;
  constexpr std::uint32_t kIds = 50'000;
  for (std::uint32_t i = 0; i < kIds; ++i) {
    ASSERT_FALSE(ids.add("case-" + std::to_string(i), {i % 7, i})) << i;
  }
  EXPECT_EQ(ids.size(), kIds);
  for (std::uint32_t i = 0; i < kIds; ++i) {
    const auto place = ids.add("case-" + std::to_string(i), {99, 99});
    ASSERT_TRUE(place) << i;
    EXPECT_EQ(place->file, i % 7);
    EXPECT_EQ(place->line, i);
  }
  EXPECT_EQ(ids.size(), kIds);
}

}  // namespace
}  // namespace faceoff::suite
