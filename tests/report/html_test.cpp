#include "report/hostile_texts.h"
#include "report/sample.h"
#include "report/tags.h"
#include "support/temp_folder.h"

#include <faceoff/base/text.h>
#include <faceoff/report/case_views.h>
#include <faceoff/report/reporter.h>


#include <gtest/gtest.h>

namespace faceoff::report {
namespace {

std::string page_of(const Report& report) {
  return *to_text(*find("html"), report);
}

// The document without our own style and script.
std::string without_ours(std::string page) {
  for (const auto& [open, close] :
       {std::pair<std::string, std::string>{"<style>", "</style>"}, {"<script>", "</script>"}}) {
    const auto from = page.rfind(open);
    const auto to = page.find(close, from);
    page.erase(from, to - from);
  }
  return page;
}

Report hostile_report(const std::string& text) {
  test::SampleBackend evil = test::llama();
  evil.name = text;
  evil.local = false;
  std::vector<store::Record> records = test::sample_records(test::gpt(), 12);
  for (store::Record& record : test::sample_records(evil, 12)) {
    records.push_back(std::move(record));
  }
  for (store::Record& record : records) {
    record.tags = {text};
    record.cluster = text;
    record.targets = {text};
    record.messages = {{.role = chat::Role::user, .text = text}};
    record.completion.text = text;
    record.completion.reasoning = text;
    record.completion.model = text;
    record.completion.finish_text = text;
    record.completion.tool_calls = {{.id = text, .name = text, .arguments = text}};
    record.warnings = {text};
    record.scores = {{.scorer = text,
                      .answer = text,
                      .reason = text,
                      .label = text,
                      .trace = {{.step = text, .taken = text}}}};
  }
  records[12].case_id = text;
  test::fail(records[12], backend::FailureKind::server_error, text);
  store::Manifest manifest = test::sample_manifest({test::gpt(), evil}, 12);
  manifest.suite = text;
  manifest.id = "x-" + text;
  manifest.version = text;
  manifest.description = text;
  manifest.command = {"faceoff", text};
  manifest.scorers = {text};
  manifest.notes = {text};
  manifest.backends[1].model = text;
  manifest.backends[1].base_url = "https://" + text + "/v1";
  manifest.backends[1].identity.server = text;
  Report report = test::report_of(manifest, records);
  report.cases = std::make_shared<const CaseViews>(
      *CaseViews::open({{.label = "gpt-4o",
                         .backend = "gpt-4o",
                         .folder = {},
                         .records = std::make_shared<const std::vector<store::Record>>(records)},
                        {.label = text,
                         .backend = text,
                         .folder = {},
                         .records = std::make_shared<const std::vector<store::Record>>(records)}}));
  return report;
}

TEST(HtmlReport, Out04MakesNoElementOfAnyText) {
  const auto harmless = test::tags_in(without_ours(page_of(hostile_report("plain"))));
  for (const std::string& text : test::hostile_texts()) {
    const std::string document = without_ours(page_of(hostile_report(text)));
    EXPECT_TRUE(test::tags_in(document) == harmless) << display_text(text);
    EXPECT_EQ(document.find("<!--"), std::string::npos);
    EXPECT_EQ(document.find("href=\"javascript"), std::string::npos);
  }
}

TEST(HtmlReport, Out01ShowsControlCharactersAsText) {
  for (const std::string& text : test::hostile_texts()) {
    const std::string document = page_of(hostile_report(text));
    ASSERT_TRUE(is_valid_utf8(document)) << display_text(text);
    for (const char c : document) {
      const auto byte = static_cast<unsigned char>(c);
      ASSERT_TRUE(byte == '\n' || (byte >= 0x20 && byte != 0x7F)) << display_text(text);
    }
  }
}

TEST(HtmlReport, Out02LeavesNothingThatTurnsTheDirectionOfText) {
  const std::string document = page_of(hostile_report("\xe2\x80\xae\xe2\x81\xa6x\xe2\x80\x8by"));
  for (const char* sign : {"\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\x8b"}) {
    EXPECT_EQ(document.find(sign), std::string::npos) << sign;
  }
}

TEST(HtmlReport, Out07TakesBytesThatAreNoText) {
  const std::string document = page_of(hostile_report(std::string("a\0b", 3) + "\xff\xe4\xb8"));
  EXPECT_TRUE(is_valid_utf8(document));
  EXPECT_EQ(document.find('\0'), std::string::npos);
}

TEST(HtmlReport, Out08StaysBelowTenMegabytes) {
  std::vector<store::Record> records = test::sample_records(test::gpt(), 1200);
  std::uint64_t state = 1;
  for (store::Record& record : records) {
    // Text that does not shrink, and far more of it than is shown.
    for (int i = 0; i < 9'000; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      record.completion.text += static_cast<char>('!' + (state >> 57U) % 90);
      record.completion.reasoning += static_cast<char>('!' + (state >> 41U) % 90);
    }
    record.messages = {{.role = chat::Role::user, .text = record.completion.reasoning}};
  }
  Report report = test::report_of(test::sample_manifest({test::gpt()}, 1200), records);
  report.cases = std::make_shared<const CaseViews>(
      *CaseViews::open({{.label = "gpt-4o",
                         .backend = "gpt-4o",
                         .folder = {},
                         .records = std::make_shared<const std::vector<store::Record>>(records)}}));
  const std::string document = page_of(report);
  EXPECT_LT(document.size(), 10'000'000U);
  EXPECT_GT(document.size(), 7'000'000U);
  EXPECT_NE(document.find("those of the others stand in the run&#39;s records"), std::string::npos);
}

TEST(HtmlReport, Out13TellsEveryOutcomeFromEveryOther) {
  std::vector<store::Record> records = test::sample_records(test::gpt(), 8);
  using score::Outcome;
  const std::array outcomes{Outcome::no_extraction,
                            Outcome::empty,
                            Outcome::truncated,
                            Outcome::refused,
                            Outcome::unscored};
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    records[i].outcome = outcomes.at(i);
    records[i].value = outcomes.at(i) == Outcome::unscored ? std::nullopt : std::optional(0.0);
  }
  test::fail(records[6], backend::FailureKind::content_filter, "blocked");
  const std::string document =
      page_of(test::report_of(test::sample_manifest({test::gpt()}, 8), records));
  for (const char* name :
       {"no_extraction", "empty", "truncated", "refused", "unscored", "failed"}) {
    EXPECT_NE(document.find("<a href=\"#s0=" + std::string(name) + "\">1</a>"), std::string::npos);
  }
}

TEST(HtmlReport, NamesNoAddressOutsideItself) {
  Report report = test::full_report();
  for (Column& column : report.columns) {
    column.host.clear();
  }
  const std::string document = page_of(report);
  std::string rest = document;
  for (const std::string allowed : {"http://www.w3.org/2000/svg"}) {
    for (auto at = rest.find(allowed); at != std::string::npos; at = rest.find(allowed)) {
      rest.erase(at, allowed.size());
    }
  }
  for (const char* sign : {"http://", "https://", "src=", "@import", "url("}) {
    EXPECT_EQ(rest.find(sign), std::string::npos) << sign;
  }
  EXPECT_NE(document.find("default-src &#39;none&#39;; script-src &#39;sha256-"),
            std::string::npos);
  for (const char* loose : {"unsafe-inline", "unsafe-eval", " style=", " onclick="}) {
    EXPECT_EQ(document.find(loose), std::string::npos) << loose;
  }
}

TEST(HtmlReport, ShowsVerdictAndFiguresWithoutAScript) {
  const std::string document = without_ours(page_of(test::full_report()));
  for (const char* part : {"<h2 id=\"verdict\"><span class=\"name c",
                           "%</span> <span class=\"ci\">[",
                           "1 × server_error",
                           "href=\"#case=case-"}) {
    EXPECT_NE(document.find(part), std::string::npos) << part;
  }
}

TEST(HtmlReport, GivesNoVerdictOnARunThatIsNotComplete) {
  Report report = test::full_report();
  report.manifest.state = store::RunState::interrupted;
  const std::string document = page_of(report);
  EXPECT_NE(document.find("No verdict: the run is not complete"), std::string::npos);
  EXPECT_EQ(document.find("scores higher"), std::string::npos);
}

}  // namespace
}  // namespace faceoff::report
