#include <faceoff/store/answers.h>

#include <set>

#include <gtest/gtest.h>

namespace faceoff::store {
namespace {

TEST(KeyOfRequest, DiffersWithEveryPartAndIsTheSameForTheSame) {
  const std::string key = key_of_request("openai", "https://a/v1", "m", "{}", 0);
  EXPECT_EQ(key.size(), 64U);
  EXPECT_EQ(key, key_of_request("openai", "https://a/v1", "m", "{}", 0));
  const std::set<std::string> keys{key,
                                   key_of_request("ollama", "https://a/v1", "m", "{}", 0),
                                   key_of_request("openai", "https://b/v1", "m", "{}", 0),
                                   key_of_request("openai", "https://a/v1", "n", "{}", 0),
                                   key_of_request("openai", "https://a/v1", "m", "{ }", 0),
                                   key_of_request("openai", "https://a/v1", "m", "{}", 1)};
  EXPECT_EQ(keys.size(), 6U);
}

TEST(KeyOfRequest, DoesNotMistakeOnePartForAnother) {
  EXPECT_NE(key_of_request("a", "bc", "m", "", 0), key_of_request("ab", "c", "m", "", 0));
  EXPECT_NE(key_of_request("a", "b", "m\n1:x", "", 0), key_of_request("a", "b", "m", "x\n0:", 0));
}

}  // namespace
}  // namespace faceoff::store
