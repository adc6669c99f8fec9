#include <faceoff/base/secret.h>
#include <faceoff/report/case_views.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace faceoff::report {

CaseViews::CaseViews(std::vector<CaseColumn> columns)
    : columns_(std::move(columns)),
      readers_(columns_.size()),
      cases_(std::make_unique<compare::CaseTable>()) {}

Result<CaseViews> CaseViews::open(std::vector<CaseColumn> columns) {
  CaseViews views(std::move(columns));
  std::map<std::filesystem::path, std::map<std::string, std::uint32_t, std::less<>>> folders;
  for (std::uint32_t i = 0; i < views.columns_.size(); ++i) {
    const CaseColumn& column = views.columns_[i];
    if (column.records == nullptr) {
      folders[column.folder].emplace(column.backend, i);
      continue;
    }
    for (std::size_t at = 0; at < column.records->size(); ++at) {
      if ((*column.records)[at].backend == column.backend) {
        views.add((*column.records)[at], i, {.offset = at});
      }
    }
  }
  for (const auto& [folder, wanted] : folders) {
    FACEOFF_TRY_ASSIGN(auto opened, store::RecordReader::open(folder));
    const auto reader = std::make_shared<const store::RecordReader>(std::move(opened));
    for (const auto& [backend, column] : wanted) {
      views.readers_[column] = reader;
    }
    FACEOFF_TRY(reader->walk([&](store::Record&& record, const store::Place& place) {
      if (const auto column = wanted.find(record.backend); column != wanted.end()) {
        views.add(record, column->second, place);
      }
    }));
  }
  views.seal();
  return views;
}

// A case is its id here, whatever its prompt: a reader looks for it by that.
void CaseViews::add(const store::Record& record, std::uint32_t column, const store::Place& place) {
  Entry entry{.item = cases_->add(record.case_id, {}, record.tags, record.cluster),
              .column = column,
              .repeat = record.repeat,
              .outcome = record.outcome,
              .value = std::nullopt,
              .place = place};
  if (record.value) {
    entry.value = static_cast<float>(*record.value);
  }
  entries_.push_back(entry);
}

void CaseViews::seal() {
  const auto key = [](const Entry& e) { return std::tuple(e.item, e.column, e.repeat); };
  std::ranges::stable_sort(entries_, {}, key);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (i + 1 == entries_.size() || key(entries_[i + 1]) != key(entries_[i])) {
      entries_[kept++] = entries_[i];
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
  FACEOFF_TRY_ASSIGN(auto record, readers_[entry.column]->at(entry.place));
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
