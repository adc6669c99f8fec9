#include "align.h"
#include "family.h"
#include "items.h"
#include "score_comparison.h"

#include <faceoff/stats/ranking.h>

#include <algorithm>

namespace faceoff::compare {
namespace {

// Verdicts on all pairs of columns, adjusted together: better[i][j] says that i is clearly better.
std::vector<std::vector<bool>> clearly_better(std::span<const Column> columns,
                                              const Options& options) {
  std::vector<Comparison> pairs;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t j = i + 1; j < columns.size(); ++j) {
      pairs.push_back(
          compare_score(align(columns[i].trials(), columns[j].trials(), options.by_id), options));
      decide(pairs.back(), options, {});
    }
  }
  std::vector<Comparison*> family;
  for (Comparison& pair : pairs) {
    family.push_back(&pair);
  }
  adjust_family(family, stats::Adjustment::holm, "holm", options);
  std::vector better(columns.size(), std::vector<bool>(columns.size(), false));
  auto pair = pairs.cbegin();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t j = i + 1; j < columns.size(); ++j, ++pair) {
      better[i][j] = pair->verdict == Verdict::worse;
      better[j][i] = pair->verdict == Verdict::better;
    }
  }
  return better;
}

// The scores of the cases that every column has one for: a row for each case.
struct Table {
  std::vector<std::vector<double>> rows;
  bool binary = true;
  bool clustered = false;
};

// What is known of a case of the first column, while the others are laid beside it.
struct Row {
  std::vector<double> values;
  bool binary = true;
};

void add_column(const Alignment& alignment, const Options& options, std::vector<Row>& rows) {
  for (const auto& couple : alignment.both) {
    const Item item = item_of(*alignment.candidate, couple.candidate, options.on_error);
    if (item.scored > 0) {
      rows[couple.reference].values.push_back(item.mean());
      rows[couple.reference].binary = rows[couple.reference].binary && item.binary();
    }
  }
}

Table table_of(std::span<const Column> columns, const Options& options) {
  const Trials& first = columns.front().trials();
  std::vector<Row> rows(first.cases().size());
  for (const Column& column : columns) {
    add_column(align(first, column.trials(), options.by_id), options, rows);
  }
  Table table;
  for (CaseIndex item = 0; item < rows.size(); ++item) {
    if (rows[item].values.size() != columns.size()) {
      continue;
    }
    table.binary = table.binary && rows[item].binary;
    table.clustered = table.clustered || first.cases().cluster(item) != 0;
    table.rows.push_back(std::move(rows[item].values));
  }
  return table;
}

}  // namespace

std::optional<Omnibus> tell_apart(std::span<const Column> columns, const Options& options) {
  if (columns.size() < 3 || !options.evidence.empty()) {
    return std::nullopt;
  }
  const Table table = table_of(columns, options);
  if (table.rows.empty() || table.clustered) {
    return std::nullopt;
  }
  const auto test = table.binary ? stats::cochran_q(table.rows) : stats::friedman(table.rows);
  if (!test) {
    return std::nullopt;
  }
  return Omnibus{.name = table.binary ? "cochran-q" : "friedman",
                 .statistic = test->statistic,
                 .df = test->df,
                 .p = test->p,
                 .cases = table.rows.size()};
}

std::vector<Standing> rank_all(std::span<const Column> columns, const Options& options) {
  std::vector<Standing> standings;
  if (columns.size() < 3 || !options.evidence.empty()) {
    return standings;
  }
  Options plain = options;
  plain.margin.reset();
  const auto ranges = stats::rank_ranges(clearly_better(columns, plain));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    standings.push_back({columns[i].name(), ranges[i].best, ranges[i].worst});
  }
  return standings;
}

}  // namespace faceoff::compare
