#include <faceoff/base/base64.h>
#include <faceoff/base/secret.h>

#include <type_traits>

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
