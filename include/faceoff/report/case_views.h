#pragma once

#include <faceoff/base/result.h>
#include <faceoff/chat/message.h>
#include <faceoff/compare/case_table.h>
#include <faceoff/store/record.h>
#include <faceoff/store/record_reader.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Cases one by one with all that was recorded of them, for every report that shows single answers
// (HTML, CSV, JUnit, `show`). Text is foreign and raw here; each medium makes it safe on its way
// out. Records hold prompt, targets and answers, so a run stays readable without suite and model.
namespace faceoff::report {

// Where the answers of one report column come from.
struct CaseColumn {
  std::string label;             // as Column::summary.backend has it
  std::string backend;           // as the records name it
  std::filesystem::path folder;  // of the run; unused with `records`
  // Instead of a run folder: a baseline's records, which hold no prompt and no answer.
  std::shared_ptr<const std::vector<store::Record>> records = nullptr;
};

// How a column did on one case, over its repeats. Known without reading the records again.
struct CaseStanding {
  std::uint32_t trials = 0;  // recorded; 0: this column was not asked
  std::uint32_t failed = 0;
  std::uint32_t scored = 0;     // with a value
  std::optional<double> value;  // mean over these; absent: failed or unscored
  // Of the first repeat that is not `scored`, else `scored`.
  score::Outcome outcome = score::Outcome::scored;

  // As in comparisons: at least 0.5. nullopt: no value.
  [[nodiscard]] std::optional<bool> passed() const noexcept {
    return value ? std::optional(*value >= 0.5) : std::nullopt;
  }
};

struct CaseView {
  std::string id;
  std::vector<std::string> tags;
  std::string cluster;
  std::vector<std::string> targets;
  std::vector<chat::Message> messages;  // as they were sent; empty where nothing holds them
  // False: the columns were asked different prompts under this id (two runs of a suite that was
  // changed in between); `messages` are the first column's, each record has its own.
  bool same_prompt = true;
  // By column, then by repeat; empty where the column was not asked. Error texts are redacted.
  std::vector<std::vector<store::Record>> answers;
};

class CaseViews;

// Makes the index of CaseViews while records are read for something else too: reading is what takes
// the time. Keeps records of the first `keep` bytes, so that most runs are read once only.
class CaseGatherer {
 public:
  explicit CaseGatherer(std::uint64_t keep = 100'000'000) noexcept : keep_(keep) {}
  // As store::read_records(), and remembers where each record stands.
  [[nodiscard]] Result<store::ReadResult> read(const std::filesystem::path& folder,
                                               const std::function<void(store::Record&&)>& each);
  // Columns whose folder was not read have no answers.
  [[nodiscard]] CaseViews finish(std::vector<CaseColumn> columns) &&;

 private:
  friend class CaseViews;
  struct Entry {
    compare::CaseIndex item = 0;
    std::uint32_t column = 0;  // while gathering: a backend of a folder
    std::int32_t repeat = 0;
    score::Outcome outcome = score::Outcome::failed;
    std::optional<float> value;
    store::Place place;  // in the column's file; offset: the index into its `records`
    std::shared_ptr<const store::Record> record = nullptr;  // one of the first, still in memory
  };
  void add(const store::Record& record, std::uint32_t column, const store::Place& place);

  std::unique_ptr<compare::CaseTable> cases_ = std::make_unique<compare::CaseTable>();
  std::vector<Entry> entries_;
  std::map<std::pair<std::filesystem::path, std::string>, std::uint32_t> numbers_;
  std::map<std::filesystem::path, std::shared_ptr<const store::RecordReader>> readers_;
  std::uint64_t keep_;
  std::uint64_t seen_bytes_ = 0;
};

// The index takes about 60 bytes a trial; records are read when they are asked for. Where a trial
// stands more than once, its last record counts. Immutable once open; not thread-safe.
class CaseViews {
 public:
  // Reads every record once. Errors are of kind io and name the file.
  [[nodiscard]] static Result<CaseViews> open(std::vector<CaseColumn> columns);

  [[nodiscard]] std::span<const CaseColumn> columns() const noexcept { return columns_; }
  // Cases are numbered from 0 in order of first appearance: about that of the suite.
  [[nodiscard]] std::size_t size() const noexcept { return cases_->size(); }
  [[nodiscard]] std::string_view id(std::size_t item) const;
  [[nodiscard]] const std::vector<std::string>& tags(std::size_t item) const;  // sorted
  [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const;
  [[nodiscard]] CaseStanding standing(std::size_t item, std::size_t column) const;
  // One passes and the other does not.
  [[nodiscard]] bool flipped(std::size_t item, std::size_t reference, std::size_t column) const;
  // Errors of kind io: the file was changed since open().
  [[nodiscard]] Result<CaseView> at(std::size_t item) const;

 private:
  friend class CaseGatherer;
  using Entry = CaseGatherer::Entry;

  CaseViews(std::vector<CaseColumn> columns,
            std::unique_ptr<compare::CaseTable> cases,
            std::vector<Entry> entries);
  void seal();
  [[nodiscard]] std::span<const Entry> of(std::size_t item) const;
  [[nodiscard]] Result<store::Record> record_of(const Entry& entry) const;

  std::vector<CaseColumn> columns_;
  std::vector<std::shared_ptr<const store::RecordReader>> readers_;  // by column; null: in memory
  std::unique_ptr<compare::CaseTable> cases_;
  std::vector<Entry> entries_;         // sorted by case, column and repeat
  std::vector<std::uint32_t> firsts_;  // by case, into entries_; one more at the end
};

}  // namespace faceoff::report
