#include "doc/doc_samples.h"

#include <faceoff/doc/decoder.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::doc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Decoding {
  explicit Decoding(std::string text)
      : source(make_source(std::move(text))), root(*parse_yaml(source, diagnostics)) {}

  [[nodiscard]] Context context() { return {source, "config", &diagnostics}; }
  [[nodiscard]] std::vector<std::string> mistakes() const {
    std::vector<std::string> lines;
    for (const auto& d : diagnostics.sorted()) {
      lines.push_back(one_line(d));
    }
    return lines;
  }

  Diagnostics diagnostics;
  SourcePtr source;
  Node root;
};

TEST(Decoder, TextsKeepThePlainScalarsAsWritten) {
  Decoding d("[42, 1.10, yes, true, \"\", 'x']");
  std::vector<std::string> texts;
  for (const auto& item : d.root.items) {
    texts.push_back(as_string(d.context(), item, "a").value_or("missing"));
  }
  EXPECT_THAT(texts, ElementsAre("42", "1.10", "yes", "true", "", "x"));
  EXPECT_THAT(d.mistakes(), IsEmpty());
}

TEST(Decoder, SaysWhatItFoundInPlaceOfAText) {
  Decoding d("[[], {}, ~]");
  for (const auto& item : d.root.items) {
    EXPECT_FALSE(as_string(d.context(), item, "id"));
  }
  EXPECT_THAT(d.mistakes(),
              ElementsAre("a.yaml:1:2: 'id' must be a text, found a list",
                          "a.yaml:1:6: 'id' must be a text, found a mapping",
                          "a.yaml:1:10: 'id' must be a text, found nothing; write \"\" for an "
                          "empty text"));
}

TEST(Decoder, ReadsNumbers) {
  Decoding d("[0, -2.5, 1e3, 0x10, +7]");
  std::vector<double> values;
  for (const auto& item : d.root.items) {
    values.push_back(as_number(d.context(), item, "a").value_or(-1));
  }
  EXPECT_THAT(values, ElementsAre(0, -2.5, 1000, 16, 7));
  EXPECT_THAT(d.mistakes(), IsEmpty());
}

TEST(Decoder, SaysWhatItFoundInPlaceOfANumber) {
  Decoding d("[\"0.5\", zero, .inf, [], 1e999]");
  for (const auto& item : d.root.items) {
    EXPECT_FALSE(as_number(d.context(), item, "p"));
  }
  EXPECT_THAT(d.mistakes(),
              ElementsAre("a.yaml:1:2: 'p' must be a number, found a text; write it without quotes",
                          "a.yaml:1:9: 'p' must be a number, found a text",
                          "a.yaml:1:15: 'p' must be a number, found a text",
                          "a.yaml:1:21: 'p' must be a number, found a list",
                          "a.yaml:1:25: 'p' is out of range: '1e999'"));
}

TEST(Decoder, ReadsWholeNumbersOnly) {
  Decoding d("[16, 0o17, 1.5, 010, 99999999999999999999]");
  const auto context = d.context();
  EXPECT_EQ(as_integer(context, d.root.items[0], "n"), 16);
  EXPECT_EQ(as_integer(context, d.root.items[1], "n"), 15);
  for (std::size_t i = 2; i < 5; ++i) {
    EXPECT_FALSE(as_integer(context, d.root.items[i], "n"));
  }
  EXPECT_THAT(d.mistakes(),
              ElementsAre("a.yaml:1:12: 'n' must be a whole number, found '1.5'",
                          "a.yaml:1:17: 'n' must be a whole number, found a text",
                          "a.yaml:1:22: 'n' is out of range: '99999999999999999999'"));
}

TEST(Decoder, ReadsBooleansTimesAndListsOfTexts) {
  Decoding d("[true, yes, 1.5s, 10, [a, 2], x]");
  const auto context = d.context();
  EXPECT_EQ(as_bool(context, d.root.items[0], "b"), true);
  EXPECT_FALSE(as_bool(context, d.root.items[1], "b"));
  EXPECT_EQ(as_duration(context, d.root.items[2], "t"), from_ms(1500));
  EXPECT_FALSE(as_duration(context, d.root.items[3], "t"));
  EXPECT_THAT(*as_strings(context, d.root.items[4], "s"), ElementsAre("a", "2"));
  EXPECT_THAT(*as_strings(context, d.root.items[5], "s"), ElementsAre("x"));
  EXPECT_EQ(d.diagnostics.size(), 2U);
}

TEST(MappingReader, ReportsEveryKeyThatNobodyAskedFor) {
  Decoding d("base_ulr: x\nmodel: m\nzzz: 1\n");
  const auto context = d.context();
  MappingReader reader(context, d.root, "a backend");
  EXPECT_EQ(reader.get("model")->text, "m");
  EXPECT_EQ(reader.get("base_url"), nullptr);
  reader.finish();
  EXPECT_THAT(
      d.mistakes(),
      ElementsAre("a.yaml:1:1: unknown key 'base_ulr'; did you mean 'base_url'?; keys allowed in a "
                  "backend: model, base_url",
                  "a.yaml:3:1: unknown key 'zzz'; keys allowed in a backend: model, base_url"));
  EXPECT_EQ(d.diagnostics.sorted().front().code, "config::unknown-key");
}

TEST(MappingReader, ReportsAMissingKeyAndWhatIsNoMapping) {
  Decoding d("- {a: 1}\n- {}\n- text\n");
  const auto context = d.context();
  for (const auto& item : d.root.items) {
    MappingReader reader(context, item, "an item");
    EXPECT_EQ(reader.require("b"), nullptr);
    EXPECT_EQ(reader.get("c"), nullptr);
  }
  EXPECT_THAT(d.mistakes(),
              ElementsAre("a.yaml:1:4: an item needs the key 'b'",
                          "a.yaml:2:3: an item needs the key 'b'",
                          "a.yaml:3:3: an item must be a mapping, found a text"));
}

}  // namespace
}  // namespace faceoff::doc
