#include <faceoff/compare/kinship.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::compare {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ModelFamilies, AreReadFromTheNamesThatModelsGoBy) {
  const auto only = [](std::string_view family) { return ElementsAre(family); };
  EXPECT_THAT(model_families("gpt-4o-2024-11-20"), only("GPT"));
  EXPECT_THAT(model_families("openai/gpt-oss-20b"), only("GPT"));
  EXPECT_THAT(model_families("chatgpt-4o-latest"), only("GPT"));
  EXPECT_THAT(model_families("o3-mini"), only("GPT"));
  EXPECT_THAT(model_families("meta-llama/Llama-3.3-70B-Instruct"), only("Llama"));
  EXPECT_THAT(model_families("TinyLlama-1.1B.Q4_K_M.gguf"), only("Llama"));
  EXPECT_THAT(model_families("Mixtral-8x7B"), only("Mistral"));
  EXPECT_THAT(model_families("qwen2.5:7b"), only("Qwen"));
  EXPECT_THAT(model_families("microsoft/Phi-4"), only("Phi"));
  EXPECT_THAT(model_families("ollama/phi3"), only("Phi"));
  EXPECT_THAT(model_families("claude-sonnet-4-5"), only("Claude"));
  EXPECT_THAT(model_families("command-r-plus"), only("Command"));
}

TEST(ModelFamilies, MayBeSeveralOfADistilledModel) {
  EXPECT_THAT(model_families("deepseek-ai/DeepSeek-R1-Distill-Llama-8B"),
              ElementsAre("Llama", "DeepSeek"));
}

TEST(ModelFamilies, AreNotGuessedFromPartsOfOtherWordsOrFolders) {
  for (const char* name : {"", "nano", "graphic", "o1x", "foo3", "my-o10", "supernova2", "yigal"}) {
    EXPECT_THAT(model_families(name), IsEmpty()) << name;
  }
  EXPECT_THAT(model_families("/home/llama/models/nano.gguf"), IsEmpty());
  EXPECT_THAT(model_families("ollama"), IsEmpty());
}

store::BackendEntry entry(const std::string& name, const std::string& model) {
  store::BackendEntry out;
  out.name = name;
  out.model = model;
  return out;
}

class KinTest : public testing::Test {
 protected:
  KinTest() {
    run_.backends = {entry("a", "gpt-4o-mini"), entry("b", "models/nano.gguf")};
    run_.judges = {entry("judge", "gpt-4o")};
  }
  [[nodiscard]] std::vector<Kinship> of(std::vector<std::string> judges) const {
    return find_kin(judges, run_);
  }

  store::Manifest run_;
};

TEST_F(KinTest, AJudgeOfTheSameFamilyIsFound) {
  const auto kin = of({"judge"});
  ASSERT_EQ(kin.size(), 1U);
  EXPECT_EQ(kin[0].judge, "judge");
  EXPECT_EQ(kin[0].backend, "a");
  EXPECT_EQ(kin[0].relation, Relation::same_family);
  EXPECT_EQ(kinship_text(kin[0]), "is of the GPT family, as is");
}

TEST_F(KinTest, AJudgeIsRelatedToWhatTheServerNamed) {
  run_.backends[1].identity.model = "Llama-3.2-1B";
  run_.judges[0] = entry("judge", "default");
  run_.judges[0].identity.model = "llama-3.3-70b";
  const auto kin = of({"judge"});
  ASSERT_EQ(kin.size(), 1U);
  EXPECT_EQ(kin[0].backend, "b");
}

TEST_F(KinTest, TheSameModelIsMoreThanAFamilyAndNeedsNoKnownOne) {
  run_.judges[0] = entry("judge", "Models/nano.GGUF");
  const auto kin = of({"judge"});
  ASSERT_EQ(kin.size(), 1U);
  EXPECT_EQ(kin[0].relation, Relation::same_model);
  EXPECT_EQ(kinship_text(kin[0]), "is the same model as");
}

TEST_F(KinTest, ABackendThatJudgesAndIsComparedJudgesItself) {
  const auto kin = of({"a"});
  ASSERT_EQ(kin.size(), 1U);
  EXPECT_EQ(kin[0].relation, Relation::itself);
  EXPECT_EQ(to_string(kin[0].relation), "itself");
}

TEST_F(KinTest, StandInsAreNoModels) {
  run_.judges[0] = entry("judge", "models/nano.gguf");
  run_.judges[0].simulated = true;
  EXPECT_THAT(of({"judge"}), IsEmpty());
}

TEST_F(KinTest, UnknownNamesAreNobodysKin) {
  EXPECT_THAT(of({"nobody"}), IsEmpty());
  EXPECT_THAT(of({}), IsEmpty());
}

}  // namespace
}  // namespace faceoff::compare
