#pragma once

#include <faceoff/base/result.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/store/answers.h>
#include <faceoff/store/run_folder.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::store {

// The answers of one backend of an earlier run, or of a file. Holds 24 bytes a trial and the open
// file; an answer is read when it is asked for.
class Replay : public AnswerSource {
 public:
  // Who answered then, as far as it is known; `replayed_from` names the run or the file.
  [[nodiscard]] virtual const BackendEntry& recorded() const noexcept = 0;
  // Trials that it holds.
  [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
  // Whether the prompt is still the same is known only to find().
  [[nodiscard]] virtual bool holds(std::string_view case_id, std::int32_t repeat) const = 0;
  // What a reader of the new run should know: "a file: whether prompts have changed is not known".
  [[nodiscard]] virtual const std::vector<std::string>& notes() const noexcept = 0;
};

// Answers of `backend` in a run, finished or not; of several records of a trial the last counts.
// Without a name: `wish` if the run has it, else its only backend. Errors: of kind usage when there
// is no such backend (with those that there are), io when the run cannot be read.
[[nodiscard]] Result<std::unique_ptr<Replay>> replay_run(const std::filesystem::path& folder,
                                                         std::string_view backend,
                                                         std::string_view wish);

// Answers from a JSONL or CSV file (docs/guide.md has its keys). Every mistake in it goes to
// `diagnostics`, and the result is null when there was one. Error of kind io when it cannot be
// read, usage for another extension.
[[nodiscard]] Result<std::unique_ptr<Replay>> replay_file(const std::filesystem::path& path,
                                                          doc::Diagnostics& diagnostics);
// Ends in .jsonl or .csv and is not the log of a run.
[[nodiscard]] bool is_answers_file(const std::filesystem::path& path);

}  // namespace faceoff::store
