#include <faceoff/base/base64.h>
#include <faceoff/base/secret.h>

#include <algorithm>
#include <array>
#include <new>
#include <type_traits>

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace faceoff {
namespace {

const std::string kSentinel = std::string("sent/inel") + "+\"value\"";

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(Secret, CannotBePrinted) {
  static_assert(!Printable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<Secret, std::string_view>);
  static_assert(!fmt::is_formattable<Secret>::value);
}

TEST(Secret, KEY_01_LeavesNothingInItsMemory) {
  // Short enough to lie inside the object itself, whose memory can still be looked at.
  const std::string value = "tiny-key";
  alignas(Secret) std::array<char, sizeof(Secret)> memory{};
  const auto holds = [&memory, &value] {
    return std::search(memory.begin(), memory.end(), value.begin(), value.end()) != memory.end();
  };
  auto* secret = new (memory.data()) Secret(value);
  ASSERT_TRUE(holds());
  secret->~Secret();
  EXPECT_FALSE(holds());
}

TEST(Secret, IsEmptyAfterBeingMovedFrom) {
  Secret first(kSentinel);
  const Secret second = std::move(first);
  EXPECT_EQ(second.reveal(), kSentinel);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
}

TEST(Redactor, KEY_01_RemovesEveryFormOfASecret) {
  Redactor redactor;
  redactor.add(Secret(kSentinel));
  const std::string percent = "sent%2Finel%2B%22value%22";
  const std::string json = R"(sent\/inel+\"value\")";
  for (const std::string& text : {kSentinel,
                                  percent,
                                  json,
                                  to_base64(kSentinel),
                                  to_base64("user:" + kSentinel),
                                  to_base64("ab" + kSentinel)}) {
    const std::string out = redactor.redact("before " + text + " after");
    EXPECT_NE(out.find("[redacted]"), std::string::npos) << text;
    EXPECT_EQ(out.find("inel"), std::string::npos) << out;
  }
}

TEST(Redactor, KEY_01_RemovesFormsOfOtherEncoders) {
  Redactor redactor;
  redactor.add(Secret(kSentinel));
  const std::string backwards(kSentinel.rbegin(), kSentinel.rend());
  const std::string lower = "sent%2finel%2b%22value%22";
  const std::string everything = "%73%65%6E%74%2F%69%6E%65%6C%2B%22%76%61%6C%75%65%22";
  const std::string json = R"(sent/inel+\"value\")";
  const std::string html_json = R"(sent/inel\u002b\"value\")";
  const std::string twice = R"(sent/inel+\\\"value\\\")";
  for (const std::string& text : {backwards, lower, everything, json, html_json, twice}) {
    EXPECT_EQ(redactor.redact("<" + text + ">"), "<[redacted]>") << text;
  }
}

TEST(Redactor, KEY_01_RemovesAKeyThatWasCut) {
  Redactor redactor;
  redactor.add(Secret("0123456789abcdefghij"));
  EXPECT_EQ(redactor.redact("key 0123456789abcdef"), "key [redacted]");
  EXPECT_EQ(redactor.redact("key 0123456789ab..."), "key [redacted]...");
  EXPECT_EQ(redactor.redact("jihgfedcba987 6"), "[redacted] 6");
  EXPECT_EQ(redactor.redact("0123456789a"), "0123456789a");
}

TEST(Redactor, RemovesWhatHasTheShapeOfAKey) {
  const Redactor redactor;
  const std::string key = std::string("sk-") + "proj-" + std::string(20, 'a');
  EXPECT_EQ(redactor.redact("key " + key + "."), "key [redacted]");
  EXPECT_EQ(redactor.redact("Authorization: Bearer " + std::string(24, 'x')),
            "Authorization: Bearer [redacted]");
}

TEST(Redactor, LeavesWordsAndAnswersAlone) {
  Redactor redactor;
  redactor.add(Secret("abc"));  // too short to be told from a word
  const std::string text = "a risk-adjusted-return-of-capital, sk-learn, abc, Bearer of news";
  EXPECT_EQ(redactor.redact(text), text);
  const std::string key = "sk-" + std::string(30, 'a');
  EXPECT_EQ(redactor.redact_known(key), key);
}

}  // namespace
}  // namespace faceoff
