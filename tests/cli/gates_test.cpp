#include "program.h"

#include <faceoff/base/files.h>
#include <faceoff/store/baseline.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

using test::Program;
using test::StandIn;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// a is always right; b is wrong on most of the ten sums.
class GateCommands : public testing::Test {
 protected:
  GateCommands() {
    program_.write("s.yaml", test::kSuite);
    program_.write("good.yaml", "answers: s.yaml\n");
    program_.write("weak.yaml", "answers: s.yaml\naccuracy: 0.2\nseed: 3\n");
  }
  faceoff::test::Finished run(std::vector<std::string> words) const {
    return program_.run(std::move(words));
  }
  // A run of both, with gates.
  faceoff::test::Finished both(const std::vector<std::string>& more) const {
    std::vector<std::string> words{
        "run", "s.yaml", "-b", "a=simulate:good.yaml", "-b", "b=simulate:weak.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  [[nodiscard]] nlohmann::json summary(const std::string& folder) const {
    return nlohmann::json::parse(*read_file(program_.folder() / folder / "summary.json"));
  }
  [[nodiscard]] bool has_runs() const {
    return std::filesystem::exists(program_.folder() / "results");
  }

  Program program_;
};

TEST_F(GateCommands, AGateThatMustFailExits1) {
  const auto done = both({"--gate", "alarm", "-o", "r"});
  EXPECT_EQ(done.exit, 1) << done.out << done.err;
  EXPECT_THAT(done.out,
              AllOf(HasSubstr("Gates"), HasSubstr("FAIL alarm(b)"), HasSubstr("regression")));
  EXPECT_THAT(done.err, HasSubstr("gate failed: alarm(b)"));
  const auto json = summary("r");
  EXPECT_EQ(json["exit"]["code"], 1);
  EXPECT_EQ(json["gates"]["results"][0]["state"], "fail");
  EXPECT_THAT(*read_file(program_.folder() / "r/report.md"), HasSubstr("### Gates"));
}

TEST_F(GateCommands, AGateThatHoldsExits0) {
  const auto done = both({"--gate", "score(a) >= 70%", "--gate", "error-rate <= 50%"});
  EXPECT_EQ(done.exit, 0) << done.out << done.err;
  EXPECT_THAT(done.out, HasSubstr("pass score(a) >= 70%"));
}

TEST_F(GateCommands, AnUndecidableGateExits3WhenAskedAndNamesTheCasesItNeeds) {
  const auto lenient = both({"--gate", "score(a) >= 90%"});
  EXPECT_EQ(lenient.exit, 0);
  EXPECT_THAT(lenient.err, HasSubstr("cannot pass with 10 cases; it needs at least 29"));
  EXPECT_THAT(
      lenient.out,
      AllOf(HasSubstr("undecided score(a) >= 90%"), HasSubstr("about 29 cases would decide")));
  const auto strict = both({"--gate", "score(a) >= 90%", "--inconclusive", "fail", "-o", "r"});
  EXPECT_EQ(strict.exit, 3);
  EXPECT_THAT(strict.err, HasSubstr("gate not decided: score(a) >= 90%"));
  EXPECT_EQ(summary("r")["gates"]["results"][0]["needs_cases"], 29);
}

TEST_F(GateCommands, MistakesExit2BeforeAnythingIsSent) {
  struct Row {
    std::string gate;
    std::string message;
  };
  const std::vector<Row> rows{
      {"scor >= 80%", "did you mean 'score'?"},
      {"alarm(bb)", "unknown backend 'bb'; did you mean 'b'?"},
      {"alarm(a)", "is the reference itself"},
      {"alarm on tag:esy", "did you mean 'easy'?"},
      {"not-worse", "needs a margin"},
      {"not-worse 3pp on tag:easy", "the tag has 5 cases, too few to decide; it needs at least 88"},
  };
  for (const Row& row : rows) {
    const auto done = both({"--gate", row.gate});
    EXPECT_EQ(done.exit, 2) << row.gate;
    EXPECT_THAT(done.err, HasSubstr(row.message));
  }
  EXPECT_EQ(run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "--gate", "alarm"}).exit, 2);
  EXPECT_EQ(both({"--alpha", "0.7"}).exit, 2);
  EXPECT_EQ(both({"--inconclusive", "maybe"}).exit, 2);
  EXPECT_EQ(both({"--max-drop", "3"}).exit, 2);
  EXPECT_FALSE(has_runs());
}

TEST_F(GateCommands, GatesStandInTheSuiteAndInTheProjectToo) {
  program_.write("gated.yaml",
                 std::string(test::kSuite) + "gates:\n  - {gate: score, backend: b, limit: 90%}\n");
  program_.write("faceoff.yaml", "gates: [alarm]\nbackends: {}\n");
  std::vector<std::string> words{"run",
                                 "gated.yaml",
                                 "-b",
                                 "a=simulate:good.yaml",
                                 "-b",
                                 "b=simulate:weak.yaml",
                                 "--gate",
                                 "alarm"};
  const auto done = run(words);
  EXPECT_EQ(done.exit, 1) << done.err;
  EXPECT_THAT(done.out, AllOf(HasSubstr("FAIL alarm(b)"), HasSubstr("FAIL score(b) >= 90%")));
  words.back() = "score(a) >= 50%";
  words.emplace_back("--no-gates");
  EXPECT_EQ(run(words).exit, 0);
  program_.write("gated.yaml", std::string(test::kSuite) + "gates:\n  - alrm\n");
  const auto wrong = run({"check", "gated.yaml"});
  EXPECT_EQ(wrong.exit, 2);
  EXPECT_THAT(wrong.err,
              AllOf(HasSubstr("unknown gate 'alrm'"), HasSubstr("did you mean 'alarm'?")));
}

TEST_F(GateCommands, ReportShowsTheGatesAgainAndCompareDecidesByThem) {
  ASSERT_EQ(both({"--gate", "alarm", "-o", "r"}).exit, 1);
  const auto shown = run({"report", "r"});
  EXPECT_EQ(shown.exit, 0);
  EXPECT_THAT(shown.out, HasSubstr("FAIL alarm(b)"));
  EXPECT_EQ(run({"compare", "r"}).exit, 1);
  EXPECT_EQ(run({"compare", "r", "--gate", "score(a) >= 50%"}).exit, 0);
  EXPECT_EQ(run({"compare", "r", "--gate", "max-drop 5pp"}).exit, 1);
  EXPECT_EQ(run({"compare", "r", "--gate", "alarm(x)"}).exit, 2);
}

TEST_F(GateCommands, TwoRunsAreGated) {
  ASSERT_EQ(run({"run", "s.yaml", "-b", "m=simulate:good.yaml", "-o", "before"}).exit, 0);
  ASSERT_EQ(run({"run", "s.yaml", "-b", "m=simulate:weak.yaml", "-o", "after"}).exit, 0);
  EXPECT_EQ(run({"compare", "before", "after"}).exit, 0);
  const auto done = run({"compare", "before", "after", "--gate", "alarm(m)"});
  EXPECT_EQ(done.exit, 1) << done.err;
  EXPECT_EQ(run({"compare", "after", "before", "--gate", "alarm"}).exit, 0);
}

class Baselines : public GateCommands {
 protected:
  Baselines() {
    EXPECT_EQ(run({"run", "s.yaml", "-b", "m=simulate:good.yaml"}).exit, 0);
    EXPECT_EQ(run({"baseline", "set", "main"}).exit, 0);
  }
  faceoff::test::Finished against(const std::string& baseline,
                                  const std::string& script,
                                  const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{
        "run", "s.yaml", "-b", "m=simulate:" + script, "--baseline", baseline, "--gate", "alarm"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  // The baseline with something else in it.
  void change(const std::function<void(store::Baseline&)>& edit) const {
    const auto path = store::baseline_path(program_.folder() / "results", "main");
    auto baseline = *store::read_baseline(path);
    edit(baseline);
    ASSERT_TRUE(store::write_baseline(baseline, path));
  }
};

TEST_F(Baselines, CatchARegressionAndLetAnUnchangedModelPass) {
  const auto worse = against("main", "weak.yaml", {"-o", "r"});
  EXPECT_EQ(worse.exit, 1) << worse.out << worse.err;
  EXPECT_THAT(worse.out, HasSubstr("against baseline main"));
  EXPECT_EQ(summary("r")["baseline"]["name"], "main");
  const auto same = against("main", "good.yaml");
  EXPECT_EQ(same.exit, 0) << same.out << same.err;
  EXPECT_THAT(same.out, HasSubstr("no regression shown"));
  // The report needs the run's folder only.
  ASSERT_EQ(run({"baseline", "rm", "main"}).exit, 0);
  EXPECT_THAT(run({"report", "r"}).out, HasSubstr("FAIL alarm(m)"));
}

TEST_F(Baselines, AreRunsToCompareWith) {
  ASSERT_EQ(run({"run", "s.yaml", "-b", "m=simulate:weak.yaml"}).exit, 0);
  EXPECT_EQ(run({"compare", "@main", "latest"}).exit, 0);
  const auto done = run({"compare", "@main", "latest", "--gate", "alarm"});
  EXPECT_EQ(done.exit, 1) << done.err;
  EXPECT_THAT(done.out, HasSubstr("m@main"));
  EXPECT_EQ(run({"compare", "latest", "--baseline", "main", "--gate", "alarm"}).exit, 1);
  EXPECT_EQ(run({"compare", "latest", "--baseline", "latest~1", "--gate", "alarm"}).exit, 1);
}

TEST_F(Baselines, MayBeRunsAndFilesOfATeam) {
  ASSERT_EQ(run({"baseline", "set", "main", "latest", "--baseline-file", "base/main.json"}).exit,
            0);
  EXPECT_EQ(against("base/main.json", "weak.yaml").exit, 1);
  EXPECT_EQ(against("latest~1", "weak.yaml").exit, 1);
}

TEST_F(Baselines, AreSetShownListedAndRemoved) {
  const auto set = run({"baseline", "set", "next", "latest"});
  EXPECT_THAT(set.out,
              AllOf(HasSubstr("10 cases"), HasSubstr("bytes a case"), HasSubstr("m (simulated)")));
  EXPECT_THAT(run({"baseline", "list"}).out, AllOf(HasSubstr("main"), HasSubstr("next")));
  EXPECT_THAT(run({"baseline", "show", "main"}).out,
              AllOf(HasSubstr("number/"), HasSubstr("m (simulated)"), HasSubstr("mean 100.0%")));
  EXPECT_EQ(run({"baseline", "rm", "next"}).exit, 0);
  const auto gone = run({"baseline", "show", "nxt"});
  EXPECT_EQ(gone.exit, 2);
  const auto near = run({"baseline", "show", "man"});
  EXPECT_THAT(near.err, HasSubstr("did you mean 'main'?"));
  EXPECT_EQ(run({"baseline", "set", "../x"}).exit, 2);
  EXPECT_EQ(run({"baseline", "sett", "x"}).exit, 2);
  EXPECT_EQ(run({"baseline", "set"}).exit, 2);
  EXPECT_EQ(run({"baseline", "rm", "next"}).exit, 2);
}

TEST_F(Baselines, LeaveChangedPromptsOutAndSayHowMany) {
  std::string changed = test::kSuite;
  changed.replace(changed.find("1 + 1 ="), 7, "1 + 1 is");
  program_.write("s.yaml", changed);
  const auto done = against("main", "good.yaml");
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("1 case left out: the prompt or the parameters changed"));
}

TEST_F(Baselines, WithNothingInCommonAreRefusedBeforeAnythingIsSent) {
  std::string changed = test::kSuite;
  changed.replace(changed.find("max_tokens: 16"), 14, "max_tokens: 17");
  program_.write("s.yaml", changed);
  const auto done = against("main", "good.yaml", {"-o", "r"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("no case of s.yaml is in it with the same prompt"));
  EXPECT_FALSE(std::filesystem::exists(program_.folder() / "r"));
}

TEST_F(Baselines, OfOtherScorersOrOfAModelAreRefused) {
  change([](store::Baseline& b) { b.manifest.scorers = {"number/999"}; });
  const auto scorers = against("main", "good.yaml");
  EXPECT_EQ(scorers.exit, 2);
  EXPECT_THAT(scorers.err, HasSubstr("scored by number/999"));
  EXPECT_EQ(run({"compare", "@main", "latest"}).exit, 2);
  ASSERT_EQ(run({"baseline", "set", "main", "latest"}).exit, 0);
  change([](store::Baseline& b) { b.manifest.backends.front().simulated = false; });
  const auto model = against("main", "good.yaml");
  EXPECT_EQ(model.exit, 2);
  EXPECT_THAT(model.err, HasSubstr("stand-in endpoint, the baseline a real model"));
  EXPECT_EQ(run({"compare", "@main", "latest"}).exit, 2);
  const auto unknown = against("nothing", "good.yaml");
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_THAT(unknown.err, HasSubstr("there is no baseline, file or run 'nothing'"));
}

TEST_F(Baselines, OfAnotherMachineTurnOutAtTheEndWhenOnlyTheAnswerTells) {
  // The address does not say that it is a stand-in; its answers do.
  change([](store::Baseline& b) { b.manifest.backends.front().simulated = false; });
  const StandIn server(program_, "answers: s.yaml\n");
  const auto done = run({"run",
                         "s.yaml",
                         "-b",
                         "m=openai-compatible:m@" + server.url() + "/v1",
                         "--baseline",
                         "main",
                         "--gate",
                         "alarm"});
  EXPECT_EQ(done.exit, 3) << done.out << done.err;
  EXPECT_THAT(done.out, HasSubstr("not judged: this run was answered by the stand-in endpoint"));
}

class PowerCommand : public GateCommands {};

TEST_F(PowerCommand, AnswersInBothDirections) {
  const auto n = run({"power", "--n", "40"});
  EXPECT_EQ(n.exit, 0) << n.err;
  EXPECT_THAT(n.out,
              AllOf(HasSubstr("With 40 cases"), HasSubstr("19.2 to 27.2 pp"), HasSubstr("cases")));
  const auto detect = run({"power", "--detect", "10pp", "--disagreement", "20%"});
  EXPECT_THAT(detect.out, HasSubstr("For 10 pp it takes about 155 cases."));
  const auto json = nlohmann::json::parse(
      run({"power", "--n", "100", "--detect", "5pp", "--agreement", "80%", "--json"}).out);
  EXPECT_EQ(json["schema"], "faceoff.power/1");
  EXPECT_EQ(json["needed"][0]["n"], 626);
  EXPECT_THAT(run({"power", "--n", "100", "--disagreement", "10%", "--margin", "5pp"}).out,
              HasSubstr("in 44 of 100"));
}

TEST_F(PowerCommand, TakesTheDisagreementFromARun) {
  ASSERT_EQ(both({"-o", "r"}).exit, 0);
  const auto done = run({"power", "r", "--detect", "10pp"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, AllOf(HasSubstr("as in run"), HasSubstr("With 10 cases")));
  EXPECT_EQ(run({"power", "r", "--disagreement", "10%"}).exit, 2);
}

TEST_F(PowerCommand, NamesWhatIsWrong) {
  EXPECT_THAT(run({"power", "--detect", "3"}).err, HasSubstr("e.g. 3pp"));
  EXPECT_EQ(run({"power", "--disagreement", "20%", "--agreement", "80%"}).exit, 2);
  EXPECT_EQ(run({"power", "--icc", "0.2"}).exit, 2);
  EXPECT_EQ(run({"power", "--accuracy", "0.8"}).exit, 2);
}

}  // namespace
}  // namespace faceoff::cli
