#pragma once

#include <faceoff/doc/diagnostic.h>
#include <faceoff/score/scorer.h>

#include <memory>
#include <span>
#include <string_view>

namespace faceoff::score {

// What tells one language from another; everything lives as long as the program.
struct CodeLanguage {
  std::string_view scorer;                   // "code/python"
  std::string_view name;                     // of score/outside.h
  std::span<const std::string_view> fences;  // how models name it behind ```
  std::string_view before_tests;             // a line between the answer's code and the tests
  std::string_view last_line;                // prints {} once the tests have been passed
};

// Runs the code of an answer with the tests behind it: right when the tests come to their end. A
// random-looking word that the last line prints tells that they did, so that an answer which ends
// the program early does not pass.
[[nodiscard]] std::unique_ptr<Scorer> make_code_scorer(const CodeLanguage& language,
                                                       const suite::ScorerSpec& spec,
                                                       doc::Diagnostics& diagnostics);

}  // namespace faceoff::score
