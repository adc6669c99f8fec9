#include "media.h"

#include "report/hostile.h"

#include <faceoff/base/text.h>
#include <faceoff/report/annotation.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::report {
namespace {

using test::payloads;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Csv, Out05NeutralisesWhatASpreadsheetTakesForAFormula) {
  for (const char* formula : {"=HYPERLINK(1)",
                              "+1",
                              "-2+3",
                              "@x",
                              "  =1",
                              "\xEF\xBC\x9D"
                              "1",
                              "\xEF\xBC\x8B"
                              "1",
                              "\xEF\xBC\x8D"
                              "1",
                              "\xEF\xBC\xA0x",
                              "\xE2\x80\x8B=1",
                              "-Infinity",
                              "\tx",
                              "\rx",
                              "\n=1"}) {
    const std::string field = csv_field(formula);
    EXPECT_TRUE(field.starts_with("'") || field.starts_with("\"'")) << field;
    EXPECT_EQ(csv_field(formula, CsvText::raw).find('\''), std::string::npos) << formula;
  }
  EXPECT_EQ(csv_field("42"), "42");
  EXPECT_EQ(csv_field("a-b"), "a-b");
}

TEST(Csv, QuotesWhatWouldEndAField) {
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_field(std::string("nul\0", 4), CsvText::raw), "nul\xEF\xBF\xBD");
}

TEST(Xml, Out04EscapesMarkupAndAttributes) {
  EXPECT_EQ(xml_text("</failure><b a=\"1\">&"), "&lt;/failure&gt;&lt;b a=&quot;1&quot;&gt;&amp;");
  EXPECT_EQ(xml_attribute("a\nb"), "a&#10;b");
}

TEST(Xml, Out07HasOnlyCharactersOfXml) {
  const std::string text =
      xml_text(std::string("\0\x01\x1f\xff\xed\xa0\x80\xef\xbf\xbe\xef\xbf\xbf", 13));
  EXPECT_TRUE(is_valid_utf8(text));
  EXPECT_THAT(text, Not(HasSubstr("\xEF\xBF\xBE")));
  EXPECT_THAT(text, Not(HasSubstr("\xEF\xBF\xBF")));
  for (const char c : text) {
    EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  }
}

TEST(Markdown, Out06FencesAreLongerThanAnyRunInside) {
  const std::string fenced = code_fence("````\n</details>\n@user ![x](y)\n````", 20);
  EXPECT_THAT(fenced, StartsWith("`````text\n"));
  EXPECT_THAT(fenced, EndsWith("\n`````\n"));
  EXPECT_EQ(code_span("a`b"), "``a`b``");
  EXPECT_EQ(code_span("`"), "`` ` ``");
  EXPECT_EQ(code_span("a|b", Place::table_cell), "`a\\|b`");
}

TEST(Markdown, Out06AMarkerClosesNoComment) {
  EXPECT_EQ(hidden_marker("faceoff:sums"), "<!-- faceoff:sums -->\n");
  EXPECT_EQ(hidden_marker("a--><img src=x>"), "<!-- a-img-src-x- -->\n");
  for (const std::string& payload : payloads()) {
    const std::string marker = hidden_marker(payload);
    EXPECT_EQ(marker.find('>'), marker.size() - 2) << marker;
    EXPECT_EQ(marker.find('\n'), marker.size() - 1) << marker;
  }
}

TEST(Github, Out03ForeignTextStartsNoCommandOfItsOwn) {
  EXPECT_EQ(annotation(Level::error, "a:b,c", "50%\n::warning::x", {"s,u:i.yaml", 3, 7}),
            "::error file=s%2Cu%3Ai.yaml,line=3,col=7,title=a%3Ab%2Cc::50%25⏎::warning::x\n");
  for (const std::string& payload : payloads()) {
    const std::string line = annotation(Level::notice, payload, payload, {payload, 1, 1});
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_THAT(line, StartsWith("::notice file="));
    EXPECT_THAT(line, Not(HasSubstr("##[")));
    EXPECT_THAT(line, Not(HasSubstr("##vso[")));
  }
}

TEST(Metrics, Out01LabelsStayOnOneLine) {
  EXPECT_EQ(metric_label("a\"b\\c"), "\"a\\\"b\\\\c\"");
  for (const std::string& payload : payloads()) {
    EXPECT_EQ(metric_label(payload).find('\n'), std::string::npos);
  }
}

TEST(EveryMedium, Out02ShowsWhatHides) {
  const std::string hidden =
      "a\xe2\x80\xae"
      "b\xe2\x80\x8b"
      "c\xf3\xa0\x81\x81";
  for (const std::string& text : {xml_text(hidden),
                                  xml_attribute(hidden),
                                  csv_field(hidden),
                                  code_span(hidden),
                                  code_fence(hidden, 5),
                                  metric_label(hidden),
                                  annotation(Level::error, hidden, hidden)}) {
    EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
    EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\x8b")));
    EXPECT_THAT(text, Not(HasSubstr("\xf3\xa0\x81\x81")));
    EXPECT_THAT(text, HasSubstr("{202E}"));
  }
}

TEST(EveryMedium, Out08LongTextTakesTimeInProportion) {
  const std::string megabyte(1'000'000, '`');
  EXPECT_GT(xml_text(megabyte).size(), megabyte.size() - 1);
  EXPECT_GT(csv_field(megabyte).size(), megabyte.size() - 1);
  EXPECT_GT(code_fence(megabyte, 5).size(), 2 * megabyte.size());
  const std::string quotes(1'000'000, '"');
  EXPECT_EQ(csv_field(quotes).size(), 2 * quotes.size() + 2);
}

}  // namespace
}  // namespace faceoff::report
