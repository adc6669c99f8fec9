#pragma once

#include <faceoff/base/result.h>
#include <faceoff/doc/decoder.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// The instructions of IFEval (google-research/instruction_following_eval/instructions.py), one
// checker each. Pure, thread-safe.
class Instruction {
 public:
  virtual ~Instruction() = default;
  // Error of kind protocol when a pattern ran into its limit.
  [[nodiscard]] virtual Result<bool> followed(const std::string& response) const = 0;
};

struct InstructionInfo {
  std::string_view id;         // "keywords:existence"
  std::string_view arguments;  // "keywords"
};
[[nodiscard]] std::span<const InstructionInfo> instruction_table();

// Reads {id: ..., <arguments>}; mistakes are reported at their place, and the result is null.
[[nodiscard]] std::unique_ptr<Instruction> read_instruction(const doc::Context& context,
                                                            const doc::Node& node);

// The response, and the seven forms that the loose measure tries beside it: without the first line,
// the last line, both, each also without asterisks.
[[nodiscard]] std::vector<std::string> loose_forms(const std::string& response);

// ifeval_text.cpp: what IFEval takes from nltk and langdetect, by rules of our own.

// Runs of \w.
[[nodiscard]] std::size_t count_words(std::string_view text);
// Sentences as nltk's English Punkt model mostly cuts them: . ? ! before white space, but not
// behind common abbreviations and initials.
[[nodiscard]] std::size_t count_sentences(std::string_view text);
// Tokens of nltk's word_tokenize that are upper case.
[[nodiscard]] std::size_t count_capital_words(std::string_view text);
[[nodiscard]] bool is_upper_text(std::string_view text);  // str.isupper()
[[nodiscard]] bool is_lower_text(std::string_view text);  // str.islower()
// The ISO 639-1 code of the language, told by script and by the most common words; nullopt when
// nothing tells.
[[nodiscard]] std::optional<std::string_view> detect_language(std::string_view text);

}  // namespace faceoff::score
