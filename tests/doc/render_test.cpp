#include "doc/doc_samples.h"

#include <faceoff/base/text.h>
#include <faceoff/base/wrap.h>
#include <faceoff/doc/decoder.h>
#include <faceoff/doc/fitted.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::doc {
namespace {

// Compares with tests/data/doc/<name>.txt; FACEOFF_UPDATE_GOLDEN=1 writes it anew.
void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(FACEOFF_TEST_DATA) + "/doc/" + name + ".txt";
  if (std::getenv("FACEOFF_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream file(path, std::ios::binary);
  std::stringstream expected;
  expected << file.rdbuf();
  EXPECT_EQ(text, expected.str()) << path;
}

Diagnostic at(const SourcePtr& source, Span span, std::string code, std::string message) {
  Diagnostic diagnostic;
  diagnostic.source = source;
  diagnostic.span = span;
  diagnostic.code = std::move(code);
  diagnostic.message = std::move(message);
  return diagnostic;
}

Diagnostics support_suite() {
  std::string text(11, '\n');
  text +=
      "  - id: refund-de\n"
      "    vars: {country: Germany}\n"
      "    scorrer: {type: contains, expect: \"30 days\"}\n"
      "\n\n\n"
      "    prompt: \"Refund rules for {{contry}}?\"\n"
      "\n\n"
      "  - id: refund-de\n";
  const auto source = make_source(text, "suites/support.yaml");
  Diagnostics diagnostics;
  auto duplicate =
      at(source, {{21, 9}, {21, 18}}, "suite::duplicate-id", "the id 'refund-de' is used twice");
  duplicate.label = "ids must be unique in a suite";
  duplicate.notes.push_back({{{12, 9}, {12, 18}}, "first used here"});
  diagnostics.add(duplicate);
  auto unknown = at(source, {{14, 5}, {14, 12}}, "suite::unknown-key", "unknown key 'scorrer'");
  unknown.label = "did you mean 'scorer'?";
  unknown.help = "keys allowed in a case: id, prompt, messages, vars, scorer, tags, weight";
  diagnostics.add(unknown);
  auto undefined = at(source,
                      {{18, 31}, {18, 41}},
                      "suite::undefined-variable",
                      "the prompt uses {{contry}}, which is not defined");
  undefined.label = "did you mean '{{country}}' (line 13)?";
  diagnostics.add(undefined);
  return diagnostics;
}

TEST(Render, ShowsMistakesInOrderWithTheirLines) {
  expect_golden("support", render(support_suite(), {}));
}

TEST(Render, ColoursWithTheEightThatEveryTerminalHas) {
  expect_golden("support-colour", render(support_suite(), {.colour = true}));
}

TEST(Render, Tty01FitsTheTerminal) {
  for (const std::size_t width : {40U, 60U, 80U}) {
    expect_golden("support-" + std::to_string(width), render_fitted(support_suite(), {}, width));
  }
  for (std::size_t width = 36; width < 140; ++width) {
    const std::string text = render_fitted(support_suite(), {.colour = true}, width);
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = text.find('\n', begin);
      EXPECT_LE(visible_width(text.substr(begin, end - begin)), width)
          << text.substr(begin, end - begin);
      begin = end + 1;
    }
  }
}

TEST(Render, PutsCaretsByDisplayWidth) {
  const auto source = make_source("名前: \"😀 кириллица\", x: e\u0301, y: bad\n");
  Diagnostics diagnostics;
  diagnostics.add(at(source, {{1, 5}, {1, 18}}, "a::b", "a wide text"));
  diagnostics.add(at(source, {{1, 24}, {1, 27}}, "a::b", "behind it"));
  diagnostics.add(at(source, {{1, 30}, {1, 33}}, "a::b", "behind it all"));
  expect_golden("wide", render(diagnostics, {}));
}

TEST(Render, ShowsAWindowOfALongLine) {
  const std::string before(300, 'b');
  const auto source = make_source(before + "HERE" + std::string(300, 'a') + "\nshort");
  Diagnostics diagnostics;
  diagnostics.add(at(source, {{1, 301}, {1, 305}}, "a::b", "in the middle"));
  diagnostics.add(at(source, {{1, 1}, {1, 5}}, "a::b", "at the start"));
  diagnostics.add(at(source, {{1, 605}, {1, 605}}, "a::b", "at the end"));
  expect_golden("window", render(diagnostics, {}));
  expect_golden("window-ascii", render(diagnostics, {.unicode = false}));
}

TEST(Render, PointsAtTheFirstLineOfALongSpanAndAtTheEndOfTheFile) {
  const auto source = make_source("a:\n  b: 1   \n  c: 2\n");
  Diagnostics diagnostics;
  diagnostics.add(at(source, {{2, 3}, {3, 7}}, "a::b", "two lines"));
  diagnostics.add(at(source, {{4, 1}, {4, 1}}, "a::b", "the end"));
  diagnostics.add(at(source, {{99, 1}, {99, 1}}, "a::b", "nowhere"));
  expect_golden("ends", render(diagnostics, {}));
}

TEST(Render, ShowsTwoPlacesInOneLineUnderIt) {
  const auto source = make_source("{a: 1, a: 2}\n");
  Diagnostics diagnostics;
  auto duplicate =
      at(source, {{1, 8}, {1, 9}}, "yaml::duplicate-key", "the key 'a' is given twice");
  duplicate.notes.push_back({{{1, 2}, {1, 3}}, "first defined here"});
  diagnostics.add(duplicate);
  expect_golden("same-line", render(diagnostics, {}));
}

TEST(Render, QuotesRowsOfALargerFile) {
  auto row = std::make_shared<Source>();
  row->name = "rows.jsonl";
  row->text = "{\"id\": 7}";
  row->first_line = 100'000;
  Diagnostics diagnostics;
  diagnostics.add(at(row, {{100'000, 8}, {100'000, 9}}, "a::b", "bad"));
  expect_golden("row", render(diagnostics, {}));
}

TEST(Render, CountsErrorsByFileAndSaysWhatTheOutcomeIs) {
  const auto a = make_source("x\n", "a.yaml");
  const auto b = make_source("x\n", "b.yaml");
  Diagnostics diagnostics;
  diagnostics.add(at(b, {{1, 1}, {1, 2}}, "a::b", "in b"));
  diagnostics.add(at(a, {{1, 1}, {1, 2}}, "a::b", "in a"));
  diagnostics.add(at(b, {{1, 1}, {1, 2}}, "a::b", "in b again"));
  expect_golden("files", render(diagnostics, {.outcome = "nothing was read"}));
}

TEST(RenderFaults, SUI_02_MoreThanTwentyAreCounted) {
  const auto source = make_source(std::string(40, '\n'));
  Diagnostics diagnostics;
  for (std::uint32_t line = 25; line > 0; --line) {
    diagnostics.add(at(source, {{line, 1}, {line, 1}}, "a::b", "mistake"));
  }
  const std::string text = render(diagnostics, {});
  EXPECT_THAT(text, testing::HasSubstr("a.yaml:1:1"));
  EXPECT_THAT(text, testing::HasSubstr("a.yaml:20:1"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("a.yaml:21:1")));
  EXPECT_THAT(text, testing::HasSubstr("\n… 5 more\n"));
  EXPECT_THAT(text, testing::EndsWith("\na.yaml: 25 errors; nothing was sent.\n"));
}

TEST(RenderFaults, SUI_07_ForeignTextCannotSteerTheTerminal) {
  const auto source = make_source("a: \x1B[2J\u202Eevil\n", "\x1B]0;x\x07.yaml");
  Diagnostics diagnostics;
  auto mistake = at(source, {{1, 4}, {1, 8}}, "a::b", "unknown key '\x1B[31m\n::error::x'");
  mistake.label = "did you mean '\u009B\x9B'?";
  mistake.help = "line\nbreak";
  mistake.notes.push_back({{{1, 1}, {1, 2}}, "\x1B[0m"});
  diagnostics.add(mistake);
  const std::string text = render(diagnostics, {});
  EXPECT_EQ(text.find_first_of("\x1B\x07"), std::string::npos) << text;
  EXPECT_EQ(text.find("\u009B"), std::string::npos) << text;
  EXPECT_EQ(text.find("\u202E"), std::string::npos);
  EXPECT_TRUE(is_valid_utf8(text));
  expect_golden("hostile", text);
  EXPECT_EQ(one_line(mistake).find_first_of("\x1B\x07\n"), std::string::npos);
}

}  // namespace
}  // namespace faceoff::doc
