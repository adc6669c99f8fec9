#include <faceoff/chat/completion.h>
#include <faceoff/chat/message.h>

#include <gtest/gtest.h>

namespace faceoff::chat {
namespace {

TEST(Role, NamesReadBack) {
  for (const auto role : {Role::system, Role::developer, Role::user, Role::assistant, Role::tool}) {
    EXPECT_EQ(parse_role(to_string(role)), role);
  }
  EXPECT_EQ(parse_role("robot"), std::nullopt);
}

TEST(Finish, NamesReadBack) {
  for (const auto finish : {Finish::none,
                            Finish::stop,
                            Finish::length,
                            Finish::tool_calls,
                            Finish::content_filter,
                            Finish::other}) {
    EXPECT_EQ(parse_finish(to_string(finish)), finish);
  }
}

TEST(Params, TheUpperLayerWinsWhereItSpeaks) {
  Params base;
  base.temperature = 0.7;
  base.max_tokens = 100;
  base.stop = {"a"};
  Params over;
  over.temperature = 0.0;
  over.seed = 7;
  const Params merged = merge(base, over);
  EXPECT_EQ(merged.temperature, 0.0);
  EXPECT_EQ(merged.max_tokens, 100);
  EXPECT_EQ(merged.seed, 7);
  EXPECT_EQ(merged.stop, std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace faceoff::chat
