#include "plain_table.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace faceoff::cli {
namespace {

std::vector<TableRow> rows() {
  return {{"", "load", "sent", "first token p50", "p95", "req/s"},
          {"gpt", "1 in flight", "321", "5.16 ms", "8.56 ms", "160"},
          {"llama", "4 in flight", "1202", "12.0 ms", "15.1 ms", "76.5"}};
}

TEST(PlainTable, AlignsItsColumns) {
  EXPECT_EQ(plain_table(rows()),
            "              load  sent  first token p50      p95  req/s\n"
            "gpt    1 in flight   321          5.16 ms  8.56 ms    160\n"
            "llama  4 in flight  1202          12.0 ms  15.1 ms   76.5\n");
}

TEST(FittedTable, IsTheWholeOneWhereItFits) {
  EXPECT_EQ(fitted_table(rows(), {4, 2}, 0), plain_table(rows()));
  EXPECT_EQ(fitted_table(rows(), {4, 2}, 57), plain_table(rows()));
}

TEST(FittedTable, LeavesOutColumnsInTheirOrderAndSaysSo) {
  EXPECT_EQ(fitted_table(rows(), {4, 2}, 50),
            "              load  sent  first token p50  req/s\n"
            "gpt    1 in flight   321          5.16 ms    160\n"
            "llama  4 in flight  1202          12.0 ms   76.5\n"
            "  1 column more: --json, or a wider terminal\n");
}

TEST(FittedTable, NamesAQuantileThatLostItsMedian) {
  const std::string table = fitted_table(rows(), {3, 2}, 52);
  EXPECT_EQ(table.substr(0, table.find('\n')), "              load  sent  first token p95  req/s");
}

TEST(FittedTable, BecomesListsWhereNothingElseFits) {
  EXPECT_EQ(fitted_table(rows(), {4}, 30),
            "gpt, 1 in flight\n"
            "  sent             321\n"
            "  first token p50  5.16 ms\n"
            "  first token p95  8.56 ms\n"
            "  req/s            160\n"
            "llama, 4 in flight\n"
            "  sent             1202\n"
            "  first token p50  12.0 ms\n"
            "  first token p95  15.1 ms\n"
            "  req/s            76.5\n");
}

TEST(FittedTable, Tty01NeverExceedsAWidthThatItsListsFit) {
  for (std::size_t width = 30; width < 80; ++width) {
    const std::string table = fitted_table(rows(), {4, 2}, width);
    for (const std::string_view line : split(table, '\n')) {
      if (!line.ends_with("terminal")) {
        EXPECT_LE(display_width(line), width) << line;
      }
    }
  }
}

}  // namespace
}  // namespace faceoff::cli
