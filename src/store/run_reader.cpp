#include "manifest.h"
#include "record_file.h"

#include <faceoff/base/files.h>
#include <faceoff/store/run_folder.h>

#include <cerrno>
#include <map>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace faceoff::store {
namespace {

// Of a folder without a readable manifest nothing is known.
std::string short_id_of(const std::filesystem::path& folder) {
  const auto manifest = read_manifest(folder);
  return manifest ? short_id(*manifest) : std::string();
}

}  // namespace

Result<Run> open_run(const std::filesystem::path& folder) {
  FACEOFF_TRY_ASSIGN(auto manifest, read_manifest(folder));
  return Run{.folder = folder, .manifest = std::move(manifest)};
}

Result<ReadResult> read_records(const std::filesystem::path& folder,
                                const std::function<void(Record&&)>& each) {
  FACEOFF_TRY_ASSIGN(
      const Walk walk,
      walk_records(folder / kRecordsName,
                   short_id_of(folder),
                   [&each](Record&& record, const Place&) { each(std::move(record)); }));
  return ReadResult{.records = walk.records, .damaged_tail = walk.damaged_tail};
}

Result<std::vector<Record>> load_records(const std::filesystem::path& folder) {
  std::vector<Record> records;
  std::map<std::tuple<std::string, std::string, std::int32_t>, std::size_t> place;
  FACEOFF_TRY(read_records(folder, [&](Record&& record) {
    const auto [it, is_new] = place.try_emplace(
        std::tuple(record.case_id, record.backend, record.repeat), records.size());
    if (is_new) {
      records.push_back(std::move(record));
    } else {
      records[it->second] = std::move(record);
    }
  }));
  return records;
}

bool is_in_use(const std::filesystem::path& folder) {
  const UniqueFd fd(::open((folder / kLockName).c_str(), O_RDONLY | O_CLOEXEC));
  return fd.valid() && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::uint64_t count_answers(const std::filesystem::path& folder) {
  // Quotes inside a text are escaped, so that these bytes can only be the member itself.
  constexpr std::string_view kMember = R"("outcome":")";
  constexpr std::string_view kFailed = R"("outcome":"failed")";
  const UniqueFd fd(::open((folder / kRecordsName).c_str(), O_RDONLY | O_CLOEXEC));
  std::uint64_t count = 0;
  std::string buffer;
  std::string chunk(256UL * 1024, '\0');
  while (fd.valid()) {
    const ssize_t n = ::read(fd.get(), chunk.data(), chunk.size());
    if (n <= 0) {
      break;
    }
    buffer.append(chunk, 0, static_cast<std::size_t>(n));
    std::size_t from = 0;
    for (auto at = buffer.find(kMember);
         at != std::string::npos && at + kFailed.size() <= buffer.size();
         at = buffer.find(kMember, from)) {
      count += buffer.compare(at, kFailed.size(), kFailed) != 0 ? 1U : 0U;
      from = at + kMember.size();
    }
    buffer.erase(0, std::max(from, buffer.size() - std::min(buffer.size(), kFailed.size())));
  }
  return count;
}

}  // namespace faceoff::store
