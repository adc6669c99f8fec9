// A stored run that somebody else made, opened by every command that reads runs.
#include "cli/program.h"

#include <faceoff/base/files.h>
#include <faceoff/store/run_folder.h>

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::matrix {
namespace {

using cli::test::Program;
using testing::HasSubstr;
using testing::Not;

// What a terminal, a CI log, a page or a table could be taken in by.
const std::vector<std::string>& payloads() {
  static const std::vector<std::string> kPayloads{
      "\x1b[2J\x1b[1;1Hcleared",                        // CSI: clears the screen
      "\x1b]0;title\x07",                               // OSC 0: the window's title
      "\x1b]52;c;ZXZpbA==\x07",                         // OSC 52: the clipboard
      "\x1b]8;;http://evil.invalid\x1b\\link\x1b]8;;",  // OSC 8, never closed
      "\x1bPq#0;2;0;0;0\x1b\\",                         // DCS
      "c1\xc2\x9b"
      "31m",                          // CSI as one character
      "back\b\b\bspace\rreturn\x7f",  // overwrites what stands before
      "bidi\xe2\x80\xae"
      "desrever\xe2\x81\xa6",                              // right-to-left override, isolate
      "zero\xe2\x80\x8bwidth\xef\xbb\xbf",                 // zero width space, byte order mark
      "::error::forged\n  ::add-mask::a\nfoo ##[error]x",  // commands of CI logs
      "##vso[task.setvariable variable=a]b",
      "</script><img src=x onerror=alert(1)><!--",
      "| a | b |\n\n```\n</details>",
      std::string("nul\0byte", 8),
      "invalid \xff\xfe utf-8 \xed\xa0\x80"};
  return kPayloads;
}

store::Record record_of(std::size_t number, const std::string& evil, const std::string& backend) {
  store::Record record;
  record.suite = "s" + evil;
  record.case_id = std::to_string(number) + evil;
  record.backend = backend;
  record.tags = {evil};
  record.cluster = evil;
  record.targets = {evil};
  record.digest = std::to_string(number);
  record.messages = {{.role = chat::Role::user, .text = evil}};
  record.completion.text = evil;
  record.completion.reasoning = evil;
  record.completion.finish = chat::Finish::stop;
  record.completion.finish_text = evil;
  record.completion.model = evil;
  record.warnings = {evil};
  if (number % 2 == 0) {
    record.outcome = score::Outcome::failed;
    record.error = backend::FailureKind::server_error;
    record.error_message = evil;
    store::Attempt attempt;
    attempt.failure = backend::FailureKind::server_error;
    attempt.message = evil;
    attempt.note = evil;
    record.attempts = {attempt};
  } else {
    record.outcome = score::Outcome::scored;
    record.value = 1.0;
    score::Score score;
    score.scorer = evil;
    record.scores = {score};
  }
  return record;
}

void write_hostile_run(const std::filesystem::path& folder) {
  std::string all;
  for (const std::string& payload : payloads()) {
    all += payload;
  }
  store::Manifest manifest;
  manifest.id = "hostile-20260101T000000Z-00000000";
  manifest.suite = "s" + all;
  manifest.suite_path = all;
  manifest.suite_digest = all;
  manifest.description = all;
  manifest.cases = payloads().size();
  manifest.trials = 2 * payloads().size();
  for (const std::string name : {"a", "b"}) {
    store::BackendEntry entry;
    entry.name = name + all;
    entry.adapter = all;
    entry.model = all;
    entry.base_url = all;
    entry.identity.server = all;
    entry.identity.model = all;
    entry.identity.facts = {{all, all}};
    entry.trials = payloads().size();
    manifest.backends.push_back(std::move(entry));
  }
  manifest.command = {all};
  manifest.version = all;
  manifest.host_os = all;
  manifest.started_utc = all;
  manifest.finished_utc = all;
  manifest.state = store::RunState::complete;
  manifest.scorers = {all};
  manifest.notes = {all};
  const auto writer = store::RunWriter::create(folder, manifest);
  ASSERT_TRUE(writer) << writer.error().message;
  for (const auto& backend : manifest.backends) {
    for (std::size_t i = 0; i < payloads().size(); ++i) {
      ASSERT_TRUE((*writer)->append(record_of(i, payloads()[i], backend.name), TimePoint{}));
    }
  }
  ASSERT_TRUE((*writer)->close());
}

// Nothing that a terminal acts on but the end of a line.
void expect_harmless(const std::string& text, const std::string& what) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    ASSERT_FALSE((c < 0x20 && c != '\n') || c == 0x7F)
        << what << " holds byte " << int{c} << " in: " << text.substr(i < 60 ? 0 : i - 60, 100);
  }
  for (const char* bad : {"\xc2\x9b",
                          "\xe2\x80\xae",
                          "\xe2\x81\xa6",
                          "\xe2\x80\x8b",
                          "\xef\xbb\xbf",
                          "\xff",
                          "\n::",
                          "\n  ::",
                          "##[",
                          "##vso["}) {
    EXPECT_THAT(text, Not(HasSubstr(bad))) << what;
  }
}

TEST(HostileRun, Crs09ReachesNoTerminalUnescaped) {
  const Program program;
  std::filesystem::create_directory(program.folder() / "results");
  write_hostile_run(program.folder() / "results" / "hostile");
  const std::vector<std::vector<std::string>> calls{
      {"report", "results/hostile"},
      {"report", "results/hostile", "--format", "md"},
      {"report", "results/hostile", "--format", "comment"},
      {"report", "results/hostile", "--format", "junit", "--junit-level", "flips"},
      {"report", "results/hostile", "--format", "junit", "--junit-level", "cases"},
      {"report", "results/hostile", "--format", "openmetrics"},
      {"show", "results/hostile"},
      {"show", "results/hostile", "--flips"},
      {"show", "results/hostile", "--failures"},
      {"show", "results/hostile", "14"},
      {"show", "results/hostile", "3"},
      {"compare", "results/hostile", "results/hostile"},
      {"list", "runs"}};
  for (const auto& words : calls) {
    const auto done = program.run(words);
    const std::string what = words[0] + " " + words[1] + (words.size() > 3 ? " " + words[3] : "");
    // Refusing such a run with a reason is an answer too; dying is none.
    EXPECT_LT(done.exit, 8) << what << ": " << done.err;
    EXPECT_FALSE(done.out.empty() && done.err.empty()) << what;
    expect_harmless(done.out, what + ", standard output");
    expect_harmless(done.err, what + ", standard error");
  }
  const auto json = program.run({"report", "results/hostile", "--json"});
  EXPECT_EQ(json.exit, 0) << json.err;
  EXPECT_TRUE(nlohmann::json::accept(json.out)) << json.out.substr(0, 400);
}

}  // namespace
}  // namespace faceoff::matrix
