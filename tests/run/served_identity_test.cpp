#include "support/temp_folder.h"

#include <faceoff/run/served_identity.h>

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

using ::testing::HasSubstr;

class ServedIdentityTest : public testing::Test {
 protected:
  ServedIdentityTest() {
    plan_.name = "llama";
    plan_.what = "llama-server";
    plan_.argv = {folder_.write("llama-server", "program 1").string(),
                  "-m",
                  folder_.write("m.gguf", "weights 1").string(),
                  "--host",
                  "127.0.0.1",
                  "-a",
                  "m"};
    reported_.facts = {{"build", "b11669"}};
  }
  [[nodiscard]] Result<std::string> identity() const {
    return served_identity(plan_, reported_, [] { return false; });
  }
  [[nodiscard]] std::string known() const {
    const auto text = identity();
    EXPECT_TRUE(text) << text.error().message;
    return text.value_or("");
  }

  test::TempFolder folder_;
  ManagedPlan plan_;
  backend::Identity reported_;
};

TEST_F(ServedIdentityTest, IsTheSameForTheSameModelServedInTheSameWay) {
  const std::string first = known();
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(known(), first);
  // Where the files lie decides no answer.
  plan_.argv[2] = folder_.write("elsewhere/m.gguf", "weights 1").string();
  EXPECT_EQ(known(), first);
}

TEST_F(ServedIdentityTest, DiffersWithAllThatDecidesAnswers) {
  const std::string first = known();
  folder_.write("m.gguf", "weights 2");
  EXPECT_NE(known(), first);
  folder_.write("m.gguf", "weights 1");
  EXPECT_EQ(known(), first);
  folder_.write("llama-server", "program 2");
  EXPECT_NE(known(), first);
  folder_.write("llama-server", "program 1");
  reported_.facts = {{"build", "b11670"}};
  EXPECT_NE(known(), first);
  reported_.facts = {{"build", "b11669"}};
  plan_.argv.insert(plan_.argv.end(), {"-ctk", "q8_0"});
  EXPECT_NE(known(), first);
}

TEST_F(ServedIdentityTest, CoversEveryFileOfAModelInSeveral) {
  plan_.argv[2] = folder_.write("s-00001-of-00002.gguf", "a").string();
  const auto missing = identity();
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("s-00002-of-00002.gguf"));
  folder_.write("s-00002-of-00002.gguf", "b");
  const std::string first = known();
  folder_.write("s-00002-of-00002.gguf", "c");
  EXPECT_NE(known(), first);
}

TEST_F(ServedIdentityTest, SaysWhyItIsNotCertain) {
  reported_.facts.clear();
  EXPECT_THAT(identity().error().message, HasSubstr("which build"));
  reported_.facts = {{"build", "b11669"}};
  plan_.argv.insert(plan_.argv.end(), {"--lora", "style.gguf"});
  EXPECT_THAT(identity().error().message, HasSubstr("'--lora', which may name a file"));
  plan_.argv.resize(plan_.argv.size() - 2);
  plan_.argv.insert(plan_.argv.end(), {"-m", "another.gguf"});
  EXPECT_THAT(identity().error().message, HasSubstr("'-m'"));
}

TEST_F(ServedIdentityTest, IsNotCertainWithArgumentsFromTheEnvironment) {
  ASSERT_EQ(::setenv("LLAMA_ARG_MMPROJ", "eyes.gguf", 1), 0);
  const auto text = identity();
  ::unsetenv("LLAMA_ARG_MMPROJ");
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message, HasSubstr("'LLAMA_ARG_MMPROJ'"));
}

TEST_F(ServedIdentityTest, GivesUpWhenTheRunIsStopped) {
  const auto text = served_identity(plan_, reported_, [] { return true; });
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace faceoff::run
