#include "plain_table.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

std::size_t widest_line(std::string_view table) {
  std::size_t widest = 0;
  for (const std::string_view line : split(table, '\n')) {
    widest = std::max(widest, display_width(line));
  }
  return widest;
}

constexpr std::string_view kMedian = "p50";

bool is_quantile(std::string_view name) {
  return name.size() == kMedian.size() && name.front() == 'p';
}

// "p95" behind "first token p50" is "first token p95".
TableRow whole_names(const TableRow& heading) {
  TableRow names;
  std::string stem;
  for (const std::string& name : heading) {
    names.push_back(is_quantile(name) ? stem + name : name);
    if (name.ends_with(kMedian)) {
      stem = name.substr(0, name.size() - kMedian.size());
    }
  }
  return names;
}

std::vector<TableRow> without(const std::vector<TableRow>& rows,
                              const std::set<std::size_t>& dropped) {
  const TableRow names = whole_names(rows.front());
  std::vector<TableRow> kept;
  for (const TableRow& row : rows) {
    TableRow& left = kept.emplace_back();
    bool lost_median = false;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!is_quantile(rows.front()[i])) {
        lost_median = dropped.contains(i);
      }
      if (!dropped.contains(i)) {
        left.push_back(lost_median && kept.size() == 1 ? names[i] : row[i]);
      }
    }
  }
  return kept;
}

std::string as_lists(const std::vector<TableRow>& rows) {
  const TableRow names = whole_names(rows.front());
  std::size_t widest = 0;
  for (std::size_t i = 2; i < names.size(); ++i) {
    widest = std::max(widest, display_width(names[i]));
  }
  std::string out;
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
    out += names[0].empty() ? fmt::format("{}, {}\n", (*row)[0], (*row)[1])
                            : fmt::format("{} {}, {}\n", names[0], (*row)[0], (*row)[1]);
    for (std::size_t i = 2; i < row->size(); ++i) {
      const std::string pad(widest - display_width(names[i]), ' ');
      out += fmt::format("  {}{}  {}\n", names[i], pad, (*row)[i]);
    }
  }
  return out;
}

}  // namespace

std::string plain_table(const std::vector<TableRow>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string out;
  for (const auto& row : rows) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string pad(widths[i] - display_width(row[i]), ' ');
      text += i == 0 ? row[i] + pad : "  " + pad + row[i];
    }
    out += text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::string fitted_table(const std::vector<TableRow>& rows,
                         const std::vector<std::size_t>& expendable,
                         std::size_t width) {
  std::string table = plain_table(rows);
  if (width == 0 || rows.empty() || widest_line(table) <= width) {
    return table;
  }
  std::set<std::size_t> dropped;
  for (const std::size_t column : expendable) {
    dropped.insert(column);
    table = plain_table(without(rows, dropped));
    if (widest_line(table) <= width) {
      return table + fmt::format("  {} column{} more: --json, or a wider terminal\n",
                                 dropped.size(),
                                 dropped.size() == 1 ? "" : "s");
    }
  }
  return as_lists(rows);
}

}  // namespace faceoff::cli
