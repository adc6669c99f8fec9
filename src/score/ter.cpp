#include "ter.h"

#include "distance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>

namespace faceoff::score {
namespace {

// Tercom's limits, and sacreBLEU's own on candidates.
constexpr std::size_t kMaxShiftSize = 10;
constexpr std::size_t kMaxShiftDistance = 50;
constexpr std::size_t kBeamWidth = 25;
constexpr std::size_t kMaxCandidates = 1000;
constexpr std::int64_t kFar = 1'000'000'000'000;

using Words = std::vector<std::uint32_t>;

enum class Op : std::uint8_t { none, same, substitute, remove, insert };

// One row of the distance matrix: only the cells within the beam are there.
struct Row {
  std::size_t begin = 0;
  std::vector<std::int64_t> cost;
  std::vector<Op> op;
  [[nodiscard]] std::int64_t at(std::size_t j) const noexcept {
    return j < begin || j - begin >= cost.size() ? kFar : cost[j - begin];
  }
  [[nodiscard]] Op op_at(std::size_t j) const noexcept {
    return j < begin || j - begin >= op.size() ? Op::none : op[j - begin];
  }
};

class Matrix {
 public:
  Matrix(const Words& reference, std::size_t length) : reference_(reference), length_(length) {
    const double ratio =
        length == 0 ? 1.0 : static_cast<double>(reference.size()) / static_cast<double>(length);
    ratio_ = ratio;
    const auto beam = static_cast<double>(kBeamWidth);
    beam_ = beam < ratio / 2 ? static_cast<std::size_t>(std::ceil(ratio / 2 + beam)) : kBeamWidth;
    rows_.resize(length + 1);
    Row& first = rows_.front();
    for (std::size_t j = 0; j <= reference.size(); ++j) {
      first.cost.push_back(static_cast<std::int64_t>(j));
      first.op.push_back(Op::insert);
    }
  }

  // Fills the rows behind the first `from` words, which must be those of the last call.
  void fill(const Words& words, std::size_t from) {
    for (std::size_t i = from + 1; i <= length_; ++i) {
      fill_row(i, words[i - 1]);
    }
  }
  [[nodiscard]] std::int64_t distance() const { return rows_.back().at(reference_.size()); }

  // Operations from the end to the beginning.
  [[nodiscard]] std::vector<Op> trace() const {
    std::vector<Op> out;
    std::size_t i = length_;
    std::size_t j = reference_.size();
    while (i > 0 || j > 0) {
      const Op op = rows_[i].op_at(j);
      out.push_back(op);
      switch (op) {
        case Op::insert:
          --j;
          break;
        case Op::remove:
          --i;
          break;
        case Op::same:
        case Op::substitute:
          --i;
          --j;
          break;
        case Op::none:
          return {};
      }
    }
    return out;
  }

 private:
  void fill_row(std::size_t i, std::uint32_t word) {
    const Row& above = rows_[i - 1];
    Row& row = rows_[i];
    const auto diagonal = static_cast<std::size_t>(std::floor(static_cast<double>(i) * ratio_));
    row.begin = diagonal > beam_ ? diagonal - beam_ : 0;
    const std::size_t end =
        i == length_ ? reference_.size() + 1 : std::min(reference_.size() + 1, diagonal + beam_);
    row.cost.assign(end > row.begin ? end - row.begin : 0, kFar);
    row.op.assign(row.cost.size(), Op::none);
    for (std::size_t j = row.begin; j < end; ++j) {
      std::int64_t& cost = row.cost[j - row.begin];
      Op& op = row.op[j - row.begin];
      if (j == 0) {
        cost = above.at(0) + 1;
        op = Op::remove;
        continue;
      }
      const bool same = word == reference_[j - 1];
      const std::array<std::pair<std::int64_t, Op>, 3> ways{
          {{above.at(j - 1) + (same ? 0 : 1), same ? Op::same : Op::substitute},
           {above.at(j) + 1, Op::remove},
           {j > row.begin ? row.cost[j - 1 - row.begin] + 1 : kFar + 1, Op::insert}}};
      for (const auto& [way_cost, way] : ways) {
        if (cost > way_cost) {
          cost = way_cost;
          op = way;
        }
      }
    }
  }

  const Words& reference_;
  std::size_t length_;
  double ratio_ = 1.0;
  std::size_t beam_ = kBeamWidth;
  std::vector<Row> rows_;
};

// Which word of the hypothesis stands at each word of the reference (-1: before the first), and
// which words are wrong.
struct Alignment {
  std::vector<std::ptrdiff_t> of_reference;
  std::vector<bool> reference_wrong;
  std::vector<bool> hypothesis_wrong;
};

Alignment align(const std::vector<Op>& backwards) {
  Alignment out;
  std::ptrdiff_t at = -1;
  for (auto op = backwards.rbegin(); op != backwards.rend(); ++op) {
    const bool wrong = *op != Op::same;
    if (*op != Op::insert) {
      ++at;
      out.hypothesis_wrong.push_back(wrong);
    }
    if (*op != Op::remove) {
      out.of_reference.push_back(at);
      out.reference_wrong.push_back(wrong);
    }
  }
  return out;
}

bool any_wrong(const std::vector<bool>& wrong, std::size_t begin, std::size_t length) {
  const auto first = wrong.begin() + static_cast<std::ptrdiff_t>(begin);
  return std::find(first, first + static_cast<std::ptrdiff_t>(length), true) !=
         first + static_cast<std::ptrdiff_t>(length);
}

Words shifted(const Words& words, std::size_t start, std::size_t length, std::size_t target) {
  Words out = words;
  const auto at = [&](std::size_t i) {
    return out.begin() + static_cast<std::ptrdiff_t>(std::min(i, words.size()));
  };
  if (target < start) {
    std::rotate(at(target), at(start), at(start + length));
  } else if (target > start + length) {
    std::rotate(at(start), at(start + length), at(target));
  } else {
    std::rotate(at(start), at(start + length), at(length + target));
  }
  return out;
}

struct Best {
  bool found = false;
  std::tuple<std::int64_t, std::size_t, std::ptrdiff_t, std::ptrdiff_t> rank;
  Words words;
};

class Shifter {
 public:
  Shifter(const Words& reference, Words words)
      : reference_(reference),
        words_(std::move(words)),
        matrix_(reference, words_.size()),
        trial_(reference, words_.size()) {}

  std::size_t edits() {
    matrix_.fill(words_, 0);
    std::size_t shifts = 0;
    if (words_.size() <= kMaxShiftWords && reference_.size() <= kMaxShiftWords) {
      while (improve()) {
        ++shifts;
      }
    }
    return shifts + static_cast<std::size_t>(matrix_.distance());
  }

 private:
  // Makes the best shift; false when none makes the distance smaller or the search ends.
  bool improve() {
    before_ = matrix_.distance();
    alignment_ = align(matrix_.trace());
    best_ = {};
    search();
    if (candidates_ >= kMaxCandidates || !best_.found || std::get<0>(best_.rank) <= 0) {
      return false;
    }
    words_ = std::move(best_.words);
    matrix_.fill(words_, 0);
    return true;
  }

  void search() {
    for (std::size_t h = 0; h < words_.size(); ++h) {
      const std::size_t low = h > kMaxShiftDistance ? h - kMaxShiftDistance : 0;
      const std::size_t high = std::min(reference_.size(), h + kMaxShiftDistance + 1);
      for (std::size_t r = low; r < high; ++r) {
        for (std::size_t length = 1; length <= kMaxShiftSize && h + length <= words_.size() &&
                                     r + length <= reference_.size() &&
                                     words_[h + length - 1] == reference_[r + length - 1];
             ++length) {
          try_pair(h, r, length);
          if (candidates_ >= kMaxCandidates) {
            return;
          }
        }
      }
    }
  }

  void try_pair(std::size_t h, std::size_t r, std::size_t length) {
    const auto aligned = alignment_.of_reference[r];
    const auto start = static_cast<std::ptrdiff_t>(h);
    if (!any_wrong(alignment_.hypothesis_wrong, h, length) ||
        !any_wrong(alignment_.reference_wrong, r, length) ||
        (start <= aligned && aligned < start + static_cast<std::ptrdiff_t>(length))) {
      return;
    }
    std::ptrdiff_t last = -1;
    for (std::size_t offset = 0; offset <= length; ++offset) {
      std::ptrdiff_t target = 0;
      if (r + offset > alignment_.of_reference.size()) {
        return;
      }
      if (r + offset > 0) {
        target = alignment_.of_reference[r + offset - 1] + 1;
      }
      if (target != last) {
        last = target;
        try_shift(h, length, static_cast<std::size_t>(target));
      }
    }
  }

  void try_shift(std::size_t h, std::size_t length, std::size_t target) {
    Words words = shifted(words_, h, length, target);
    trial_.fill(words, 0);
    ++candidates_;
    const std::tuple rank{before_ - trial_.distance(),
                          length,
                          -static_cast<std::ptrdiff_t>(h),
                          -static_cast<std::ptrdiff_t>(target)};
    if (!best_.found || rank > best_.rank) {
      best_ = {true, rank, std::move(words)};
    }
  }

  const Words& reference_;
  Words words_;
  Matrix matrix_;
  Matrix trial_;
  Alignment alignment_;
  std::int64_t before_ = 0;
  std::size_t candidates_ = 0;
  Best best_;
};

}  // namespace

std::size_t ter_edits(const std::vector<std::string>& hypothesis,
                      const std::vector<std::string>& reference) {
  if (reference.empty()) {
    return hypothesis.size();
  }
  TokenNumbers numbers;
  const auto all = [&](const std::vector<std::string>& words) {
    Words out;
    for (const std::string& word : words) {
      out.push_back(numbers(word));
    }
    return out;
  };
  const Words target = all(reference);
  return Shifter(target, all(hypothesis)).edits();
}

}  // namespace faceoff::score
