#include "linear.h"

#include <cmath>
#include <utility>

namespace faceoff::stats {
namespace {

void swap_rows(SquareMatrix& matrix, std::size_t one, std::size_t other) {
  for (std::size_t column = 0; column < matrix.size(); ++column) {
    std::swap(matrix.at(one, column), matrix.at(other, column));
  }
}

// target -= factor * source
void subtract_row(SquareMatrix& matrix, std::size_t target, std::size_t source, double factor) {
  for (std::size_t column = 0; column < matrix.size(); ++column) {
    matrix.at(target, column) -= factor * matrix.at(source, column);
  }
}

void divide_row(SquareMatrix& matrix, std::size_t row, double divisor) {
  for (std::size_t column = 0; column < matrix.size(); ++column) {
    matrix.at(row, column) /= divisor;
  }
}

}  // namespace

std::optional<SquareMatrix> inverse(SquareMatrix matrix) {
  const std::size_t size = matrix.size();
  SquareMatrix result(size);
  for (std::size_t i = 0; i < size; ++i) {
    result.at(i, i) = 1.0;
  }
  for (std::size_t column = 0; column < size; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < size; ++row) {
      if (std::abs(matrix.at(row, column)) > std::abs(matrix.at(pivot, column))) {
        pivot = row;
      }
    }
    const double divisor = matrix.at(pivot, column);
    if (!(std::abs(divisor) > 0.0) || !std::isfinite(divisor)) {
      return std::nullopt;
    }
    swap_rows(matrix, pivot, column);
    swap_rows(result, pivot, column);
    divide_row(matrix, column, divisor);
    divide_row(result, column, divisor);
    for (std::size_t row = 0; row < size; ++row) {
      const double factor = matrix.at(row, column);
      if (row != column && factor != 0.0) {
        subtract_row(matrix, row, column, factor);
        subtract_row(result, row, column, factor);
      }
    }
  }
  return result;
}

}  // namespace faceoff::stats
