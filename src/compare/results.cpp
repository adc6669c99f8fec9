#include <faceoff/compare/results.h>

namespace faceoff::compare {

Results::Results(const std::vector<std::string>& order) {
  for (const std::string& name : order) {
    column_of(name);
  }
}

Results::Gathered& Results::column_of(std::string_view name) {
  auto at = by_name_.find(name);
  if (at == by_name_.end()) {
    at = by_name_.emplace(name, columns_.size()).first;
    columns_.push_back({std::string(name), std::make_shared<Trials>(cases_), nullptr});
  }
  return columns_[at->second];
}

void Results::add(const store::Record& record) {
  Gathered& column = column_of(record.backend);
  column.trials->put(trial_of(record));
  if (!column.figures) {
    column.figures = std::make_shared<Figures>();
  }
  column.figures->add(record);
}

void Results::add(std::string_view column, const Trial& trial) {
  column_of(column).trials->put(trial);
}

std::vector<Column> Results::columns() const {
  std::vector<Column> columns;
  columns.reserve(columns_.size());
  for (const auto& column : columns_) {
    columns.emplace_back(column.name, column.trials, column.figures);
  }
  return columns;
}

}  // namespace faceoff::compare
