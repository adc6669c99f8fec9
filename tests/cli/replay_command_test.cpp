#include "program.h"

#include <faceoff/base/files.h>
#include <faceoff/store/run_folder.h>

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sched.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;
using test::Program;
using test::StandIn;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReplayCommand : public testing::Test {
 protected:
  ReplayCommand() {
    program_.write("s.yaml", test::kSuite);
    program_.write("good.yaml", "answers: s.yaml\nmodel: old-model\n");
    program_.write("weak.yaml", "answers: s.yaml\naccuracy: 0.3\nseed: 3\n");
  }
  [[nodiscard]] std::vector<store::Record> records(const std::string& run) const {
    return *store::load_records(program_.folder() / run);
  }
  [[nodiscard]] std::uint64_t lines(const std::string& run) const {
    return store::read_records(program_.folder() / run, [](store::Record&&) {})->records;
  }
  [[nodiscard]] store::Manifest manifest(const std::string& run) const {
    return store::open_run(program_.folder() / run)->manifest;
  }
  [[nodiscard]] nlohmann::json summary(const std::string& run) const {
    return nlohmann::json::parse(*read_file(program_.folder() / run / "summary.json"));
  }
  void record(const std::string& run, const std::string& script = "good.yaml") {
    const auto done =
        program_.run({"run", "s.yaml", "-b", "a=simulate:" + script, "-o", run, "-q"});
    ASSERT_EQ(done.exit, 0) << done.err;
  }
  static std::string with(std::string text, const std::string& what, const std::string& instead) {
    return text.replace(text.find(what), what.size(), instead);
  }

  Program program_;
};

// A child that has no network but its own loopback device, which is down.
void without_network() {
  if (::unshare(CLONE_NEWNET) != 0) {
    static_cast<void>(::unshare(CLONE_NEWUSER | CLONE_NEWNET));
  }
}

TEST_F(ReplayCommand, AnOldRunStandsBesideALiveBackend) {
  record("old");
  const auto done = program_.run(
      {"run", "s.yaml", "-b", "before=replay:old#a", "-b", "now=simulate:weak.yaml", "-o", "r"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("replayed from " + manifest("old").id));
  EXPECT_THAT(done.out,
              AllOf(HasSubstr("before"), HasSubstr("replayed from"), HasSubstr("Verdict")));
  const auto run = manifest("r");
  ASSERT_EQ(run.backends.size(), 2U);
  EXPECT_EQ(run.backends[0].adapter, "replay");
  EXPECT_EQ(run.backends[0].replayed_from, manifest("old").id);
  EXPECT_EQ(run.backends[0].model, manifest("old").backends[0].model);
  EXPECT_EQ(run.backends[0].identity.server, manifest("old").backends[0].identity.server);
  EXPECT_TRUE(run.backends[0].simulated);
  EXPECT_EQ(run.backends[1].replayed_from, "");
  ASSERT_EQ(records("r").size(), 20U);
  for (const auto& r : records("r")) {
    EXPECT_EQ(r.cached, r.backend == "before");
    EXPECT_EQ(r.timing.ttft.has_value(), r.backend == "now") << r.case_id;
    if (r.backend == "before") {
      EXPECT_EQ(r.value, 1.0);
      EXPECT_TRUE(r.attempts.empty());
    }
  }
}

TEST_F(ReplayCommand, TwoOldRunsAreComparedWithoutANetwork) {
  record("one");
  record("two", "weak.yaml");
  const auto done = program_.run(
      {"run", "s.yaml", "-b", "x=replay:one", "-b", "y=replay:two/records.jsonl", "-o", "r"},
      without_network);
  EXPECT_EQ(done.exit, 0) << done.err;
  const auto before = records("two");
  for (const auto& r : records("r")) {
    const auto same = std::ranges::find(before, r.case_id, &store::Record::case_id);
    EXPECT_EQ(r.completion.text, r.backend == "y" ? same->completion.text : r.completion.text);
  }
  // A replay of a replay still says who answered.
  EXPECT_EQ(program_.run({"run", "s.yaml", "-b", "z=replay:r#y", "-o", "r2"}).exit, 0);
  EXPECT_EQ(manifest("r2").backends[0].replayed_from, manifest("two").id);
}

TEST_F(ReplayCommand, AReplayIsNamedInTheConfiguration) {
  record("runs/old");
  program_.write("conf/faceoff.yaml",
                 "backends:\n  before: {adapter: replay, run: ../runs/old, backend: a}\n");
  EXPECT_EQ(program_.run({"run", "s.yaml", "--config", "conf/faceoff.yaml", "-o", "r"}).exit, 0);
  program_.write("bad.yaml",
                 "backends:\n  x: {adapter: replay}\n  y: {adapter: openai, model: m, run: r}\n");
  const auto bad = program_.run({"run", "s.yaml", "--config", "bad.yaml"});
  EXPECT_EQ(bad.exit, 2);
  EXPECT_THAT(bad.err,
              AllOf(HasSubstr("adapter 'replay' needs 'run'"),
                    HasSubstr("'run' belongs to adapter 'replay', not to 'openai'")));
}

TEST_F(ReplayCommand, ACaseWhosePromptHasChangedHasNoAnswerAndSaysSo) {
  record("old");
  program_.write("s.yaml", with(test::kSuite, "1 + 2 =", "1 plus 2 ="));
  const auto done =
      program_.run({"run", "s.yaml", "-b", "a=replay:old", "-o", "r", "--max-error-rate", "20%"});
  EXPECT_EQ(done.exit, 0) << done.err;
  int failed = 0;
  for (const auto& r : records("r")) {
    if (r.outcome == score::Outcome::failed) {
      ++failed;
      EXPECT_EQ(r.case_id, "b");
      EXPECT_EQ(r.error, backend::FailureKind::not_recorded);
      EXPECT_THAT(r.error_message, HasSubstr("the prompt has changed since"));
    }
  }
  EXPECT_EQ(failed, 1);
}

TEST_F(ReplayCommand, AFileOfAnswersIsScoredAndCompared) {
  program_.write(
      "answers.jsonl",
      R"({"case": "a", "text": "2", "usage": {"prompt_tokens": 5, "completion_tokens": 1}})"
      "\n"
      R"({"case": "b", "text": "3", "finish_reason": "stop", "timings": {"ttft_ms": 5}})"
      "\n"
      R"({"case": "c", "text": "wrong 9"})"
      "\n"
      R"({"case": "zz", "text": "nobody asked"})"
      "\n");
  const auto done = program_.run({"run",
                                  "s.yaml",
                                  "-b",
                                  "batch=replay:answers.jsonl",
                                  "-b",
                                  "live=simulate:good.yaml",
                                  "-o",
                                  "r",
                                  "--filter",
                                  "tag:easy",
                                  "--max-error-rate",
                                  "50%"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.err,
              AllOf(HasSubstr("batch: 2 of 5 trials have no answer in answers.jsonl (cases d, e)"),
                    HasSubstr("batch: 1 answers of answers.jsonl belong to no case"),
                    HasSubstr("a prompt that has changed since is not noticed")));
  EXPECT_THAT(*read_file(program_.folder() / "r/report.md"), HasSubstr("replayed from"));
  for (const auto& r : records("r")) {
    if (r.backend == "batch") {
      EXPECT_FALSE(r.timing.ttft);
      if (r.case_id == "a" || r.case_id == "b") {
        EXPECT_EQ(r.value, 1.0) << r.case_id;
      }
    }
  }
}

TEST_F(ReplayCommand, MistakesInAFileOfAnswersAreShownAndNothingIsSent) {
  program_.write("answers.csv", "case,text,repeat\na,2,0\na,3,0\nb,4,x\n");
  const auto done = program_.run(
      {"run", "s.yaml", "-b", "live=simulate:good.yaml", "-b", "x=replay:answers.csv", "-o", "r"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err,
              AllOf(HasSubstr("answers::duplicate-answer"),
                    HasSubstr("answers.csv:3:1"),
                    HasSubstr("^"),
                    HasSubstr("answers.csv:4:5"),
                    HasSubstr("nothing was sent")));
  EXPECT_FALSE(fs::exists(program_.folder() / "r"));

  program_.write("other.jsonl", "{\"case\": \"q\", \"text\": \"1\"}\n");
  const auto none = program_.run({"run", "s.yaml", "-b", "x=replay:other.jsonl", "-o", "r"});
  EXPECT_EQ(none.exit, 2);
  EXPECT_THAT(none.err, HasSubstr("no answer in other.jsonl is to a case of 'sums'"));
  const auto missing = program_.run({"run", "s.yaml", "-b", "x=replay:nothing", "-o", "r"});
  EXPECT_EQ(missing.exit, 2);
  EXPECT_THAT(missing.err, HasSubstr("backend 'x': there is no run 'nothing'"));
}

TEST_F(ReplayCommand, CACHE_01_FiveRepeatsAreFiveCallsAndCachedAnswersHaveNoLatency) {
  const StandIn server(program_, "answers: s.yaml\n");
  const std::vector<std::string> words{"run",
                                       "s.yaml",
                                       "-b",
                                       "x=openai-compatible:m@" + server.url() + "/v1",
                                       "--repeat",
                                       "5",
                                       "--limit",
                                       "2",
                                       "--cache=rw",
                                       "--cache-dir",
                                       "cache",
                                       "-o"};
  auto first = words;
  first.emplace_back("r1");
  ASSERT_EQ(program_.run(first).exit, 0);
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(program_.folder() / "cache")) {
    files += entry.is_regular_file() ? 1U : 0U;
  }
  EXPECT_EQ(files, 10U);
  for (const auto& r : records("r1")) {
    EXPECT_FALSE(r.cached);
  }
  auto second = words;
  second.emplace_back("r2");
  const auto again = program_.run(second);
  EXPECT_EQ(again.exit, 0) << again.err;
  ASSERT_EQ(records("r2").size(), 10U);
  for (const auto& r : records("r2")) {
    EXPECT_TRUE(r.cached);
    EXPECT_EQ(r.value, 1.0);
    EXPECT_FALSE(r.timing.ttft);
  }
}

TEST_F(ReplayCommand, CACHE_01_AnswersOfAServerOfOursAreFoundByWhatItServesNotByItsPort) {
  program_.write("known.yaml", test::kSuite);
  program_.write("mine.yaml", "answers: known.yaml\n");
  const auto cached = [this](const std::string& run) {
    const auto done = program_.run({"run",
                                    "s.yaml",
                                    "-b",
                                    "x=simulate:mine.yaml",
                                    "--limit",
                                    "3",
                                    "--cache=rw",
                                    "--cache-dir",
                                    "cache",
                                    "-o",
                                    run});
    EXPECT_EQ(done.exit, 0) << done.err;
    return std::ranges::count(records(run), true, &store::Record::cached);
  };
  EXPECT_EQ(cached("r1"), 0);
  EXPECT_EQ(cached("r2"), 3);
  // Another script, or another answer in the suite that it names, is another server.
  program_.write("mine.yaml", "answers: known.yaml\nseed: 8\n");
  EXPECT_EQ(cached("r3"), 0);
  program_.write("known.yaml",
                 std::string(test::kSuite) + "  - {id: more, prompt: p, target: b}\n");
  EXPECT_EQ(cached("r4"), 0);
  EXPECT_EQ(cached("r5"), 3);
}

TEST_F(ReplayCommand, CACHE_01_AnErrorBodyIsNeverCachedAndADamagedFileIsReplaced) {
  const StandIn server(program_,
                       "answers: s.yaml\nfaults:\n"
                       "  - {kind: stream_error, after_tokens: 0, match: \"1 + 2\"}\n");
  const auto words = [&server](const std::string& run) {
    return std::vector<std::string>{"run",
                                    "s.yaml",
                                    "-b",
                                    "x=openai-compatible:m@" + server.url() + "/v1",
                                    "--limit",
                                    "3",
                                    "--max-retries",
                                    "0",
                                    "--max-error-rate",
                                    "90%",
                                    "--cache",
                                    "rw",
                                    "-o",
                                    run};
  };
  program_.set("XDG_CACHE_HOME", (program_.folder() / "xdg").string());
  ASSERT_EQ(program_.run(words("r1")).exit, 0);
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(program_.folder() / "xdg/faceoff")) {
    if (entry.is_regular_file()) {
      files.push_back(entry.path());
    }
  }
  ASSERT_EQ(files.size(), 2U);
  fs::resize_file(files[0], 100);
  const auto again = program_.run(words("r2"));
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("the cached answer is ignored"));
  EXPECT_EQ(std::ranges::count(records("r2"), true, &store::Record::cached), 1);
  EXPECT_GT(fs::file_size(files[0]), 100U);
  const auto bad = program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "--cache", "on"});
  EXPECT_EQ(bad.exit, 2);
  EXPECT_THAT(bad.err, HasSubstr("'on' is none of off, read, write, rw"));
}

class RerunCommand : public ReplayCommand {
 protected:
  // A run in which case b failed.
  void record_a_failure() {
    program_.write("f.yaml",
                   "answers: s.yaml\nfaults:\n"
                   "  - {kind: status, status: 500, match: \"1 + 2\"}\n");
    ASSERT_EQ(program_
                  .run({"run",
                        "s.yaml",
                        "-b",
                        "a=simulate:f.yaml",
                        "-b",
                        "g=simulate:good.yaml",
                        "-o",
                        "r",
                        "--max-retries",
                        "0"})
                  .exit,
              4);
    ASSERT_EQ(lines("r"), 20U);
  }
};

TEST_F(RerunCommand, SendsOnlyWhatFailedIntoTheSameFolder) {
  record_a_failure();
  program_.write("f.yaml", "answers: s.yaml\n");
  const auto id = manifest("r").id;
  const auto done = program_.run({"rerun", "r", "--failed"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(lines("r"), 21U);
  ASSERT_EQ(records("r").size(), 20U);
  for (const auto& r : records("r")) {
    EXPECT_EQ(r.value, 1.0) << r.case_id;
  }
  EXPECT_EQ(manifest("r").id, id);
  EXPECT_EQ(manifest("r").state, store::RunState::complete);
  EXPECT_EQ(manifest("r").backends.size(), 2U);
  const auto none = program_.run({"rerun", "r", "--failed"});
  EXPECT_EQ(none.exit, 5);
  EXPECT_THAT(none.err, HasSubstr("no trial failed"));
}

TEST_F(RerunCommand, CasesAndBackendsNarrowIt) {
  record_a_failure();
  const auto done = program_.run({"rerun", "r", "--case", "?", "--case", "zz*", "-b", "g"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(lines("r"), 30U);
  EXPECT_EQ(manifest("r").backends.size(), 2U);
  EXPECT_EQ(manifest("r").backends[0].name, "a");
  EXPECT_EQ(program_.run({"rerun", "r", "--failed", "--case", "c", "-b", "a"}).exit, 0);
  EXPECT_EQ(lines("r"), 30U);
  EXPECT_EQ(program_.run({"rerun", "r"}).exit, 2);
  const auto unknown = program_.run({"rerun", "r", "--failed", "-b", "q"});
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_THAT(unknown.err, HasSubstr("has no backend 'q'; it has 'a', 'g'"));
}

TEST_F(RerunCommand, WorksFromAnotherFolderAndWithAnotherAddress) {
  record_a_failure();
  fs::create_directory(program_.folder() / "elsewhere");
  const auto done = program_.run({"rerun",
                                  (program_.folder() / "r").string(),
                                  "--failed",
                                  "-b",
                                  "a=simulate:../good.yaml",
                                  "-C",
                                  "elsewhere",
                                  "--format",
                                  "md:here.md"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(lines("r"), 21U);
  EXPECT_TRUE(fs::exists(program_.folder() / "elsewhere/here.md"));
}

TEST_F(RerunCommand, AChangedSuiteIsRefusedWithTheWayOut) {
  record_a_failure();
  program_.write("s.yaml", with(test::kSuite, "target: 3", "target: 33"));
  const auto done = program_.run({"rerun", "r", "--failed"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, AllOf(HasSubstr("has changed since the run"), HasSubstr("--resume -o")));
  EXPECT_EQ(lines("r"), 20U);
}

TEST_F(ReplayCommand, RescoreScoresTheAnswersOfThenByTheSuiteOfNow) {
  record("old");
  program_.write("s.yaml",
                 with(with(test::kSuite, "target: 2,", "target: 99,"), "1 + 3 =", "one + 3 ="));
  const auto done = program_.run({"rescore", "old", "-o", "r"}, without_network);
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("1 case was not scored anew, the prompt has changed since: c"));
  const auto before = records("old");
  const auto after = records("r");
  ASSERT_EQ(after.size(), 9U);
  for (const auto& r : after) {
    const auto same = std::ranges::find(before, r.case_id, &store::Record::case_id);
    EXPECT_EQ(r.value, r.case_id == "a" ? 0.0 : 1.0) << r.case_id;
    EXPECT_EQ(r.completion.text, same->completion.text);
    EXPECT_EQ(r.timing.ttft, same->timing.ttft);
    EXPECT_EQ(r.attempts.size(), same->attempts.size());
    EXPECT_EQ(r.params, same->params);
    EXPECT_FALSE(r.cached);
  }
  EXPECT_EQ(manifest("r").rescored_from, manifest("old").id);
  EXPECT_EQ(manifest("r").backends[0].adapter, manifest("old").backends[0].adapter);
  EXPECT_EQ(manifest("r").state, store::RunState::complete);
  EXPECT_EQ(manifest("old").rescored_from, "");
  EXPECT_EQ(lines("old"), 10U);
  // Scoring anew what was scored anew, and holding the two against each other.
  EXPECT_EQ(program_.run({"rescore", "r", "-o", "r2", "--suite", "s.yaml"}).exit, 0);
  EXPECT_EQ(program_.run({"compare", "old", "r"}, without_network).exit, 0);
  EXPECT_EQ(program_.run({"rerun", "r", "--failed"}).exit, 2);
}

TEST_F(ReplayCommand, RescoreKeepsFiltersRepeatsAndWhatHadNoLatency) {
  record("seed");
  ASSERT_EQ(program_
                .run({"run",
                      "s.yaml",
                      "-b",
                      "a=simulate:good.yaml",
                      "-b",
                      "c=replay:seed",
                      "--limit",
                      "3",
                      "-o",
                      "old"})
                .exit,
            0);
  const auto done = program_.run({"rescore", "old", "-o", "r"});
  EXPECT_EQ(done.exit, 0) << done.err;
  ASSERT_EQ(records("r").size(), 6U);
  for (const auto& r : records("r")) {
    EXPECT_EQ(r.cached, r.backend == "c");
  }
  EXPECT_EQ(manifest("r").backends[1].replayed_from, manifest("seed").id);
}

TEST_F(ReplayCommand, APlainRunNamesAnUnfinishedOne) {
  program_.write("slow.yaml",
                 "answers: s.yaml\nfaults:\n"
                 "  - {kind: stall, after_tokens: 0, for: 60s, match: \"1 + 5\"}\n");
  const std::vector<std::string> words{
      "run", "s.yaml", "-b", "a=simulate:slow.yaml", "-j", "1", "--progress", "plain"};
  {
    const auto run = program_.start(words);
    ASSERT_TRUE(run->await_err(" 4/10"));
    run->signal(SIGKILL);
    run->wait();
  }
  program_.write("slow.yaml", "answers: s.yaml\n");
  const auto unfinished = store::list_runs(program_.folder() / "results");
  ASSERT_EQ(unfinished.size(), 1U);
  const auto offered = program_.run(words);
  EXPECT_EQ(offered.exit, 0) << offered.err;
  EXPECT_THAT(offered.err,
              AllOf(HasSubstr("an unfinished run of this suite is in results/"),
                    HasSubstr("4 answers are kept; go on with"),
                    HasSubstr("--resume -o results/"),
                    HasSubstr("this run starts anew")));
  EXPECT_EQ(store::list_runs(program_.folder() / "results").size(), 2U);
  auto resume = words;
  resume.emplace_back("--resume");
  const auto resumed = program_.run(resume);
  EXPECT_EQ(resumed.exit, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("resuming: 4 answers are kept"));
  const auto quiet = program_.run(words);
  EXPECT_THAT(quiet.err, Not(HasSubstr("unfinished")));
}

TEST_F(ReplayCommand, ResumeSendsAgainWhatABackendsOwnParametersChange) {
  program_.write(
      "faceoff.yaml",
      "backends:\n  a: {adapter: openai, model: m, simulate: good.yaml, params: {top_p: 0.5}}\n");
  ASSERT_EQ(program_.run({"run", "s.yaml", "-o", "r"}).exit, 0);
  ASSERT_EQ(program_.run({"run", "s.yaml", "-o", "r", "--resume"}).exit, 0);
  EXPECT_EQ(lines("r"), 10U);
  program_.write(
      "faceoff.yaml",
      "backends:\n  a: {adapter: openai, model: m, simulate: good.yaml, params: {top_p: 0.9}}\n");
  ASSERT_EQ(program_.run({"run", "s.yaml", "-o", "r", "--resume"}).exit, 0);
  EXPECT_EQ(lines("r"), 20U);
  EXPECT_EQ(records("r").size(), 10U);
  EXPECT_EQ(records("r")[0].params.top_p, 0.9);
}

}  // namespace
}  // namespace faceoff::cli
