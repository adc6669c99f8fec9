#pragma once

#include <faceoff/base/result.h>
#include <faceoff/store/record.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace faceoff::store {

// Which question of a scorer: about whose answer, to whom, and what.
struct QuestionKey {
  std::string case_id;
  std::int32_t repeat = 0;
  std::string backend;   // whose answer is judged
  std::string opponent;  // in a comparison
  std::string judge;
  std::string digest;  // score::question_digest()
};

// Answered questions by what was asked. Used from the thread that runs run::run().
class Questions {
 public:
  virtual ~Questions() = default;
  // The last record of an answered question; nullopt: there is none, or it failed.
  [[nodiscard]] virtual Result<std::optional<Record>> find(const QuestionKey& key) = 0;
};

// Those of a run. Holds 24 bytes a question and the open file; a record is read when it is asked
// for. Error of kind io when the run cannot be read.
[[nodiscard]] Result<std::unique_ptr<Questions>> questions_of_run(
    const std::filesystem::path& folder);

}  // namespace faceoff::store
