#pragma once

#include <faceoff/score/pages.h>

#include <span>

namespace faceoff::score {

// The pages, by subject.
[[nodiscard]] std::span<const Page> pages_of_texts() noexcept;       // equal, contained, picked
[[nodiscard]] std::span<const Page> pages_of_similarity() noexcept;  // overlap and distance
[[nodiscard]] std::span<const Page> pages_of_forms() noexcept;  // JSON, maths, code, instructions

}  // namespace faceoff::score
