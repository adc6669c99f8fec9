#pragma once

// run.json. Private to store.

#include <faceoff/base/result.h>
#include <faceoff/store/run_folder.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace faceoff::store {

inline constexpr std::string_view kManifestName = "run.json";
inline constexpr std::string_view kRecordsName = "records.jsonl";
inline constexpr std::string_view kLockName = "run.lock";

[[nodiscard]] std::string manifest_text(const Manifest& manifest);
[[nodiscard]] Result<Manifest> read_manifest(const std::filesystem::path& folder);
// `path` is for messages.
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text,
                                              const std::filesystem::path& path);

}  // namespace faceoff::store
