#include "doc/doc_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::doc {
namespace {

using testing::ElementsAre;

TEST(Yaml, KeepsStyleAndPlaceOfEveryValue) {
  const auto parsed = yaml("a: plain text\nb: 'quoted'\nc: |\n  block\nd: [1, \"two\"]\n");
  ASSERT_TRUE(parsed.root);
  const Node& root = *parsed.root;
  EXPECT_EQ(root.find("a")->style, Style::plain);
  EXPECT_EQ(root.find("a")->span, (Span{{1, 4}, {1, 14}}));
  EXPECT_EQ(root.find("b")->style, Style::quoted);
  EXPECT_EQ(root.find("b")->span, (Span{{2, 4}, {2, 12}}));
  EXPECT_EQ(root.find("c")->style, Style::block);
  EXPECT_EQ(root.find("c")->text, "block\n");
  EXPECT_EQ(root.find("c")->span.begin, (Mark{3, 4}));
  EXPECT_EQ(root.find("d")->span, (Span{{5, 4}, {5, 14}}));
  EXPECT_EQ(root.find("d")->items[1].span, (Span{{5, 8}, {5, 13}}));
}

TEST(Yaml, ColumnsCountCodePoints) {
  const auto parsed = yaml("{\"ключ 😀\": x, b: y}\n");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(parsed.root->find("b")->span.begin, (Mark{1, 18}));
}

TEST(Yaml, OnlyALineFeedEndsALineForPlaces) {
  // libyaml also counts U+0085, U+2028 and a lone CR; editors do not.
  const auto parsed = yaml("a: \"x\u2028y\u0085z\"\r\nb: 1\n");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(parsed.root->find("b")->span.begin, (Mark{2, 4}));
}

TEST(Yaml, ExpandsAliases) {
  const auto parsed = yaml("a: &x {k: [1, 2]}\nb: *x\nc: [*x, &y z, *y]\n");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(to_json(*parsed.root),
            R"({"a":{"k":[1,2]},"b":{"k":[1,2]},"c":[{"k":[1,2]},"z","z"]})");
}

TEST(Yaml, AnAnchorCanBeGivenAgain) {
  const auto parsed = yaml("[&a 1, *a, &a 2, *a]\n");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(to_json(*parsed.root), "[1,1,2,2]");
}

TEST(Yaml, ReportsAllDuplicateKeysTagsAndMergeKeys) {
  const auto parsed = yaml("a: 1\na: 2\nb: !x 1\nc: {<<: 3}\nb: 4\n");
  EXPECT_FALSE(parsed.root);
  EXPECT_THAT(parsed.places(),
              ElementsAre("2:1 yaml::duplicate-key",
                          "3:4 yaml::tag",
                          "4:5 yaml::merge-key",
                          "5:1 yaml::duplicate-key"));
}

TEST(Yaml, AQuotedMergeSignIsAKey) {
  const auto parsed = yaml("'<<': 1\n");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(parsed.root->find("<<")->text, "1");
}

TEST(Yaml, ExplainsBracesThatBeginAText) {
  const auto parsed = yaml("prompt: {{a}} + 1\n");
  EXPECT_THAT(parsed.places(), ElementsAre("1:10 yaml::key"));
  EXPECT_EQ(parsed.diagnostics.sorted().front().help, "put a text that begins with '{{' in quotes");
}

TEST(Yaml, SuggestsTheAliasThatWasMeant) {
  const auto parsed = yaml("a: &params {}\nb: *parms\n");
  EXPECT_THAT(parsed.places(), ElementsAre("2:4 yaml::alias"));
  EXPECT_EQ(parsed.diagnostics.sorted().front().help, "did you mean '*params'?");
}

TEST(Yaml, DepthOf64IsAllowedAndNoMore) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_TRUE(yaml(nested(64)).root);
  EXPECT_THAT(yaml(nested(65)).places(), ElementsAre("1:65 yaml::too-deep"));
}

TEST(Yaml, AliasesCannotBuildDeeperTrees) {
  std::string text = "a0: &a0 " + std::string(60, '[') + std::string(60, ']') + "\n";
  for (int i = 1; i < 1000; ++i) {
    const auto n = std::to_string(i);
    text += "a" + n + ": &a" + n + " [[*a" + std::to_string(i - 1) + "]]\n";
  }
  EXPECT_THAT(yaml(text).places(), ElementsAre("3:11 yaml::too-deep"));
}

TEST(Yaml, AliasesOfALongTextAreBounded) {
  std::string text = "a: &a " + std::string(1024 * 1024, 'x') + "\nb: [";
  for (int i = 0; i < 100; ++i) {
    text += "*a, ";
  }
  const auto parsed = yaml(text + "]\n");
  ASSERT_FALSE(parsed.root);
  EXPECT_EQ(parsed.diagnostics.sorted().front().code, "yaml::too-large");
}

TEST(Yaml, NestedAnchorsDoNotKeepTheirValuesOncePerLevel) {
  std::string text;
  for (int i = 0; i < 60; ++i) {
    text += "&a" + std::to_string(i) + " [";
  }
  for (int i = 0; i < 50'000; ++i) {
    text += "0,";
  }
  const auto parsed = yaml(text + std::string(60, ']'));
  ASSERT_FALSE(parsed.root);
  EXPECT_EQ(parsed.diagnostics.sorted().front().code, "yaml::too-large");
}

TEST(Yaml, EveryPrefixOfADocumentIsReadWithoutACrash) {
  const std::string text =
      "# comment\nsuite: \"a \\u00e4\\n\"\nlist: [1, {a: 'b''c'}, &x [y], *x]\n"
      "block: |+\n  ünicode 😀\n\n- oops: >-\n   fold\n?  key\n: value\n...\n---\nmore: !t 1\n";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const auto parsed = yaml(text.substr(0, n));
    EXPECT_NE(parsed.root.has_value(), !parsed.diagnostics.empty()) << n;
  }
}

TEST(Yaml, EveryBrokenByteIsReadWithoutACrash) {
  const std::string text = "a: [1, {b: \"c\"}, &x 'd', *x]\ne: |\n  f\n";
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string broken = text;
      broken[i] = static_cast<char>(byte);
      const auto parsed = yaml(broken);
      EXPECT_NE(parsed.root.has_value(), !parsed.diagnostics.empty()) << i << " " << byte;
    }
  }
}

}  // namespace
}  // namespace faceoff::doc
