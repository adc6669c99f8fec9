#include "distance.h"

#include <faceoff/base/unicode.h>

#include <algorithm>
#include <bit>
#include <numeric>

namespace faceoff::score {
namespace {

using Word = std::uint64_t;
constexpr std::size_t kBits = 64;

// The symbols of both texts numbered from 0; those that only `b` has share the last number.
struct Numbered {
  std::vector<std::uint32_t> a;
  std::vector<std::uint32_t> b;
  std::size_t symbols = 0;
};

Numbered number(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  Numbered out;
  std::unordered_map<std::uint32_t, std::uint32_t> numbers;
  for (const std::uint32_t symbol : a) {
    out.a.push_back(
        numbers.try_emplace(symbol, static_cast<std::uint32_t>(numbers.size())).first->second);
  }
  const auto other = static_cast<std::uint32_t>(numbers.size());
  for (const std::uint32_t symbol : b) {
    const auto it = numbers.find(symbol);
    out.b.push_back(it == numbers.end() ? other : it->second);
  }
  out.symbols = numbers.size() + 1;
  return out;
}

// Walks over `a` in strips of 64 places, so that memory stays linear: `use(equal, last)` sees, for
// each symbol, at which places of the strip it stands, and the bit of the strip's last place.
template <class Use>
void each_strip(const Numbered& texts, const Use& use) {
  std::vector<Word> equal(texts.symbols);
  for (std::size_t begin = 0; begin < texts.a.size(); begin += kBits) {
    const std::size_t end = std::min(begin + kBits, texts.a.size());
    for (std::size_t i = begin; i < end; ++i) {
      equal[texts.a[i]] |= Word{1} << (i - begin);
    }
    use(equal, Word{1} << (end - begin - 1));
    for (std::size_t i = begin; i < end; ++i) {
      equal[texts.a[i]] = 0;
    }
  }
}

struct Block {
  Word plus = ~Word{0};
  Word minus = 0;
};

// One column of one block: `carry` is the difference of the row above, -1, 0 or 1, and the result
// is that of the row at `last`.
int advance(Block& block, Word equal, int carry, Word last) noexcept {
  const Word vertical = equal | block.minus;
  if (carry < 0) {
    equal |= 1U;
  }
  const Word diagonal = (((equal & block.plus) + block.plus) ^ block.plus) | equal;
  Word plus = block.minus | ~(diagonal | block.plus);
  Word minus = block.plus & diagonal;
  const int out = (plus & last) != 0 ? 1 : (minus & last) != 0 ? -1 : 0;
  plus <<= 1U;
  minus <<= 1U;
  if (carry < 0) {
    minus |= 1U;
  } else if (carry > 0) {
    plus |= 1U;
  }
  block.plus = minus | ~(vertical | plus);
  block.minus = plus & vertical;
  return out;
}

// Common ends change neither figure's rest.
template <class T>
std::size_t trim_common(std::span<T>& a, std::span<T>& b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto front = static_cast<std::size_t>(x - a.begin());
  a = a.subspan(front);
  b = b.subspan(front);
  std::size_t back = 0;
  while (back < a.size() && back < b.size() && a[a.size() - 1 - back] == b[b.size() - 1 - back]) {
    ++back;
  }
  a = a.first(a.size() - back);
  b = b.first(b.size() - back);
  return front + back;
}

}  // namespace

std::vector<std::uint32_t> TokenNumbers::all(std::span<const std::string_view> tokens) {
  std::vector<std::uint32_t> out;
  out.reserve(tokens.size());
  for (const std::string_view token : tokens) {
    out.push_back((*this)(token));
  }
  return out;
}

std::vector<std::uint32_t> code_points(std::string_view text) {
  const std::u32string wide = to_utf32(text);
  return {wide.begin(), wide.end()};
}

std::size_t edit_distance(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  trim_common(a, b);
  if (a.size() > b.size()) {
    std::swap(a, b);
  }
  if (a.empty()) {
    return b.size();
  }
  const Numbered texts = number(a, b);
  std::vector<std::int8_t> carry(b.size(), 1);
  each_strip(texts, [&](const std::vector<Word>& equal, Word last) {
    Block block;
    for (std::size_t j = 0; j < carry.size(); ++j) {
      carry[j] = static_cast<std::int8_t>(advance(block, equal[texts.b[j]], carry[j], last));
    }
  });
  const auto grown = std::accumulate(carry.begin(), carry.end(), std::ptrdiff_t{0});
  return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(a.size()) + grown);
}

std::size_t common_length(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  std::size_t length = trim_common(a, b);
  if (a.size() > b.size()) {
    std::swap(a, b);
  }
  if (a.empty()) {
    return length;
  }
  const Numbered texts = number(a, b);
  std::vector<std::uint8_t> carry(b.size());
  each_strip(texts, [&](const std::vector<Word>& equal, Word last) {
    Word row = ~Word{0};
    for (std::size_t j = 0; j < carry.size(); ++j) {
      const Word places = equal[texts.b[j]];
      const Word hit = row & places;
      const Word sum = row + hit;
      const Word full = sum + carry[j];
      carry[j] = sum < row || full < sum ? 1 : 0;
      row = full | (row & ~places);
    }
    const Word within = last | (last - 1);
    length += static_cast<std::size_t>(std::popcount(~row & within));
  });
  return length;
}

}  // namespace faceoff::score
