#include <faceoff/base/secret.h>
#include <faceoff/report/case_views.h>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

namespace faceoff::report {

// A case is its id here, whatever its prompt: a reader looks for it by that.
void CaseGatherer::add(const store::Record& record,
                       std::uint32_t column,
                       const store::Place& place) {
  Entry entry{.item = cases_->add(record.case_id, {}, record.tags, record.cluster),
              .column = column,
              .repeat = record.repeat,
              .outcome = record.outcome,
              .value = std::nullopt,
              .place = place};
  if (record.value) {
    entry.value = static_cast<float>(*record.value);
  }
  entries_.push_back(std::move(entry));
}

Result<store::ReadResult> CaseGatherer::read(const std::filesystem::path& folder,
                                             const std::function<void(store::Record&&)>& each) {
  FACEOFF_TRY_ASSIGN(auto opened, store::RecordReader::open(folder));
  const auto reader = std::make_shared<const store::RecordReader>(std::move(opened));
  readers_[folder] = reader;
  return reader->walk([&](store::Record&& record, const store::Place& place) {
    const auto number = numbers_.try_emplace(std::pair(folder, record.backend),
                                             static_cast<std::uint32_t>(numbers_.size()));
    add(record, number.first->second, place);
    seen_bytes_ += place.length;
    if (seen_bytes_ <= keep_) {
      entries_.back().record = std::make_shared<const store::Record>(record);
    }
    each(std::move(record));
  });
}

CaseViews CaseGatherer::finish(std::vector<CaseColumn> columns) && {
  constexpr std::uint32_t kNoColumn = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> column_of(numbers_.size(), kNoColumn);
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    const auto number = numbers_.find(std::pair(columns[i].folder, columns[i].backend));
    if (columns[i].records == nullptr && number != numbers_.end()) {
      column_of[number->second] = i;
    }
  }
  for (Entry& entry : entries_) {
    entry.column = column_of[entry.column];
  }
  std::erase_if(entries_, [](const Entry& entry) { return entry.column == kNoColumn; });
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    for (std::size_t at = 0; columns[i].records != nullptr && at < columns[i].records->size();
         ++at) {
      if (const store::Record& record = (*columns[i].records)[at];
          record.backend == columns[i].backend) {
        add(record, i, {.offset = at});
      }
    }
  }
  CaseViews views(std::move(columns), std::move(cases_), std::move(entries_));
  for (std::size_t i = 0; i < views.columns_.size(); ++i) {
    const auto reader = readers_.find(views.columns_[i].folder);
    views.readers_[i] = reader == readers_.end() ? nullptr : reader->second;
  }
  views.seal();
  return views;
}

CaseViews::CaseViews(std::vector<CaseColumn> columns,
                     std::unique_ptr<compare::CaseTable> cases,
                     std::vector<Entry> entries)
    : columns_(std::move(columns)),
      readers_(columns_.size()),
      cases_(std::move(cases)),
      entries_(std::move(entries)) {}

Result<CaseViews> CaseViews::open(std::vector<CaseColumn> columns) {
  CaseGatherer gatherer(0);
  std::set<std::filesystem::path> folders;
  for (const CaseColumn& column : columns) {
    if (column.records == nullptr && folders.insert(column.folder).second) {
      FACEOFF_TRY(gatherer.read(column.folder, [](store::Record&&) {}));
    }
  }
  return std::move(gatherer).finish(std::move(columns));
}

void CaseViews::seal() {
  const auto key = [](const Entry& e) { return std::tuple(e.item, e.column, e.repeat); };
  std::ranges::stable_sort(entries_, {}, key);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (i + 1 == entries_.size() || key(entries_[i + 1]) != key(entries_[i])) {
      entries_[kept++] = std::move(entries_[i]);
    }
  }
  entries_.resize(kept);
  firsts_.assign(cases_->size() + 1, 0);
  for (const Entry& entry : entries_) {
    ++firsts_[entry.item + 1];
  }
  for (std::size_t i = 1; i < firsts_.size(); ++i) {
    firsts_[i] += firsts_[i - 1];
  }
}

std::string_view CaseViews::id(std::size_t item) const {
  return cases_->id(static_cast<compare::CaseIndex>(item));
}

const std::vector<std::string>& CaseViews::tags(std::size_t item) const {
  return cases_->tags_in(cases_->tag_set(static_cast<compare::CaseIndex>(item)));
}

std::optional<std::size_t> CaseViews::find(std::string_view id) const {
  return cases_->find(id, {});
}

std::span<const CaseViews::Entry> CaseViews::of(std::size_t item) const {
  return std::span(entries_).subspan(firsts_[item], firsts_[item + 1] - firsts_[item]);
}

CaseStanding CaseViews::standing(std::size_t item, std::size_t column) const {
  CaseStanding standing;
  double sum = 0;
  for (const Entry& entry : of(item)) {
    if (entry.column != column) {
      continue;
    }
    ++standing.trials;
    standing.failed += entry.outcome == score::Outcome::failed ? 1U : 0U;
    if (standing.outcome == score::Outcome::scored) {
      standing.outcome = entry.outcome;
    }
    if (entry.value) {
      ++standing.scored;
      sum += static_cast<double>(*entry.value);
    }
  }
  if (standing.scored > 0) {
    standing.value = sum / standing.scored;
  }
  return standing;
}

bool CaseViews::flipped(std::size_t item, std::size_t reference, std::size_t column) const {
  const auto a = standing(item, reference).passed();
  const auto b = standing(item, column).passed();
  return a && b && *a != *b;
}

Result<store::Record> CaseViews::record_of(const Entry& entry) const {
  const CaseColumn& column = columns_[entry.column];
  if (column.records != nullptr) {
    return (*column.records)[entry.place.offset];
  }
  store::Record record;
  if (entry.record != nullptr) {
    record = *entry.record;
  } else {
    FACEOFF_TRY_ASSIGN(record, readers_[entry.column]->at(entry.place));
  }
  // The run may be another's, written where other keys were known.
  record.error_message = redactor().redact(record.error_message);
  for (store::Attempt& attempt : record.attempts) {
    attempt.message = redactor().redact(attempt.message);
  }
  return record;
}

Result<CaseView> CaseViews::at(std::size_t item) const {
  CaseView view{.id = std::string(id(item)),
                .tags = tags(item),
                .cluster = {},
                .targets = {},
                .messages = {},
                .same_prompt = true,
                .answers = std::vector<std::vector<store::Record>>(columns_.size())};
  std::optional<std::string> digest;
  for (const Entry& entry : of(item)) {
    FACEOFF_TRY_ASSIGN(auto record, record_of(entry));
    if (view.messages.empty() && !record.messages.empty()) {
      view.messages = record.messages;
      view.targets = record.targets;
    }
    if (view.cluster.empty()) {
      view.cluster = record.cluster;
    }
    if (!digest) {
      digest = record.digest;
    }
    view.same_prompt = view.same_prompt && *digest == record.digest;
    view.answers[entry.column].push_back(std::move(record));
  }
  return view;
}

}  // namespace faceoff::report
