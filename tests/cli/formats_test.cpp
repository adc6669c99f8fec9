// Reports for machines, events, schemas and single cases, through the program.
#include "json_schema.h"
#include "program.h"
#include "schemas.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/store/run_folder.h>

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace faceoff::cli {
namespace {

using test::Program;
using test::StandIn;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::optional<std::string> mistake(std::string_view schema, const std::string& json) {
  const auto compiled = score::JsonSchema::compile(schema_text(schema));
  EXPECT_TRUE(compiled) << compiled.error().message;
  const auto value = score::parse_json_value(json);
  if (!value) {
    return value.error().message;
  }
  const auto found = compiled->mistake(*value);
  EXPECT_TRUE(found);
  return *found;
}

class Formats : public testing::Test {
 protected:
  Formats() {
    program_.write("s.yaml", test::kSuite);
    program_.write("good.yaml", "answers: s.yaml\n");
    program_.write("weak.yaml", "answers: s.yaml\naccuracy: 0.3\nseed: 3\n");
  }
  [[nodiscard]] faceoff::test::Finished run(std::vector<std::string> more) const {
    std::vector<std::string> words{
        "run", "s.yaml", "-b", "a=simulate:good.yaml", "-b", "b=simulate:weak.yaml", "-o", "r"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.run(words);
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return read_file(program_.folder() / name).value_or("");
  }

  Program program_;
};

TEST_F(Formats, SeveralAreWrittenInOneCall) {
  const auto done = run({"--format",
                         "csv:o.csv",
                         "--format",
                         "junit:o.xml",
                         "--junit-level",
                         "cases",
                         "--format",
                         "comment:o.md",
                         "--marker",
                         "mine",
                         "--format",
                         "openmetrics:o.txt",
                         "--format",
                         "json:o.json"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("Verdict"));
  EXPECT_THAT(file("o.csv"), StartsWith("suite,case,backend,"));
  EXPECT_THAT(file("o.xml"), HasSubstr("classname=\"faceoff.sums.b (simulated)\""));
  EXPECT_THAT(file("o.md"), StartsWith("<!-- mine -->\n"));
  EXPECT_THAT(file("o.txt"), HasSubstr("backend=\"a\",simulated=\"true\""));
  EXPECT_EQ(file("o.json"), file("r/summary.json"));
  // Any of them again, offline.
  EXPECT_EQ(program_.run({"report", "r", "--format", "csv"}).out, file("o.csv"));
}

TEST_F(Formats, AFileThatCannotBeWrittenIsFoundBeforeAnythingIsSent) {
  for (const char* path : {"csv:none/o.csv", "csv:.", "csv:/proc/o.csv"}) {
    const auto done = run({"--format", path});
    EXPECT_EQ(done.exit, 6) << path << done.err;
    EXPECT_THAT(done.err, HasSubstr("nothing was sent"));
    EXPECT_FALSE(std::filesystem::exists(program_.folder() / "r"));
  }
  EXPECT_EQ(run({"--events", "none/e.ndjson"}).exit, 6);
  EXPECT_EQ(run({"--events", "fd:77"}).exit, 2);
}

TEST_F(Formats, TwoReportsDoNotShareAFile) {
  EXPECT_EQ(run({"--format", "csv:o", "--format", "json:./o"}).exit, 2);
  EXPECT_EQ(run({"--format", "csv:"}).exit, 2);
  EXPECT_EQ(run({"--format", "csv", "--format", "json"}).exit, 2);
  EXPECT_EQ(run({"--format", "junit", "--junit-level", "all"}).exit, 2);
}

TEST_F(Formats, EachSuiteHasAFileOfItsOwn) {
  program_.write("t.yaml", "suite: other\ncases: [{prompt: hi, target: x, score: exact}]\n");
  const std::vector<std::string> words{
      "run", "s.yaml", "t.yaml", "-b", "a=simulate:good.yaml", "-q", "--format"};
  auto shared = words;
  shared.emplace_back("csv:o.csv");
  const auto refused = program_.run(shared);
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("{suite}"));
  auto own = words;
  own.emplace_back("csv:{suite}.csv");
  EXPECT_EQ(program_.run(own).exit, 0);
  EXPECT_THAT(file("sums.csv"), HasSubstr("\r\nsums,a,"));
  EXPECT_THAT(file("other.csv"), HasSubstr("\r\nother,"));
}

TEST_F(Formats, GithubGetsAnnotationsAndASummary) {
  program_.set("GITHUB_STEP_SUMMARY", (program_.folder() / "summary.md").string());
  program_.write("summary.md", "before\n");
  const auto done = run({"--format", "github", "--gate", "score(b) >= 90%"});
  EXPECT_EQ(done.exit, 1);
  EXPECT_THAT(done.out, StartsWith("::error title=gate failed%3A "));
  EXPECT_THAT(done.out, HasSubstr("\nGates\n"));
  EXPECT_THAT(file("summary.md"), StartsWith("before\n## "));
  // One document stays one document.
  const auto json = program_.run({"report", "r", "--format", "github", "--json"});
  EXPECT_TRUE(nlohmann::json::accept(json.out)) << json.out;
  EXPECT_THAT(json.err, HasSubstr("::error title="));
}

TEST_F(Formats, GithubGetsTheMistakesOfASuite) {
  program_.write("bad.yaml", "suite: bad\ncases:\n  - {prompt: hi, scorrer: exact}\n");
  const auto done = program_.run({"check", "bad.yaml", "--format", "github"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.out,
              StartsWith("::error file=bad.yaml,line=3,col=18,title=suite%3A%3Aunknown-key::"));
  EXPECT_EQ(program_.run({"check", "bad.yaml"}).out, "");
}

TEST_F(Formats, EventsTellTheRunInOrder) {
  program_.write("weak.yaml",
                 "answers: s.yaml\nfaults:\n  - {kind: status, status: 500, attempts: 1, match: "
                 "\"1 + 2\"}\n");
  const auto done = run({"--events", "e.ndjson"});
  EXPECT_EQ(done.exit, 0) << done.err;
  std::map<std::string, int> count;
  std::int64_t seq = 0;
  const std::string text = file("e.ndjson");
  for (const auto line : split(text, '\n')) {
    if (line.empty()) {
      continue;
    }
    EXPECT_EQ(mistake("events", std::string(line)), std::nullopt) << line;
    const auto event = nlohmann::json::parse(line);
    EXPECT_EQ(event["seq"], ++seq);
    ++count[event["event"]];
  }
  EXPECT_EQ(count["run_started"], 1);
  EXPECT_EQ(count["run_finished"], 1);
  EXPECT_EQ(count["item_scored"], 20);
  EXPECT_EQ(count["retry"], 1);
  EXPECT_EQ(count["request_started"], 21);
  EXPECT_EQ(count["request_finished"], 21);
  EXPECT_EQ(count["first_token"], 20);
}

TEST_F(Formats, EventsMayTakeStandardOutput) {
  const auto done = run({"--events", "-", "-q"});
  EXPECT_EQ(done.exit, 0) << done.err;
  for (const auto line : split(done.out, '\n')) {
    EXPECT_TRUE(line.empty() || nlohmann::json::accept(line)) << line;
  }
  EXPECT_EQ(run({"--events", "-", "--json"}).exit, 2);
}

TEST_F(Formats, SchemasDescribeARealRun) {
  ASSERT_EQ(run({"--gate", "score(b) >= 1%", "--repeat", "2"}).exit, 0);
  EXPECT_EQ(mistake("results", file("r/summary.json")), std::nullopt);
  const std::string records = file("r/records.jsonl");
  for (const auto line : split(records, '\n')) {
    EXPECT_TRUE(line.empty() || mistake("records", std::string(line)) == std::nullopt) << line;
  }
  for (const auto name : kSchemaNames) {
    EXPECT_EQ(program_.run({"schema", std::string(name)}).out, schema_text(name));
  }
  const auto near = program_.run({"schema", "result"});
  EXPECT_EQ(near.exit, 2);
  EXPECT_THAT(near.err, HasSubstr("did you mean 'results'?"));
}

TEST_F(Formats, SchemasDescribeTheGoldenReport) {
  EXPECT_EQ(
      mistake(
          "results",
          read_file(std::string(FACEOFF_SOURCE_DIR) + "/tests/data/report/full.json").value_or("")),
      std::nullopt);
}

// Wherever a key of a results document is renamed, the schema notices.
void rename_each(nlohmann::json& root, nlohmann::json& at, std::size_t& renamed) {
  if (at.is_array() && !at.empty()) {
    rename_each(root, at.front(), renamed);
  }
  if (!at.is_object()) {
    return;
  }
  std::vector<std::string> keys;
  for (const auto& [key, value] : at.items()) {
    keys.push_back(key);
  }
  for (const std::string& key : keys) {
    rename_each(root, at[key], renamed);
    const auto value = at[key];
    at.erase(key);
    at[key + "_renamed"] = value;
    EXPECT_NE(mistake("results", root.dump()), std::nullopt) << key;
    at.erase(key + "_renamed");
    at[key] = value;
    ++renamed;
  }
}

TEST_F(Formats, ARenamedKeyIsNoValidResult) {
  ASSERT_EQ(run({}).exit, 0);
  auto document = nlohmann::json::parse(file("r/summary.json"));
  for (auto& backend : document["backends"]) {
    backend["retries"] = nlohmann::json::object();
    backend["identity"]["facts"] = nlohmann::json::object();
  }
  std::size_t renamed = 0;
  rename_each(document, document, renamed);
  EXPECT_GT(renamed, 100U);
}

TEST_F(Formats, TheSchemaOfSuitesTakesTheirKeysAndNoOthers) {
  EXPECT_EQ(
      mistake("suite",
              R"({"suite": "a", "defaults": {"params": {"temperature": 0}, "score": ["number"]},
                        "cases": [{"id": "x", "prompt": "1 + 1", "target": 2, "tags": ["t"]}]})"),
      std::nullopt);
  EXPECT_NE(mistake("suite", R"({"suite": "a", "cases": [{"prompt": "x", "scorrer": "exact"}]})"),
            std::nullopt);
  EXPECT_NE(mistake("suite", R"({"cases": []})"), std::nullopt);
}

TEST_F(Formats, ShowSetsTheAnswersSideBySide) {
  ASSERT_EQ(run({}).exit, 0);
  const auto done = program_.run({"show", "r", "a"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("1 + 1 ="));
  EXPECT_THAT(done.out, HasSubstr("b (simulated)"));
  EXPECT_THAT(done.out, HasSubstr("Why"));
  EXPECT_THAT(program_.run({"show", "r"}).out, StartsWith("10 of 10 cases\n"));
  EXPECT_THAT(program_.run({"show", "r", "--flips"}).out, StartsWith("Passed by one side only: "));
  EXPECT_THAT(program_.run({"show", "r", "--failures"}).out, StartsWith("0 trials failed\n"));
  const auto json = program_.run({"show", "r", "a", "--json"});
  const auto document = nlohmann::json::parse(json.out);
  ASSERT_EQ(document["records"].size(), 2U);
  EXPECT_EQ(mistake("records", document["records"][0].dump()), std::nullopt);
  const auto wrong = program_.run({"show", "r", "zz"});
  EXPECT_EQ(wrong.exit, 2);
  EXPECT_THAT(wrong.err, HasSubstr("no case 'zz'"));
}

// SIGUSR1 is answered on standard error while the run goes on.
TEST_F(Formats, AQuestionIsAnsweredWithWhatIsInFlight) {
  program_.write("slow.yaml", "answers: s.yaml\nfaults:\n  - {kind: stall, after_tokens: 1}\n");
  const auto process = program_.start({"run",
                                       "s.yaml",
                                       "-b",
                                       "a=simulate:slow.yaml",
                                       "-o",
                                       "r",
                                       "--limit",
                                       "1",
                                       "--progress",
                                       "plain",
                                       "--events",
                                       "fd:2"});
  ASSERT_TRUE(process->await_err("\"event\":\"request_started\""));
  process->signal(SIGUSR1);
  EXPECT_TRUE(process->await_err("in flight: 1"));
  EXPECT_TRUE(process->await_err("a (simulated)  case a"));
  process->signal(SIGINT);
  process->signal(SIGINT);
  EXPECT_EQ(process->wait().exit, 130);
}

TEST_F(Formats, Crs07AReaderThatLeavesEndsNothing) {
  ASSERT_EQ(run({}).exit, 0);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"report", "r", "--format", "csv"},
        {"report", "r", "--format", "junit"},
        {"show", "r"},
        {"show", "r", "a"},
        {"schema", "results"},
        {"--help"}}) {
    // A pipe whose reader is gone, then no descriptor at all.
    EXPECT_EQ(program_
                  .run(words,
                       [] {
                         std::array<int, 2> ends{};
                         if (::pipe(ends.data()) == 0) {
                           ::close(ends[0]);
                           ::dup2(ends[1], 1);
                         }
                       })
                  .exit,
              0)
        << words[0];
    EXPECT_EQ(program_.run(words, [] { ::close(1); }).exit, 0) << words[0];
    EXPECT_EQ(program_.run(words, [] { ::close(2); }).exit, 0) << words[0];
  }
  std::filesystem::remove_all(program_.folder() / "r");
  const auto done = program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "-o", "r"}, [] {
    ::close(1);
    ::close(2);
  });
  EXPECT_EQ(done.exit, 0);
  EXPECT_EQ(store::load_records(program_.folder() / "r")->size(), 10U);
}

}  // namespace
}  // namespace faceoff::cli
