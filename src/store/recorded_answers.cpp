#include "recorded_answers.h"

#include "stored_answer.h"
#include "trial_index.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::store {

RecordedAnswers::RecordedAnswers(UniqueFd file, std::string name, BackendEntry recorded)
    : file_(std::move(file)), name_(std::move(name)), recorded_(std::move(recorded)) {}

void RecordedAnswers::add(std::string_view case_id, std::int32_t repeat, const Place& place) {
  entries_.push_back({.trial = trial_hash(case_id, repeat), .place = place});
}

void RecordedAnswers::seal() {
  std::ranges::stable_sort(entries_, {}, &Entry::trial);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (i + 1 == entries_.size() || entries_[i + 1].trial != entries_[i].trial) {
      entries_[kept++] = entries_[i];
    }
  }
  entries_.resize(kept);
  entries_.shrink_to_fit();
}

const RecordedAnswers::Entry* RecordedAnswers::entry_of(std::string_view case_id,
                                                        std::int32_t repeat) const {
  const std::uint64_t trial = trial_hash(case_id, repeat);
  const auto it = std::ranges::lower_bound(entries_, trial, {}, &Entry::trial);
  return it != entries_.end() && it->trial == trial ? &*it : nullptr;
}

bool RecordedAnswers::holds(std::string_view case_id, std::int32_t repeat) const {
  return entry_of(case_id, repeat) != nullptr;
}

Result<AnswerSource::Found> RecordedAnswers::find(const suite::Case& item, std::int32_t repeat) {
  const Entry* entry = entry_of(item.id, repeat);
  const std::string& from = recorded_.replayed_from;
  if (entry == nullptr) {
    return Found{.answer = std::nullopt,
                 .why = repeat == 0
                            ? fmt::format("{} holds no answer for this case", from)
                            : fmt::format("{} holds no answer {} for this case", from, repeat + 1)};
  }
  FACEOFF_TRY_ASSIGN(Record record, read_record_at(file_.get(), name_, entry->place));
  if (record.case_id != item.id || record.repeat != repeat) {
    return fail(ErrorKind::io, fmt::format("{}: was changed while it was replayed", name_));
  }
  if (!record.digest.empty() && record.digest != item.digest) {
    return Found{.answer = std::nullopt,
                 .why = fmt::format("the prompt has changed since {} was recorded", from)};
  }
  if (record.error == backend::FailureKind::not_recorded) {
    return Found{.answer = std::nullopt, .why = std::move(record.error_message)};
  }
  return Found{.answer = answer_of(std::move(record)), .why = {}};
}

}  // namespace faceoff::store
