#pragma once

// Tables of figures on standard output. Private to cli.

#include <cstddef>
#include <string>
#include <vector>

namespace faceoff::cli {

using TableRow = std::vector<std::string>;

// Columns as wide as their widest cell; the first one to the left, the others to the right.
[[nodiscard]] std::string plain_table(const std::vector<TableRow>& rows);

// The same in at most `width` columns (0: any): leaves out columns in the order of `expendable`,
// and says how many; where that is not enough, each row becomes a list of its own under its first
// two cells. The first row is the heading; a name "p95" belongs to the one before it that ends in
// "p50".
[[nodiscard]] std::string fitted_table(const std::vector<TableRow>& rows,
                                       const std::vector<std::size_t>& expendable,
                                       std::size_t width);

}  // namespace faceoff::cli
