#pragma once

#include <faceoff/simulate/script.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::simulate {

// The reply of a judge, in the form that the prompt asks for; nullopt: the prompt is no question of
// a judging scorer. The same prompt gets the same verdict.
[[nodiscard]] std::optional<std::string> judge(const JudgeRole& role,
                                               std::uint64_t seed,
                                               std::string_view prompt);

// A bag of words as a vector of length one: texts that share words are near to each other.
[[nodiscard]] std::vector<double> embed(std::string_view text);

}  // namespace faceoff::simulate
