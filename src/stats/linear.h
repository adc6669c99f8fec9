#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace faceoff::stats {

// A small dense square matrix.
class SquareMatrix {
 public:
  explicit SquareMatrix(std::size_t size) : size_(size), cells_(size * size) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] double& at(std::size_t row, std::size_t column) {
    return cells_[row * size_ + column];
  }
  [[nodiscard]] double at(std::size_t row, std::size_t column) const {
    return cells_[row * size_ + column];
  }

 private:
  std::size_t size_;
  std::vector<double> cells_;
};

// The inverse by elimination with partial pivoting; null for a singular matrix.
[[nodiscard]] std::optional<SquareMatrix> inverse(SquareMatrix matrix);

}  // namespace faceoff::stats
