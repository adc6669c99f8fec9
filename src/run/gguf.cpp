#include "gguf.h"

#include <array>
#include <cstring>
#include <fstream>
#include <string>

namespace faceoff::run {
namespace {

constexpr std::uint64_t kMaxRead = 64ULL * 1024 * 1024;
constexpr std::uint64_t kMaxKey = 65535;
// Sizes of the value types 0 to 12; 0 for string (8) and array (9).
constexpr std::array<std::uint64_t, 13> kSizes{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
constexpr std::uint32_t kUint32 = 4;
constexpr std::uint32_t kInt32 = 5;
constexpr std::uint32_t kString = 8;
constexpr std::uint32_t kArray = 9;
constexpr std::uint32_t kUint64 = 10;

// Little-endian values from the front of a file, with a bound on what is read.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : file_(path, std::ios::binary) {}

  template <class T>
  std::optional<T> value() {
    T out{};
    if (!claim(sizeof out) || !file_.read(reinterpret_cast<char*>(&out), sizeof out)) {
      return std::nullopt;
    }
    return out;
  }
  std::optional<std::string> text(std::uint64_t limit) {
    const auto size = value<std::uint64_t>();
    if (!size || *size > limit || !claim(*size)) {
      return std::nullopt;
    }
    std::string out(*size, '\0');
    if (!file_.read(out.data(), static_cast<std::streamsize>(*size))) {
      return std::nullopt;
    }
    return out;
  }
  bool skip(std::uint64_t bytes) {
    return claim(bytes) && file_.seekg(static_cast<std::streamoff>(bytes), std::ios::cur).good();
  }

 private:
  bool claim(std::uint64_t bytes) {
    if (bytes > kMaxRead - read_) {
      return false;
    }
    read_ += bytes;
    return true;
  }
  std::ifstream file_;
  std::uint64_t read_ = 0;
};

bool skip_string(Reader& reader) {
  const auto size = reader.value<std::uint64_t>();
  return size && reader.skip(*size);
}

bool skip_value(Reader& reader, std::uint32_t type);

bool skip_array(Reader& reader) {
  const auto type = reader.value<std::uint32_t>();
  const auto count = reader.value<std::uint64_t>();
  if (!type || !count || *type >= kSizes.size() || *type == kArray) {
    return false;
  }
  if (kSizes[*type] != 0) {
    return *count <= kMaxRead && reader.skip(*count * kSizes[*type]);
  }
  for (std::uint64_t i = 0; i < *count; ++i) {
    if (!skip_string(reader)) {
      return false;
    }
  }
  return true;
}

bool skip_value(Reader& reader, std::uint32_t type) {
  if (type >= kSizes.size()) {
    return false;
  }
  if (type == kString) {
    return skip_string(reader);
  }
  return type == kArray ? skip_array(reader) : reader.skip(kSizes[type]);
}

std::optional<std::uint64_t> read_number(Reader& reader, std::uint32_t type) {
  if (type == kUint32 || type == kInt32) {
    return reader.value<std::uint32_t>();
  }
  return type == kUint64 ? reader.value<std::uint64_t>() : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> gguf_context_length(const std::filesystem::path& path) {
  Reader reader(path);
  const auto magic = reader.value<std::array<char, 4>>();
  const auto version = reader.value<std::uint32_t>();
  const auto tensors = reader.value<std::uint64_t>();
  const auto entries = reader.value<std::uint64_t>();
  if (!magic || std::memcmp(magic->data(), "GGUF", 4) != 0 || !version || *version < 2 ||
      !tensors || !entries) {
    return std::nullopt;
  }
  for (std::uint64_t i = 0; i < *entries; ++i) {
    const auto key = reader.text(kMaxKey);
    const auto type = reader.value<std::uint32_t>();
    if (!key || !type) {
      return std::nullopt;
    }
    if (key->ends_with(".context_length")) {
      return read_number(reader, *type);
    }
    if (!skip_value(reader, *type)) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace faceoff::run
