#include <faceoff/net/transport.h>

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

TEST(FindHeader, IgnoresCaseAndTakesTheLast) {
  const HeaderList headers{{"Retry-After", "1"}, {"A", ""}, {"retry-after", "2"}};
  EXPECT_EQ(find_header(headers, "RETRY-AFTER"), "2");
  EXPECT_EQ(find_header(headers, "a"), "");
  EXPECT_EQ(find_header(headers, "Retry"), std::nullopt);
}

TEST(Fault, HasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Fault::other); ++i) {
    names.insert(to_string(static_cast<Fault>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Fault::other) + 1);
  EXPECT_EQ(to_string(Fault::connect_timeout), "connect_timeout");
}

}  // namespace
}  // namespace faceoff::net
