#include "doc/row_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::doc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Csv, ReadsTheExamplesOfRfc4180) {
  RowFile file(read_csv,
               "a,b,c\r\n"
               "1,2,3\r\n"
               "\"x,y\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\n"
               "\"\",, blank \r\n");
  EXPECT_THAT(file.rest(),
              ElementsAre(R"({"a":"1","b":"2","c":"3"})",
                          R"({"a":"x,y","b":"say \"hi\"","c":"two\r\nlines"})",
                          R"({"a":"","b":"","c":" blank "})"));
  EXPECT_THAT(file.mistakes(), IsEmpty());
}

TEST(Csv, SkipsAByteOrderMarkAndBlankLinesAndNeedsNoLastLineBreak) {
  RowFile file(read_csv, "\xEF\xBB\xBFid,x\n\n1,a\n\n\n2,b");
  EXPECT_THAT(file.rest(), ElementsAre(R"({"id":"1","x":"a"})", R"({"id":"2","x":"b"})"));
  EXPECT_THAT(file.mistakes(), IsEmpty());
}

TEST(Csv, MarksAreThoseOfTheFile) {
  RowFile file(read_csv, "id,text\n1,\"é\nb\"\n2,ü,\n3,x\n");
  const auto first = file.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->source->first_line, 2U);
  EXPECT_EQ(first->node.find("text")->span, (Span{{2, 3}, {3, 3}}));
  EXPECT_EQ(first->node.find("text")->style, Style::quoted);
  const auto third = file.next();
  ASSERT_TRUE(third);
  EXPECT_EQ(third->node.find("text")->span, (Span{{5, 3}, {5, 4}}));
  EXPECT_THAT(file.mistakes(),
              ElementsAre("4:1 csv::record: the record has 3 fields, the header names 2"));
}

TEST(Csv, GoesOnBehindARecordWithAMistake) {
  RowFile file(read_csv, "a,b\n1\n\"x\"y,2\nz\"z,3\n\xFF,4\nfine,5\n");
  EXPECT_THAT(file.rest(), ElementsAre(R"({"a":"fine","b":"5"})"));
  EXPECT_THAT(file.mistakes(),
              ElementsAre("2:1 csv::record: the record has 1 field, the header names 2",
                          "3:3 csv::quote: a quote stands where none may stand",
                          "4:2 csv::quote: a quote stands where none may stand",
                          "5:1 file::invalid-utf-8: the byte 0xFF is not valid UTF-8"));
}

TEST(Csv, EndsWhereTheQuotingIsLost) {
  RowFile file(read_csv, "a,b\n1,2\n3,\"open\n5,6\n7,8\n");
  EXPECT_THAT(file.rest(), ElementsAre(R"({"a":"1","b":"2"})"));
  EXPECT_THAT(file.mistakes(), ElementsAre("3:3 csv::record: a quoted field has no closing quote"));
}

TEST(Csv, RefusesColumnsWithoutANameAndColumnsNamedTwice) {
  RowFile file(read_csv, "a,,a\n1,2,3\n");
  EXPECT_THAT(file.rest(), IsEmpty());
  EXPECT_THAT(file.mistakes(),
              ElementsAre("1:3 csv::record: a column has no name",
                          "1:4 csv::duplicate-column: the column 'a' is given twice"));
}

TEST(Csv, ARecordIsBounded) {
  const std::string big(9 * 1024 * 1024, 'x');
  RowFile plain(read_csv, "a\n1\n" + big + "\n2\n");
  EXPECT_EQ(plain.rest().size(), 1U);
  EXPECT_THAT(plain.mistakes(), ElementsAre("3:1 csv::record: the record is longer than 8 MiB"));
  RowFile quoted(read_csv, "a\n1\n\"" + big + "\"\n2\n");
  EXPECT_EQ(quoted.rest().size(), 1U);
  EXPECT_THAT(quoted.mistakes(),
              ElementsAre("3:1 csv::record: a quoted field has no closing quote"));
}

TEST(Csv, AFileWithoutRowsHasNone) {
  for (const char* content : {"", "\n", "a,b", "a,b\n", "\xEF\xBB\xBF"}) {
    RowFile file(read_csv, content);
    EXPECT_THAT(file.rest(), IsEmpty()) << content;
    EXPECT_THAT(file.mistakes(), IsEmpty()) << content;
  }
}

TEST(Csv, EveryPrefixIsReadWithoutACrash) {
  const std::string text = "a,\"b \"\"c\"\"\"\r\n\"x\ny\",ü\r\n,\n";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    RowFile file(read_csv, text.substr(0, n));
    EXPECT_LE(file.rest().size(), 2U) << n;
  }
}

}  // namespace
}  // namespace faceoff::doc
