#include "support/temp_folder.h"

#include <faceoff/run/managed_server.h>

#include <map>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

class ManagedPlanTest : public testing::Test {
 protected:
  ManagedPlanTest() {
    program_ = folder_.write("bin/llama-server", "#!/bin/sh\n");
    std::filesystem::permissions(program_, std::filesystem::perms::owner_all);
    variables_["PATH"] = (folder_.path() / "bin").string();
    spec_.name = "llama";
    spec_.adapter = "llama-server";
    spec_.model = folder_.write("m.gguf", "GGUF").string();
  }
  Result<std::optional<ManagedPlan>> plan() {
    return plan_managed(
        spec_,
        [this](std::string_view name) {
          const auto it = variables_.find(name);
          return it == variables_.end() ? std::nullopt : std::optional(it->second);
        },
        "/usr/bin/faceoff");
  }

  test::TempFolder folder_;
  std::filesystem::path program_;
  std::map<std::string, std::string, std::less<>> variables_;
  backend::Spec spec_;
};

TEST_F(ManagedPlanTest, AGgufFileGetsAServerOnLoopback) {
  spec_.args = {"-c", "8192"};
  const auto p = plan();
  ASSERT_TRUE(p && *p) << p.error().message;
  EXPECT_EQ(
      (*p)->argv,
      (std::vector<std::string>{
          program_.string(), "-m", spec_.model, "--host", "127.0.0.1", "-a", "m", "-c", "8192"}));
}

TEST_F(ManagedPlanTest, AServerThatTheUserNamedIsNotOurs) {
  spec_.base_url = "http://127.0.0.1:8080";
  EXPECT_FALSE(plan()->has_value());
  spec_.base_url.reset();
  spec_.model = "llama3";
  EXPECT_FALSE(plan()->has_value());
}

TEST_F(ManagedPlanTest, SaysWhatIsMissing) {
  spec_.model = "nowhere.gguf";
  EXPECT_NE(plan().error().message.find("'nowhere.gguf' does not exist"), std::string::npos);
  spec_.model = folder_.write("m.gguf", "GGUF").string();
  variables_["PATH"] = "/nowhere";
  EXPECT_NE(plan().error().message.find("scripts/get-llama-server.sh"), std::string::npos);
  variables_["LLAMA_SERVER"] = "/nowhere/llama-server";
  EXPECT_NE(plan().error().message.find("LLAMA_SERVER"), std::string::npos);
}

TEST_F(ManagedPlanTest, FindsTheUnifiedProgram) {
  std::filesystem::rename(program_, folder_.path() / "bin/llama");
  const auto p = plan();
  ASSERT_TRUE(p && *p);
  EXPECT_EQ((*p)->argv[1], "serve");
}

TEST_F(ManagedPlanTest, NeverTakesAProgramFromARelativePathEntry) {
  variables_["PATH"] = ":.:bin";
  EXPECT_FALSE(plan());
}

TEST_F(ManagedPlanTest, AProjectFileMayNotPassArgumentsThatReadOrWriteFiles) {
  spec_.origin = backend::Origin::project;
  spec_.args = {"-c", "8192", "-ngl", "99", "--seed", "-1"};
  EXPECT_TRUE(plan());
  for (const auto* argument :
       {"--log-file", "--api-key-file=/etc/shadow", "--media-path", "--models-dir", "--host"}) {
    spec_.args = {argument, "x"};
    const auto p = plan();
    ASSERT_FALSE(p) << argument;
    EXPECT_EQ(p.error().kind, ErrorKind::usage);
  }
  spec_.origin = backend::Origin::flag;
  EXPECT_TRUE(plan());
}

TEST_F(ManagedPlanTest, AStandInIsThisProgramItself) {
  spec_.model.clear();
  spec_.adapter = "openai";
  spec_.simulate = folder_.write("s.yaml", "{}").string();
  const auto p = plan();
  ASSERT_TRUE(p && *p);
  EXPECT_EQ((*p)->argv,
            (std::vector<std::string>{"/usr/bin/faceoff", "simulate", "--script", spec_.simulate}));
}

}  // namespace
}  // namespace faceoff::run
