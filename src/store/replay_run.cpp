#include "manifest.h"
#include "recorded_answers.h"

#include <faceoff/base/text.h>
#include <faceoff/store/replay.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>

namespace faceoff::store {
namespace {

Result<BackendEntry> choose(const Manifest& manifest,
                            std::string_view backend,
                            std::string_view wish) {
  const auto named = [&manifest](std::string_view name) {
    return std::ranges::find(manifest.backends, name, &BackendEntry::name);
  };
  auto it = named(backend.empty() ? wish : backend);
  if (backend.empty() && it == manifest.backends.end() && manifest.backends.size() == 1) {
    it = manifest.backends.begin();
  }
  if (it != manifest.backends.end()) {
    return *it;
  }
  std::vector<std::string> names;
  for (const auto& entry : manifest.backends) {
    names.push_back("'" + entry.name + "'");
  }
  const std::string known = names.empty() ? "none" : join(names, ", ");
  return fail(
      ErrorKind::usage,
      backend.empty()
          ? fmt::format("run {} has the backends {}; write RUN#BACKEND", manifest.id, known)
          : fmt::format("run {} has no backend '{}'; it has {}", manifest.id, backend, known));
}

}  // namespace

Result<std::unique_ptr<Replay>> replay_run(const std::filesystem::path& folder,
                                           std::string_view backend,
                                           std::string_view wish) {
  FACEOFF_TRY_ASSIGN(const Manifest manifest, read_manifest(folder));
  FACEOFF_TRY_ASSIGN(BackendEntry recorded, choose(manifest, backend, wish));
  const auto path = folder / kRecordsName;
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    return fail(ErrorKind::io, fmt::format("{}: {}", path.string(), errno_text(errno)));
  }
  // A replay of a replay names where the answers were given.
  recorded.replayed_from = recorded.replayed_from.empty() ? manifest.id : recorded.replayed_from;
  const std::string name = recorded.name;
  auto replay =
      std::make_unique<RecordedAnswers>(std::move(file), path.string(), std::move(recorded));
  const auto add = [&](Record&& record, const Place& place) {
    if (record.backend == name) {
      replay->add(record.case_id, record.repeat, place);
    }
  };
  FACEOFF_TRY_ASSIGN(const Walk walk, walk_records(path, short_id(manifest), add));
  replay->seal();
  std::vector<std::string> notes;
  if (walk.damaged_tail) {
    notes.push_back(fmt::format(
        "the last record of {} is cut off; what stands before it is replayed", path.string()));
  }
  replay->set_notes(std::move(notes));
  return replay;
}

}  // namespace faceoff::store
