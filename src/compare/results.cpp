#include <faceoff/compare/results.h>

namespace faceoff::compare {

Results::Results(const std::vector<std::string>& order) {
  for (const std::string& name : order) {
    column_of(name);
  }
}

Trials& Results::column_of(std::string_view name) {
  auto at = by_name_.find(name);
  if (at == by_name_.end()) {
    at = by_name_.emplace(name, columns_.size()).first;
    columns_.emplace_back(name, std::make_shared<Trials>(cases_));
  }
  return *columns_[at->second].second;
}

void Results::add(const store::Record& record) {
  add(record.backend, trial_of(record));
}

void Results::add(std::string_view column, const Trial& trial) {
  column_of(column).put(trial);
}

std::vector<Column> Results::columns() const {
  std::vector<Column> columns;
  columns.reserve(columns_.size());
  for (const auto& [name, trials] : columns_) {
    columns.emplace_back(name, trials);
  }
  return columns;
}

}  // namespace faceoff::compare
