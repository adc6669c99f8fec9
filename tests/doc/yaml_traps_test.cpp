#include "doc/doc_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// What yaml-cpp and others accept or choke on, one row for each trap.
namespace faceoff::doc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Trap {
  const char* what;
  std::string text;
  const char* place;
  const char* note = "";
};

std::string alias_bomb() {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    text += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) {
      text += "*" + before + ", ";
    }
    text += "]\n";
  }
  return text;
}

std::vector<Trap> traps() {
  return {
      {"unterminated quote", "a: \"open\nb: 2\n", "3:1 yaml::syntax", "1:4 the text begins here"},
      {"duplicate key", "a: 1\nb: 2\na: 3\n", "3:1 yaml::duplicate-key", "1:1 first defined here"},
      {"duplicate key, flow", "{a: 1, a: 2}", "1:8 yaml::duplicate-key", "1:2 first defined here"},
      {"invalid UTF-8", "a: b\nc: \"\xFFx\"\n", "2:5 file::invalid-utf-8"},
      {"cut UTF-8", "a: \"\xE2\x82", "1:5 file::invalid-utf-8"},
      {"encoded surrogate", "a: \xED\xA0\x80\n", "1:4 file::invalid-utf-8"},
      {"UTF-16 LE",
       std::string("\xFF\xFE"
                   "a\0:\0",
                   6),
       "1:1 file::utf-16"},
      {"UTF-16 BE", std::string("\xFE\xFF\0a\0:", 6), "1:1 file::utf-16"},
      {"UTF-16 without a mark", std::string("a\0:\0 \0b\0", 8), "1:1 file::utf-16"},
      {"NUL", std::string("a: b\nc: d\0e\n", 12), "2:5 yaml::control-character"},
      {"escape character", "a: b\x1B[31m\n", "1:5 yaml::control-character"},
      {"alias cycle", "- &a [*a]\n", "1:7 yaml::alias"},
      {"cycle through a mapping", "&a {x: [1, *a]}", "1:12 yaml::alias"},
      {"unknown alias", "a: *b\n", "1:4 yaml::alias"},
      {"second document", "a: 1\n---\nb: 2\n", "2:1 yaml::second-document"},
      {"merge key", "a: &x {b: 1}\nc:\n  <<: *x\n", "3:3 yaml::merge-key"},
      {"tag", "a: !exec x\n", "1:4 yaml::tag"},
      {"tag on a list", "a: !!set [x]\n", "1:4 yaml::tag"},
      {"python tag", "!!python/object/apply:os.system [ls]", "1:1 yaml::tag"},
      {"surrogates as escapes",
       "a: \"\\ud83d\\ude00\"\n",
       "1:7 yaml::syntax",
       "1:4 while parsing a quoted scalar"},
      {"depth of 100,000 lists", std::string(100'000, '['), "1:65 yaml::too-deep"},
      {"depth of 100,000 dashes",
       [] {
         std::string text;
         for (int i = 0; i < 100'000; ++i) {
           text += "- ";
         }
         return text;
       }(),
       "1:129 yaml::too-deep"},
      {"alias bomb", alias_bomb(), "6:32 yaml::too-large"},
      {"list as a key", "[a, b]: c\n", "1:1 yaml::key"},
      {"alias as a key", "a: &x y\n*x : z\n", "2:1 yaml::key"},
      {"tab as indentation", "a:\n\tb: 1\n", "2:1 yaml::syntax"},
      {"colon in a text", "a: b: c\n", "1:5 yaml::syntax"},
      {"unclosed list", "a: [1, 2\n", "2:1 yaml::syntax", "1:4 the list begins here"},
      {"empty", "", "1:1 yaml::empty"},
      {"only a comment", "# nothing\n", "1:1 yaml::empty"},
  };
}

TEST(SuiteFaults, SUI_01_YamlTraps) {
  for (const auto& trap : traps()) {
    const auto parsed = yaml(trap.text);
    EXPECT_FALSE(parsed.root) << trap.what;
    ASSERT_THAT(parsed.places(), ElementsAre(trap.place)) << trap.what << ": " << parsed.message();
    if (*trap.note != '\0') {
      EXPECT_THAT(parsed.notes(), ElementsAre(trap.note)) << trap.what;
    }
  }
}

TEST(SuiteFaults, SUI_01_YamlTypingTraps) {
  const auto parsed = yaml("{a: yes, b: no, c: on, d: 010, e: 1_000, f: 12:30, g: 2026-01-01}");
  ASSERT_TRUE(parsed.root);
  for (const auto& member : parsed.root->members) {
    EXPECT_EQ(describe(member.value), "a text") << member.key;
  }
}

TEST(SuiteFaults, SUI_01_JsonSurrogatePairsAreReadFromJson) {
  const auto parsed = json(R"({"a": "\ud83d\ude00"})");
  ASSERT_TRUE(parsed.root);
  EXPECT_THAT(parsed.places(), IsEmpty());
  EXPECT_EQ(parsed.root->find("a")->text, "😀");
}

TEST(SuiteFaults, SUI_05_ADocumentHoldsAtMostAMillionValues) {
  std::string text = "[";
  for (int i = 0; i < 1'000'000; ++i) {
    text += "0,";
  }
  for (const auto& parsed : {yaml(text + "]"), json(text + "0]")}) {
    ASSERT_FALSE(parsed.root);
    EXPECT_EQ(parsed.message(), "the document holds more than 1000000 values");
  }
}

}  // namespace
}  // namespace faceoff::doc
