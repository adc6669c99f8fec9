#pragma once

// The one implementation of Replay: record lines in an open file and an index into it. Private to
// store.

#include "record_file.h"

#include <faceoff/base/files.h>
#include <faceoff/store/replay.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace faceoff::store {

class RecordedAnswers final : public Replay {
 public:
  // `file` holds record lines; `name` is what messages call it.
  RecordedAnswers(UniqueFd file, std::string name, BackendEntry recorded);

  // In file order; of several places of a trial the last counts. Then seal().
  void add(std::string_view case_id, std::int32_t repeat, const Place& place);
  void seal();
  void name_model(std::string model) { recorded_.model = std::move(model); }
  void set_notes(std::vector<std::string> notes) { notes_ = std::move(notes); }

  [[nodiscard]] Result<Found> find(const suite::Case& item, std::int32_t repeat) override;
  [[nodiscard]] const BackendEntry& recorded() const noexcept override { return recorded_; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return entries_.size(); }
  [[nodiscard]] bool holds(std::string_view case_id, std::int32_t repeat) const override;
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept override { return notes_; }

 private:
  struct Entry {
    std::uint64_t trial = 0;  // trial_hash()
    Place place;
  };
  [[nodiscard]] const Entry* entry_of(std::string_view case_id, std::int32_t repeat) const;

  UniqueFd file_;
  std::string name_;
  BackendEntry recorded_;
  std::vector<Entry> entries_;
  std::vector<std::string> notes_;
};

}  // namespace faceoff::store
