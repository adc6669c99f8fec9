#include "scratch_folder.h"

#include <faceoff/base/files.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace faceoff::cli {

Result<std::unique_ptr<ScratchFolder>> ScratchFolder::create() {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error) {
    return fail(ErrorKind::io, "TMPDIR names no folder: " + error.message());
  }
  std::string name = (parent / "faceoff-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return fail(ErrorKind::io, name + ": " + errno_text(errno));
  }
  return std::unique_ptr<ScratchFolder>(new ScratchFolder(name));
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace faceoff::cli
