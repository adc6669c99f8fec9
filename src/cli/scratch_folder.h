#pragma once

// A folder for what nobody keeps. Private to cli.

#include <faceoff/base/result.h>

#include <filesystem>
#include <memory>

namespace faceoff::cli {

// A new folder below TMPDIR, gone with the object.
class ScratchFolder {
 public:
  [[nodiscard]] static Result<std::unique_ptr<ScratchFolder>> create();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace faceoff::cli
