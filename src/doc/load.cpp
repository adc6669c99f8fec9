#include "source_text.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/doc/reader.h>

#include <utility>

#include <fmt/format.h>

namespace faceoff::doc {

Result<std::optional<Document>> load(const std::filesystem::path& path, Diagnostics& diagnostics) {
  const std::string extension = ascii_lower(path.extension().string());
  const bool yaml = extension == ".yaml" || extension == ".yml";
  if (!yaml && extension != ".json") {
    return fail(
        ErrorKind::usage,
        fmt::format(
            "{}: unknown kind of file '{}'; use .yaml, .yml or .json", path.string(), extension));
  }
  FACEOFF_TRY_ASSIGN(std::string text, read_file(path));
  if (text.starts_with(kByteOrderMark)) {
    text.erase(0, kByteOrderMark.size());
  }
  auto source = std::make_shared<Source>();
  source->name = path.string();
  source->text = std::move(text);
  const SourcePtr shared = std::move(source);
  auto root = yaml ? parse_yaml(shared, diagnostics) : parse_json(shared, diagnostics);
  if (!root) {
    return std::optional<Document>();
  }
  return std::optional<Document>(Document{shared, *std::move(root)});
}

}  // namespace faceoff::doc
