// Rows of the fault matrix that need the program itself.
#include "cli/program.h"
#include "support/sanitized.h"

#include <faceoff/store/run_folder.h>

#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::matrix {
namespace {

using backend::FailureKind;
using cli::test::Program;
using cli::test::StandIn;
using testing::HasSubstr;

std::string many_cases(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines += fmt::format(
        R"({{"id":"c{}","prompt":"How much is {} + 1? Answer in words.","target":"it is {}"}})"
        "\n",
        i,
        i,
        i + 1);
  }
  return lines;
}

std::map<std::string, store::Record> finals(const Program& program, const std::string& run) {
  std::map<std::string, store::Record> table;
  auto records = store::load_records(program.folder() / run).value();
  for (auto& record : records) {
    table.emplace(record.case_id, std::move(record));
  }
  return table;
}

// Ten kinds, each on five percent of the requests: every other request or so is hit, and many cases
// more than once. Three attempts at most, so that how it ends does not depend on luck.
TEST(TenFaults, EveryCaseIsAnsweredAsWithoutThemOrFailedWithItsCause) {
  constexpr int kCases = 400;
  const Program program;
  program.write("cases.jsonl", many_cases(kCases));
  program.write("suite.yaml", "suite: faults\ndefaults: {score: exact}\nfiles: [cases.jsonl]\n");
  const std::string sound = "answers: suite.yaml\naccuracy: 0.7\nseed: 5\n";
  program.write("sound.yaml", sound);
  std::string faulty = sound + "faults:\n";
  for (const char* kind : {"status, status: 429, retry_after: \"0\"",
                           "status, status: 500",
                           "status, status: 503",
                           "reset_before",
                           "reset, after_tokens: 1",
                           "close, after_tokens: 1",
                           "stall, after_tokens: 1",
                           "stream_error, after_tokens: 1",
                           "no_finish",
                           "bad_chunk, after_tokens: 1"}) {
    faulty += fmt::format("  - {{kind: {}, share: 0.05, attempts: 3}}\n", kind);
  }
  program.write("faulty.yaml", faulty);
  const auto run = [&](const std::string& name) {
    return program.run({"run",
                        "suite.yaml",
                        "-b",
                        "m=simulate:" + name + ".yaml",
                        "-o",
                        name,
                        "-q",
                        "-j",
                        "32",
                        "--stall-timeout",
                        "2s",
                        "--max-retries",
                        "12",
                        "--max-error-rate",
                        "30%"});
  };
  const auto undisturbed = run("sound");
  ASSERT_EQ(undisturbed.exit, 0) << undisturbed.err;
  const auto disturbed = run("faulty");
  ASSERT_EQ(disturbed.exit, 0) << disturbed.err;

  const auto expected = finals(program, "sound");
  const auto actual = finals(program, "faulty");
  ASSERT_EQ(expected.size(), kCases);
  ASSERT_EQ(actual.size(), kCases);
  int failed = 0;
  std::set<FailureKind> seen;
  for (const auto& [id, record] : actual) {
    for (const store::Attempt& attempt : record.attempts) {
      if (attempt.failure) {
        seen.insert(*attempt.failure);
      }
    }
    if (record.outcome == score::Outcome::failed) {
      ++failed;
      // The only kind of the ten that is not tried until it is cured.
      EXPECT_EQ(record.error, FailureKind::protocol) << id << " " << record.error_message;
      EXPECT_FALSE(record.error_message.empty());
      EXPECT_FALSE(record.value.has_value());
      continue;
    }
    EXPECT_EQ(record.value, expected.at(id).value) << id;
    EXPECT_EQ(record.completion.text, expected.at(id).completion.text) << id;
    EXPECT_EQ(record.outcome, expected.at(id).outcome) << id;
  }
  EXPECT_GT(failed, 0);
  EXPECT_LT(failed, kCases / 4);
  for (const auto kind : {FailureKind::rate_limited,
                          FailureKind::server_error,
                          FailureKind::overloaded,
                          FailureKind::truncated,
                          FailureKind::idle_timeout,
                          FailureKind::stream_error,
                          FailureKind::protocol}) {
    EXPECT_TRUE(seen.contains(kind)) << backend::to_string(kind);
  }
}

// A sanitizer's own memory would count too.
constexpr long kMostMemoryKib = faceoff::test::kSanitized ? 4L * 1024 * 1024 : 200L * 1024;

TEST(HostileBody, Net12EndlessAndPackedBodiesCostLittleMemory) {
  const Program program;
  program.write("s.yaml", cli::test::kSuite);
  for (const std::string kind : {"endless", "gzip_bomb", "big_header", "many_headers"}) {
    program.write("hostile.yaml", "answers: s.yaml\nfaults: [{kind: " + kind + "}]\n");
    const auto done = program.run(
        {"run", "s.yaml", "-b", "m=simulate:hostile.yaml", "-o", kind, "-q", "--limit", "4"});
    EXPECT_EQ(done.exit, 4) << kind << ": " << done.err;
    EXPECT_LT(done.max_rss_kib, kMostMemoryKib) << kind;
    for (const auto& [id, record] : finals(program, kind)) {
      EXPECT_EQ(record.outcome, score::Outcome::failed) << kind << " " << id;
    }
  }
}

// The rate that --max-error-rate judges is that of the whole run, not of what was left of it.
TEST(ErrorRate, OfAResumedRunCountsWhatWasAnsweredBefore) {
  const Program program;
  program.write("s.yaml", cli::test::kSuite);
  program.write("one.yaml",
                "answers: s.yaml\nfaults: [{kind: status, status: 400, match: \"1 + 2\"}]\n");
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"run", "s.yaml", "-b", "m=simulate:one.yaml", "-o", "r"};
    words.insert(words.end(), more.begin(), more.end());
    return program.run(std::move(words));
  };
  EXPECT_EQ(run({"--max-error-rate", "20%"}).exit, 0);
  const auto resumed = run({"--resume", "--max-error-rate", "20%"});
  EXPECT_EQ(resumed.exit, 0) << resumed.err;
  const auto strict = run({"--resume"});
  EXPECT_EQ(strict.exit, 4);
  EXPECT_THAT(strict.err, HasSubstr("1 of 10 requests failed"));
}

}  // namespace
}  // namespace faceoff::matrix
