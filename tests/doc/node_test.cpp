#include "doc/doc_samples.h"

#include <faceoff/doc/node.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::doc {
namespace {

Node plain(std::string text) {
  Node node;
  node.text = std::move(text);
  return node;
}

TEST(Node, DescribesPlainScalarsByTheYaml12CoreSchema) {
  struct Row {
    const char* text;
    const char* kind;
  };
  const Row rows[] = {
      {"", "nothing"},        {"~", "nothing"},   {"null", "nothing"},      {"true", "a boolean"},
      {"False", "a boolean"}, {"yes", "a text"},  {"off", "a text"},        {"42", "a number"},
      {"-7", "a number"},     {"+1", "a number"}, {"0", "a number"},        {"010", "a text"},
      {"1.10", "a number"},   {".5", "a number"}, {"5.", "a number"},       {"1e3", "a number"},
      {"1e", "a text"},       {".", "a text"},    {"-", "a text"},          {"0x1F", "a number"},
      {"0o17", "a number"},   {"0x", "a text"},   {"0xZ", "a text"},        {"1_000", "a text"},
      {".inf", "a text"},     {".nan", "a text"}, {"2026-01-01", "a text"}, {"1.2.3", "a text"},
      {"12:30:45", "a text"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(describe(plain(row.text)), row.kind) << row.text;
  }
}

TEST(Node, QuotedScalarsAreTextsWhateverTheyHold) {
  const auto list = yaml("- \"42\"\n- 'true'\n- \"\"\n- |-\n  null\n");
  ASSERT_TRUE(list.root);
  for (const auto& item : list.root->items) {
    EXPECT_EQ(describe(item), "a text") << item.text;
    EXPECT_FALSE(item.is_null());
  }
}

TEST(Node, FindsMembersByKey) {
  const auto parsed = yaml("a: 1\nb: {c: 2}\n");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(parsed.root->find("a")->text, "1");
  EXPECT_EQ(parsed.root->find("b")->find("c")->text, "2");
  EXPECT_EQ(parsed.root->find("c"), nullptr);
  EXPECT_EQ(parsed.root->find_member("b")->key_span.begin, (Mark{2, 1}));
}

TEST(Node, WritesItselfAsJson) {
  const auto parsed = yaml(
      "a: [1, -2.50, 1e3, +4, .5, 5., 0x1F, 010, yes, true, ~]\n"
      "b: {c: \"x \\\"y\\\" \\\\ \\n\\t\\x01\", d: '12', e: ü}\n");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(to_json(*parsed.root),
            R"({"a":[1,-2.50,1e3,4,0.5,5.0,31,"010","yes",true,null],)"
            R"("b":{"c":"x \"y\" \\ \n\t\u0001","d":"12","e":"ü"}})");
}

TEST(Node, ItsJsonReadsBackAsTheSameTree) {
  const auto first = yaml("a: [1, {b: \"\\0 \\e \u2028\"}, [], {}]\n");
  ASSERT_TRUE(first.root);
  const std::string text = to_json(*first.root);
  const auto second = json(text);
  ASSERT_TRUE(second.root) << text;
  EXPECT_EQ(to_json(*second.root), text);
}

}  // namespace
}  // namespace faceoff::doc
