#include "manifest.h"
#include "record_file.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/files.h>
#include <faceoff/store/questions.h>
#include <faceoff/store/run_folder.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <fcntl.h>

namespace faceoff::store {
namespace {

std::uint64_t hash_of(const QuestionKey& key) {
  return fnv1a(sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}",
                                      key.repeat,
                                      key.judge,
                                      key.digest,
                                      key.backend,
                                      key.opponent,
                                      key.case_id)));
}

QuestionKey key_of_question(const Record& record) {
  return {.case_id = record.case_id,
          .repeat = record.repeat,
          .backend = record.asked_for->backend,
          .opponent = record.asked_for->opponent,
          .judge = record.backend,
          .digest = record.digest};
}

class RunQuestions final : public Questions {
 public:
  RunQuestions(UniqueFd file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}

  void add(const Record& record, const Place& place) {
    if (!record.error) {
      entries_.push_back({.question = hash_of(key_of_question(record)), .place = place});
    }
  }
  void seal() { std::ranges::stable_sort(entries_, {}, &Entry::question); }

  [[nodiscard]] Result<std::optional<Record>> find(const QuestionKey& key) override {
    const std::uint64_t question = hash_of(key);
    const auto behind = std::ranges::upper_bound(entries_, question, {}, &Entry::question);
    if (behind == entries_.begin() || std::prev(behind)->question != question) {
      return std::nullopt;
    }
    FACEOFF_TRY_ASSIGN(Record record, read_record_at(file_.get(), name_, std::prev(behind)->place));
    if (!record.asked_for || record.digest != key.digest || record.case_id != key.case_id) {
      return std::nullopt;
    }
    return std::optional(std::move(record));
  }

 private:
  struct Entry {
    std::uint64_t question = 0;
    Place place;
  };
  UniqueFd file_;
  std::string name_;
  std::vector<Entry> entries_;
};

}  // namespace

Result<std::unique_ptr<Questions>> questions_of_run(const std::filesystem::path& folder) {
  FACEOFF_TRY_ASSIGN(const Manifest manifest, read_manifest(folder));
  const auto path = folder / kRecordsName;
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  auto questions = std::make_unique<RunQuestions>(std::move(file), path.string());
  const auto add = [&](Record&& record, const Place& place) {
    if (record.asked_for) {
      questions->add(record, place);
    }
  };
  FACEOFF_TRY_ASSIGN(const Walk walk,
                     walk_records(path, short_id(manifest), add, Kinds::trials_and_questions));
  static_cast<void>(walk);
  questions->seal();
  return questions;
}

}  // namespace faceoff::store
