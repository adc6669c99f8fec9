#include "content.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::suite {
namespace {

constexpr std::size_t kBlock = 1024UL * 1024;

// SHA-256 over the SHA-256 of each MiB: a file of any size in little memory.
Result<std::string> hash_file(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) {
    return fail(ErrorKind::io, errno_text(errno));
  }
  if (static_cast<std::uint64_t>(info.st_size) > kMaxDataBytes) {
    return fail(ErrorKind::usage,
                fmt::format("is larger than {} GiB; split it", kMaxDataBytes >> 30U));
  }
  std::string digests;
  std::string block(kBlock, '\0');
  std::size_t filled = 0;
  while (true) {
    const ssize_t n = ::read(fd, block.data() + filled, block.size() - filled);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return fail(ErrorKind::io, errno_text(errno));
    }
    filled += static_cast<std::size_t>(n);
    if (n == 0 || filled == block.size()) {
      digests += sha256_hex(std::string_view(block).substr(0, filled));
      filled = 0;
    }
    if (n == 0) {
      return sha256_hex(digests);
    }
  }
}

std::optional<DataFormat> format_of(const std::filesystem::path& name) {
  const std::string extension = ascii_lower(name.extension().string());
  if (extension == ".jsonl" || extension == ".ndjson") {
    return DataFormat::jsonl;
  }
  return extension == ".csv" ? std::optional(DataFormat::csv) : std::nullopt;
}

void read_data_file(const doc::Context& context, const doc::Node& node, Content& content) {
  const auto name = doc::as_string(context, node, "files");
  if (!name) {
    return;
  }
  const std::filesystem::path folder = content.path.parent_path();
  const std::filesystem::path relative(*name);
  const auto fd = open_beneath(folder, *name);
  if (!fd) {
    context.error(node.span, "data-file", fd.error().message);
    return;
  }
  const auto format = format_of(relative);
  if (!format) {
    context.error(node.span,
                  "data-file",
                  fmt::format("unknown kind of data file '{}'; use .jsonl or .csv", *name));
    return;
  }
  const auto same = [&](const DataFile& file) { return file.name == *name; };
  if (std::ranges::any_of(content.files, same)) {
    context.error(node.span, "data-file", fmt::format("the file '{}' is named twice", *name));
    return;
  }
  const auto digest = hash_file(fd->get());
  if (!digest) {
    context.error(node.span, "data-file", fmt::format("'{}': {}", *name, digest.error().message));
    return;
  }
  content.digest += fmt::format("{} {}\n", *digest, *name);
  content.files.push_back({*name, (folder / relative).string(), relative.stem().string(), *format});
}

}  // namespace

void read_data_files(const doc::Context& context, const doc::Node& node, Content& content) {
  if (!node.is_sequence()) {
    read_data_file(context, node, content);
    return;
  }
  for (const auto& item : node.items) {
    read_data_file(context, item, content);
  }
}

}  // namespace faceoff::suite
