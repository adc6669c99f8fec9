#include "rouge.h"

#include <gtest/gtest.h>

namespace faceoff::score {
namespace {

TEST(PorterStemmer, StemsAsNltkDoes) {
  const std::vector<std::pair<const char*, const char*>> kRows{{"caresses", "caress"},
                                                               {"flies", "fli"},
                                                               {"dies", "die"},
                                                               {"agreed", "agre"},
                                                               {"plastered", "plaster"},
                                                               {"hopping", "hop"},
                                                               {"sized", "size"},
                                                               {"meeting", "meet"},
                                                               {"relational", "relat"},
                                                               {"happy", "happi"},
                                                               {"enjoy", "enjoy"},
                                                               {"skies", "sky"},
                                                               {"generalizations", "gener"},
                                                               {"rate", "rate"},
                                                               {"controlling", "control"},
                                                               {"adjustment", "adjust"}};
  for (const auto& [word, stem] : kRows) {
    EXPECT_EQ(porter_stem(word), stem) << word;
  }
}

TEST(Rouge, CountsWhatBothShare) {
  const auto target = rouge_tokens("The cat sat on the mat.", Stem::no);
  const auto answer = rouge_tokens("the cat on a mat", Stem::no);
  EXPECT_DOUBLE_EQ(rouge_n(target, answer, 1).f1, 8.0 / 11);
  EXPECT_DOUBLE_EQ(rouge_n(target, answer, 2).recall, 1.0 / 5);
  EXPECT_DOUBLE_EQ(rouge_l(target, answer).precision, 4.0 / 5);
}

}  // namespace
}  // namespace faceoff::score
