#pragma once

#include <faceoff/compare/case_table.h>
#include <faceoff/compare/figures.h>
#include <faceoff/compare/trials.h>
#include <faceoff/store/record.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::compare {

// The trials of one backend in one run: a column of a table. Copies share the trials.
class Column {
 public:
  Column(std::string name,
         std::shared_ptr<const Trials> trials,
         std::shared_ptr<const Figures> figures = nullptr)
      : name_(std::move(name)), trials_(std::move(trials)), figures_(std::move(figures)) {}
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const Trials& trials() const noexcept { return *trials_; }
  [[nodiscard]] const CaseTable& cases() const noexcept { return trials_->cases(); }
  // The same trials under another name.
  [[nodiscard]] Column named(std::string name) const {
    return {std::move(name), trials_, figures_};
  }
  // Null where no record was read (a baseline).
  [[nodiscard]] const Figures* figures() const noexcept { return figures_.get(); }

 private:
  std::string name_;
  std::shared_ptr<const Trials> trials_;
  std::shared_ptr<const Figures> figures_;
};

// Gathers records into columns, each read and let go. Where a trial comes more than once (resumed
// after a failure), the last one counts. Not thread-safe.
class Results {
 public:
  // Columns stand in this order, others after them as they appear; a name without records has an
  // empty column.
  explicit Results(const std::vector<std::string>& order = {});
  void add(const store::Record& record);
  // What is no record of ours, a baseline's case for example.
  void add(std::string_view column, const Trial& trial);
  // They share their trials with this object: read them when everything has been added.
  [[nodiscard]] std::vector<Column> columns() const;

 private:
  struct Gathered {
    std::string name;
    std::shared_ptr<Trials> trials;
    std::shared_ptr<Figures> figures;
  };
  Gathered& column_of(std::string_view name);

  std::shared_ptr<CaseTable> cases_ = std::make_shared<CaseTable>();
  std::vector<Gathered> columns_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

}  // namespace faceoff::compare
