#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace faceoff::stats {

// Up to this many non-zero differences all sign vectors are counted; above, drawn.
inline constexpr std::size_t kSignFlipExactLimit = 20;
inline constexpr std::size_t kSignFlipDraws = 100'000;
inline constexpr std::uint64_t kDefaultSeed = 20'240'101;

// Two-sided sign-flip test of "the differences are symmetric about 0" (Fisher 1935): the share of
// sign vectors whose sum is at least as far from 0 as the observed one, ties of decimal inputs
// included (relative 1e-9). Exact by enumeration for at most kSignFlipExactLimit non-zero values,
// otherwise (hits + 1) / (draws + 1) of kSignFlipDraws draws (Phipson and Smyth 2010): equal inputs
// and seeds give equal numbers. The test for graded scores where fewer than 10 differences are not
// zero. 1 when all are zero; null for an empty sample.
struct SignFlip {
  std::optional<double> p = std::nullopt;
  std::size_t nonzero = 0;
  bool exact = true;
};
[[nodiscard]] SignFlip sign_flip_test(std::span<const double> d, std::uint64_t seed = kDefaultSeed);

}  // namespace faceoff::stats
