#pragma once

#include <faceoff/base/result.h>

#include <filesystem>
#include <functional>
#include <string>

namespace faceoff {

// SHA-256 of a regular file's content, as sha256_hex() of it would be, read in pieces: a model file
// may be larger than the memory. `stopped` is asked before each piece; once it says yes, an error
// of kind cancelled. Error of kind io: it cannot be read, is no regular file, or changed its size
// meanwhile.
[[nodiscard]] Result<std::string> sha256_hex_of_file(const std::filesystem::path& path,
                                                     const std::function<bool()>& stopped = {});

}  // namespace faceoff
