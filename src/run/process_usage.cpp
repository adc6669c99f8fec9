#include "process_usage.h"

#include <faceoff/base/files.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace faceoff::run {
namespace {

struct Process {
  pid_t id = 0;
  pid_t parent = 0;
  std::uint64_t pages = 0;
};

// The number at the beginning of `text`, which loses it and the blank behind.
std::uint64_t take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto end = text.find(' ');
  std::from_chars(text.data(), text.data() + std::min(end, text.size()), value);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return value;
}

// /proc/PID/stat: "12 (name) S parent ..."; the name may hold anything. Field 24 is the memory.
std::optional<Process> read_process(pid_t id) {
  constexpr int kFieldsToMemory = 19;  // between the parent and the pages
  const UniqueFd fd(::open(fmt::format("/proc/{}/stat", id).c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> buffer{};
  const ssize_t size = fd.valid() ? ::read(fd.get(), buffer.data(), buffer.size()) : -1;
  if (size <= 0) {
    return std::nullopt;
  }
  std::string_view text(buffer.data(), static_cast<std::size_t>(size));
  const auto name_end = text.rfind(") ");
  if (name_end == std::string_view::npos || name_end + 4 > text.size()) {
    return std::nullopt;
  }
  text.remove_prefix(name_end + 4);
  Process process{.id = id, .parent = static_cast<pid_t>(take_number(text)), .pages = 0};
  for (int i = 0; i < kFieldsToMemory; ++i) {
    static_cast<void>(take_number(text));
  }
  process.pages = take_number(text);
  return process;
}

std::vector<Process> all_processes() {
  std::vector<Process> out;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) {
    return out;
  }
  while (const dirent* entry = ::readdir(folder)) {  // NOLINT(concurrency-mt-unsafe): own stream
    const std::string_view name(&entry->d_name[0]);
    pid_t id = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (error == std::errc() && end == name.data() + name.size()) {
      if (auto process = read_process(id)) {
        out.push_back(*process);
      }
    }
  }
  ::closedir(folder);
  return out;
}

}  // namespace

Usage usage_below(pid_t root) {
  std::vector<Process> others = all_processes();
  std::unordered_set<pid_t> family{root};
  Usage usage;
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  for (bool grew = true; grew;) {
    grew = false;
    std::erase_if(others, [&](const Process& process) {
      if (!family.contains(process.parent)) {
        return false;
      }
      family.insert(process.id);
      ++usage.processes;
      usage.memory += process.pages * page;
      grew = true;
      return true;
    });
  }
  return usage;
}

}  // namespace faceoff::run
