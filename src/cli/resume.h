#pragma once

// Going on with a run that was not finished. Private to cli.

#include <faceoff/backend/spec.h>
#include <faceoff/base/result.h>
#include <faceoff/store/run_folder.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::cli {

// The command line that goes on with the run in `folder`: what was typed, for a shell, with
// --resume -o FOLDER instead of the flags that said where to write.
[[nodiscard]] std::string resume_hint(const std::vector<std::string>& command_line,
                                      const std::filesystem::path& folder);

// What a plain run says of an unfinished one that could be gone on with; empty when there is none
// that holds an answer. One that another process is writing is left alone.
[[nodiscard]] std::string resume_offer(const std::vector<std::string>& command_line,
                                       const std::filesystem::path& results,
                                       std::string_view suite,
                                       const std::vector<backend::Spec>& specs);

// The newest run below `results` that is not complete, of this suite and backends of these names.
// Error of kind usage when there is none.
[[nodiscard]] Result<std::filesystem::path> find_unfinished(
    const std::filesystem::path& results,
    std::string_view suite,
    const std::vector<backend::Spec>& specs);

// Answers of one suite or model must not pass for those of another. Error of kind usage when the
// run was of another suite, or a backend of the same name had another adapter or model.
[[nodiscard]] Status check_same_run(const store::Run& before,
                                    std::string_view suite,
                                    const std::vector<backend::Spec>& specs);

// The same for the backends that scorers ask.
[[nodiscard]] Status check_same_judges(const store::Run& before,
                                       const std::vector<backend::Spec>& judges);

}  // namespace faceoff::cli
