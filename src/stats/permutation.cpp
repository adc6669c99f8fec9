#include "numeric.h"

#include <faceoff/base/random.h>
#include <faceoff/stats/permutation.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <vector>

namespace faceoff::stats {
namespace {

// Counts the completions of `sum` by +-d[i..] that reach the threshold in absolute value. Depth
// first keeps each sum free of the drift that adding and subtracting in place would bring.
std::size_t count_extreme(std::span<const double> d, double sum, double threshold) {
  if (d.empty()) {
    return std::abs(sum) >= threshold ? 1 : 0;
  }
  return count_extreme(d.subspan(1), sum + d.front(), threshold) +
         count_extreme(d.subspan(1), sum - d.front(), threshold);
}

constexpr std::size_t kBlock = 8;

// The sums of up to kBlock differences under all of their sign vectors, one bit per sign: a draw
// then costs one look-up per block.
using BlockSums = std::array<double, std::size_t{1} << kBlock>;

BlockSums block_sums(std::span<const double> d) {
  BlockSums sums{};
  for (std::size_t signs = 0; signs < sums.size(); ++signs) {
    for (std::size_t i = 0; i < d.size(); ++i) {
      sums[signs] += ((signs >> i) & 1U) != 0 ? d[i] : -d[i];
    }
  }
  return sums;
}

std::size_t draw_extreme(std::span<const double> d, double threshold, Random& random) {
  std::vector<BlockSums> blocks;
  for (std::size_t begin = 0; begin < d.size(); begin += kBlock) {
    blocks.push_back(block_sums(d.subspan(begin, std::min(kBlock, d.size() - begin))));
  }
  std::size_t hits = 0;
  for (std::size_t draw = 0; draw < kSignFlipDraws; ++draw) {
    double sum = 0.0;
    std::uint64_t signs = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (i % (64 / kBlock) == 0) {
        signs = random.next();
      }
      sum += blocks[i][signs % blocks[i].size()];
      signs >>= kBlock;
    }
    hits += static_cast<std::size_t>(std::abs(sum) >= threshold);
  }
  return hits;
}

}  // namespace

SignFlip sign_flip_test(std::span<const double> d, std::uint64_t seed) {
  if (d.empty()) {
    return {};
  }
  // A zero changes no sum: leaving it out changes no share.
  std::vector<double> used;
  std::copy_if(d.begin(), d.end(), std::back_inserter(used), [](double v) { return v != 0.0; });
  if (used.empty()) {
    return {.p = 1.0};
  }
  double scale = 0.0;
  for (const double value : used) {
    scale += std::abs(value);
  }
  const double threshold = std::abs(sum_of(used)) * (1.0 - 1e-9) - 1e-12 * scale;
  SignFlip result{.nonzero = used.size(), .exact = used.size() <= kSignFlipExactLimit};
  if (result.exact) {
    // Sign vectors come in pairs of one absolute sum: the first sign may stay fixed.
    const std::size_t hits =
        count_extreme(std::span<const double>(used).subspan(1), used.front(), threshold);
    result.p = std::ldexp(real(hits), 1 - static_cast<int>(used.size()));
    return result;
  }
  Random random(seed);
  const std::size_t hits = draw_extreme(used, threshold, random);
  result.p = real(hits + 1) / real(kSignFlipDraws + 1);
  return result;
}

}  // namespace faceoff::stats
