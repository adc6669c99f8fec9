#pragma once

#include "chat_request.h"

#include <faceoff/simulate/script.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace faceoff::simulate {

// Finds the answer to a prompt: rules, then known answers, then the fallback. The same prompt gets
// the same answer at any time and in any order. `script` must outlive it.
class Answerer {
 public:
  explicit Answerer(const Script& script);
  [[nodiscard]] Answer answer(std::string_view prompt) const;
  // The case of the script's suite that has this prompt, or "".
  [[nodiscard]] std::string_view case_of(std::string_view prompt) const;

 private:
  [[nodiscard]] Answer known(const KnownAnswer& known, std::string_view prompt) const;

  const Script& script_;
  std::unordered_map<std::string_view, const KnownAnswer*> by_prompt_;
};

// Something near to `right` that is not right: a number becomes another number, a letter of a
// choice another letter, yes becomes no. Empty when `right` is none of these. `draw` decides which.
[[nodiscard]] std::string wrong_answer(std::string_view right, std::uint64_t draw);

// Cuts at the first stop word and then at `max_tokens` (reasoning first, then the rest), as a model
// would have stopped there. A tool call stays whole.
[[nodiscard]] Answer limited(Answer answer, const ChatCall& call);

// The first piece of about four characters of `text`, at a code point border; views into it.
[[nodiscard]] std::string_view first_piece(std::string_view text) noexcept;
// The first `tokens` pieces.
[[nodiscard]] std::string_view first_pieces(std::string_view text, std::int64_t tokens) noexcept;

}  // namespace faceoff::simulate
