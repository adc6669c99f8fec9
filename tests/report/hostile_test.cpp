#include "report/hostile.h"

#include "report/sample.h"

#include <faceoff/base/text.h>
#include <faceoff/report/reporter.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::report {
namespace {

using test::hostile_report;
using test::payloads;
using ::testing::HasSubstr;
using ::testing::Not;

bool is_command_for_a_runner(std::string_view line) {
  const std::string_view trimmed = trim(line);
  return trimmed.starts_with("::") || line.find("##[") != std::string_view::npos ||
         line.find("##vso[") != std::string_view::npos ||
         line.find("##teamcity[") != std::string_view::npos;
}

void expect_safe_for_terminal(const std::string& text, std::size_t width, const std::string& name) {
  EXPECT_TRUE(is_valid_utf8(text)) << name;
  EXPECT_EQ(display_text(text, Lines::keep), text) << name;
  for (const std::string_view line : split(text, '\n')) {
    EXPECT_FALSE(is_command_for_a_runner(line)) << line;
    // Commands to copy are never cut; at sixty columns those here fit.
    if (width >= 60) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
}

TEST(HostileText, ReachesNoTerminal) {
  for (const std::string& payload : payloads()) {
    const Report report = hostile_report(payload);
    for (const std::size_t width : {0U, 40U, 60U, 80U, 120U}) {
      expect_safe_for_terminal(write_table(report, {.width = width}), width, display_text(payload));
      expect_safe_for_terminal(
          write_table(report, {.width = width, .unicode = false}), width, display_text(payload));
    }
  }
}

TEST(HostileText, KeepsTableColumnsAligned) {
  for (const std::string& payload : payloads()) {
    const Report hostile = hostile_report(payload);
    const std::string text = write_table(hostile, {.width = 0});
    // The row of `plain` and that of `all` end their case counts in one column.
    std::vector<std::size_t> ends;
    for (const std::string_view line : split(text, '\n')) {
      const auto percent = line.find('%');
      const bool of_score = line.find(" pp") != std::string_view::npos;
      if (of_score && percent != std::string_view::npos && !line.starts_with("  score")) {
        ends.push_back(display_width(line.substr(0, percent)));
      }
    }
    ASSERT_EQ(ends.size(), 3U) << text;
    EXPECT_EQ(ends[0], ends[1]) << text;
    EXPECT_EQ(ends[1], ends[2]) << text;
  }
}

TEST(HostileText, PrefixesEveryLineOfAnError) {
  const Report report = hostile_report("first\n::error::second");
  const std::string text = write_table(report, {.width = 80});
  EXPECT_THAT(text, HasSubstr("    │ first\n    │ \\u{3A}:error::second\n"));
}

// What GitHub would render: everything outside code spans and fences.
std::string outside_code(const std::string& markdown) {
  std::string out;
  std::size_t i = 0;
  while (i < markdown.size()) {
    if (markdown[i] != '`') {
      out += markdown[i++];
      continue;
    }
    std::size_t run = 0;
    while (i + run < markdown.size() && markdown[i + run] == '`') {
      ++run;
    }
    const std::string ticks(run, '`');
    std::size_t close = markdown.find(ticks, i + run);
    while (close != std::string::npos &&
           (markdown[close - 1] == '`' ||
            (close + run < markdown.size() && markdown[close + run] == '`'))) {
      close = markdown.find(ticks, close + 1);
    }
    if (close == std::string::npos) {
      out += ticks;
      i += run;
    } else {
      i = close + run;
    }
  }
  return out;
}

TEST(HostileText, StaysInsideCodeInMarkdown) {
  for (const std::string& payload : payloads()) {
    const std::string text = write_markdown(hostile_report(payload), {});
    EXPECT_TRUE(is_valid_utf8(text));
    EXPECT_EQ(display_text(text, Lines::keep), text) << display_text(payload);
    const std::string rendered = outside_code(text);
    for (const char* sign : {"@", "<i", "</", "<!", "![", "](", "`", "evil", "onerror"}) {
      EXPECT_THAT(rendered, Not(HasSubstr(sign))) << display_text(payload);
    }
  }
}

TEST(HostileText, AddsNoCellToAMarkdownTable) {
  const std::string text = write_markdown(hostile_report("a|b|c"), {});
  EXPECT_THAT(text, HasSubstr("| `a\\|b\\|c` |"));
}

TEST(HostileText, IsAsciiInJson) {
  for (const std::string& payload : payloads()) {
    const std::string text = write_json(hostile_report(payload), {});
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      ASSERT_TRUE(byte == '\n' || (byte >= 0x20 && byte < 0x7F)) << display_text(payload);
    }
  }
}

TEST(HostileText, LosesSecretsOnTheWay) {
  const std::string key = "sk-" + std::string(40, 'x');
  const Report report = hostile_report("Incorrect API key provided: " + key);
  ASSERT_FALSE(report.columns[1].summary.failures.empty());
  EXPECT_THAT(report.columns[1].summary.failures[0].message, Not(HasSubstr(key)));
}

}  // namespace
}  // namespace faceoff::report
