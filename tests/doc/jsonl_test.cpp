#include "doc/row_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::doc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Jsonl, ReadsOneObjectALineAndSkipsBlankLines) {
  RowFile file(read_jsonl, "\xEF\xBB\xBF{\"a\": 1}\r\n\n  \n{\"a\": \"ü\"}");
  EXPECT_THAT(file.rest(), ElementsAre(R"({"a":1})", R"({"a":"ü"})"));
  EXPECT_THAT(file.mistakes(), IsEmpty());
}

TEST(Jsonl, MarksAreThoseOfTheFileAndTheSourceIsTheRow) {
  RowFile file(read_jsonl, "{\"a\": 1}\n\n{\"ä\": [2, 3]}\n");
  ASSERT_TRUE(file.next());
  const auto row = file.next();
  ASSERT_TRUE(row);
  EXPECT_EQ(row->source->text, "{\"ä\": [2, 3]}");
  EXPECT_EQ(row->source->first_line, 3U);
  EXPECT_EQ(row->node.find("ä")->items[1].span, (Span{{3, 11}, {3, 12}}));
}

TEST(Jsonl, GoesOnBehindALineWithAMistake) {
  RowFile file(
      read_jsonl,
      "{\"a\": 1}\n{\"a\": }\n[1]\n{\"a\": 1, \"a\": 2}\n{\"a\": \"\\ud800\"}\n\xFF\n{\"a\": 2}\n");
  EXPECT_THAT(file.rest(), ElementsAre(R"({"a":1})", R"({"a":2})"));
  EXPECT_THAT(file.mistakes(),
              ElementsAre("2:7 json::syntax: expected a value, found '}'",
                          "3:1 jsonl::row: a line must hold an object, found a list",
                          "4:10 json::duplicate-key: the key 'a' is given twice",
                          "5:8 json::syntax: '\\ud800' is half of a surrogate pair",
                          "6:1 file::invalid-utf-8: the byte 0xFF is not valid UTF-8"));
}

TEST(Jsonl, GoesOnBehindALineThatIsTooLong) {
  const std::string longest = "{\"a\": \"" + std::string(kMaxRowBytes - 9, 'x') + "\"}";
  ASSERT_EQ(longest.size(), kMaxRowBytes);
  RowFile file(read_jsonl, longest + "\n" + longest + " \n" + longest + longest + "\n{\"b\": 1}\n");
  ASSERT_TRUE(file.next());
  EXPECT_THAT(file.rest(), ElementsAre(R"({"b":1})"));
  EXPECT_THAT(file.mistakes(),
              ElementsAre("2:1 jsonl::row: the line is longer than 8 MiB",
                          "3:1 jsonl::row: the line is longer than 8 MiB"));
}

TEST(Jsonl, ATooLongLastLineIsReportedToo) {
  RowFile file(read_jsonl, "{\"b\": 1}\n" + std::string(20 * 1024 * 1024, ' '));
  EXPECT_EQ(file.rest().size(), 1U);
  EXPECT_THAT(file.mistakes(), ElementsAre("2:1 jsonl::row: the line is longer than 8 MiB"));
}

TEST(Jsonl, BrokenRowsWithoutEndDoNotFillTheMemory) {
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    text += "{oops\n";
  }
  RowFile file(read_jsonl, text);
  EXPECT_THAT(file.rest(), IsEmpty());
  EXPECT_EQ(file.diagnostics.size(), 5000U);
  EXPECT_EQ(file.diagnostics.sorted().size(), Diagnostics::kMaxKept);
}

}  // namespace
}  // namespace faceoff::doc
