#pragma once

#include <faceoff/base/result.h>
#include <faceoff/store/answers.h>

#include <filesystem>
#include <memory>

namespace faceoff::store {

// Answers in one file a key below `folder` (mode 0700, files 0600), with a checksum. Files are
// replaced as a whole, so that several processes may share the folder. A file that is damaged or
// belongs to another key is no answer: a warning, and the next answer replaces it. What cannot be
// written is a warning too, once; the run goes on. Error of kind io: the folder cannot be made.
[[nodiscard]] Result<std::unique_ptr<AnswerCache>> open_answer_cache(
    const std::filesystem::path& folder);

}  // namespace faceoff::store
