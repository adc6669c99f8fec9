#include "overlap.h"

#include "python_text.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace faceoff::score {
namespace {

using Bag = std::set<std::string_view>;

std::size_t shared(const Bag& a, const Bag& b) {
  return static_cast<std::size_t>(
      std::ranges::count_if(a, [&](std::string_view word) { return b.contains(word); }));
}

double harmonic(double precision, double recall) {
  return precision == 0.0 && recall == 0.0 ? 0.0 : 2 * precision * recall / (precision + recall);
}

double full_set_f1(const Bag& answer, const Bag& target) {
  const auto both = static_cast<double>(shared(answer, target));
  return harmonic(answer.empty() ? 1.0 : both / static_cast<double>(answer.size()),
                  target.empty() ? 1.0 : both / static_cast<double>(target.size()));
}

Bag numbers_of(const Bag& bag) {
  Bag numbers;
  std::ranges::copy_if(bag, std::inserter(numbers, numbers.end()), [](std::string_view word) {
    return parse_float(word).has_value();
  });
  return numbers;
}

bool numbers_agree(const Bag& gold, const Bag& predicted) {
  const Bag wanted = numbers_of(gold);
  return wanted.empty() || shared(wanted, numbers_of(predicted)) > 0;
}

using Matrix = std::vector<std::vector<double>>;

// The Hungarian algorithm (rows <= columns): the column of each row so that the sum is largest.
std::vector<std::size_t> best_columns(const Matrix& gain) {
  const std::size_t rows = gain.size();
  const std::size_t columns = gain.front().size();
  constexpr double kFar = std::numeric_limits<double>::infinity();
  std::vector<double> row_price(rows + 1);
  std::vector<double> column_price(columns + 1);
  std::vector<std::size_t> row_of(columns + 1);
  std::vector<std::size_t> before(columns + 1);
  for (std::size_t row = 1; row <= rows; ++row) {
    std::vector<double> least(columns + 1, kFar);
    std::vector<bool> used(columns + 1);
    std::size_t column = 0;
    row_of[0] = row;
    do {
      used[column] = true;
      const std::size_t at = row_of[column];
      double delta = kFar;
      std::size_t next = 0;
      for (std::size_t j = 1; j <= columns; ++j) {
        if (used[j]) {
          continue;
        }
        const double cost = -gain[at - 1][j - 1] - row_price[at] - column_price[j];
        if (cost < least[j]) {
          least[j] = cost;
          before[j] = column;
        }
        if (least[j] < delta) {
          delta = least[j];
          next = j;
        }
      }
      for (std::size_t j = 0; j <= columns; ++j) {
        if (used[j]) {
          row_price[row_of[j]] += delta;
          column_price[j] -= delta;
        } else {
          least[j] -= delta;
        }
      }
      column = next;
    } while (row_of[column] != 0);
    for (; column != 0; column = before[column]) {
      row_of[column] = row_of[before[column]];
    }
  }
  std::vector<std::size_t> chosen(rows);
  for (std::size_t j = 1; j <= columns; ++j) {
    if (row_of[j] != 0) {
      chosen[row_of[j] - 1] = j - 1;
    }
  }
  return chosen;
}

Matrix gains(const std::vector<Bag>& rows, const std::vector<Bag>& columns, bool gold_in_rows) {
  Matrix gain(rows.size(), std::vector<double>(columns.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      const Bag& gold = gold_in_rows ? rows[i] : columns[j];
      const Bag& predicted = gold_in_rows ? columns[j] : rows[i];
      gain[i][j] = numbers_agree(gold, predicted) ? full_set_f1(predicted, gold) : 0.0;
    }
  }
  return gain;
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view normal) {
  return split_words(normal);
}

double bag_f1(std::string_view a, std::string_view b) {
  const auto left = words_of(a);
  const auto right = words_of(b);
  std::map<std::string_view, std::size_t> count;
  for (const std::string_view word : right) {
    ++count[word];
  }
  std::size_t both = 0;
  for (const std::string_view word : left) {
    const auto it = count.find(word);
    if (it != count.end() && it->second > 0) {
      --it->second;
      ++both;
    }
  }
  if (both == 0) {
    return 0.0;
  }
  const double precision = static_cast<double>(both) / static_cast<double>(left.size());
  const double recall = static_cast<double>(both) / static_cast<double>(right.size());
  return 2 * precision * recall / (precision + recall);
}

double set_f1(std::string_view a, std::string_view b, EmptySet empty) {
  const auto left = words_of(a);
  const auto right = words_of(b);
  const Bag answer(left.begin(), left.end());
  const Bag target(right.begin(), right.end());
  if (empty == EmptySet::is_nothing && (answer.empty() || target.empty())) {
    return 0.0;
  }
  return full_set_f1(answer, target);
}

DropMetrics drop_metrics(const std::vector<std::string>& predicted,
                         const std::vector<std::string>& gold) {
  const auto normal = [](const std::vector<std::string>& spans) {
    std::vector<std::string> out;
    for (const std::string& span : spans) {
      out.push_back(drop_normal(span, Case::lower));
    }
    return out;
  };
  const auto answers = normal(predicted);
  const auto targets = normal(gold);
  const auto bags = [](const std::vector<std::string>& spans) {
    std::vector<Bag> out;
    for (const std::string& span : spans) {
      const auto words = words_of(span);
      out.emplace_back(words.begin(), words.end());
    }
    return out;
  };
  DropMetrics result;
  if (answers.empty() || targets.empty()) {
    return result;
  }
  const bool same =
      std::set(answers.begin(), answers.end()) == std::set(targets.begin(), targets.end());
  result.exact = same && answers.size() == targets.size() ? 1.0 : 0.0;
  const bool gold_in_rows = targets.size() <= answers.size();
  const Matrix gain = gold_in_rows ? gains(bags(targets), bags(answers), true)
                                   : gains(bags(answers), bags(targets), false);
  const auto columns = best_columns(gain);
  double sum = 0.0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    sum += gain[i][columns[i]];
  }
  result.exact_f1 = sum / static_cast<double>(std::max(answers.size(), targets.size()));
  result.f1 = numpy_round_2(result.exact_f1);
  return result;
}

}  // namespace faceoff::score
