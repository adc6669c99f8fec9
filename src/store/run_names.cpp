#include "manifest.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/log.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/store/run_folder.h>

#include <algorithm>
#include <cctype>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace faceoff::store {
namespace {

constexpr std::size_t kMaxSlug = 40;

// Letters, digits and single dashes; a name without any of them is replaced by its digest.
std::string slug(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
    if (out.size() == kMaxSlug) {
      break;
    }
  }
  while (!out.empty() && out.back() == '-') {
    out.pop_back();
  }
  return out.empty() ? "suite-" + sha256_hex(name).substr(0, 8) : out;
}

bool is_run(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::is_regular_file(folder / kManifestName, error);
}

// The time part of <suite>-<time>-<id> sorts by age; folders of other names go last.
std::string time_part(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string();
  const auto parts = split(name, '-');
  return parts.size() >= 3 ? std::string(parts[parts.size() - 2]) : std::string();
}

// Names tell runs of one second apart, not which came first; their manifests know the millisecond.
template <class Iterator>
void sort_within_a_second(Iterator begin, Iterator end) {
  std::vector<std::pair<std::string, std::filesystem::path>> by_time;
  for (auto it = begin; it != end; ++it) {
    const auto manifest = read_manifest(*it);
    by_time.emplace_back(manifest ? manifest->started_utc : std::string(), *it);
  }
  std::ranges::sort(by_time, std::ranges::greater());
  std::ranges::transform(by_time, begin, &std::pair<std::string, std::filesystem::path>::second);
}

std::string last_part(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string();
  return name.substr(name.rfind('-') + 1);
}

Result<std::filesystem::path> latest(const std::filesystem::path& results, std::string_view back) {
  const auto runs = list_runs(results);
  std::int64_t n = 0;
  if (!back.empty()) {
    const auto parsed = parse_int(back);
    if (!parsed || *parsed < 0) {
      return fail(ErrorKind::usage,
                  fmt::format("'latest~{}': write latest~1 for the run before the last", back));
    }
    n = *parsed;
  }
  if (static_cast<std::size_t>(n) >= runs.size()) {
    return fail(
        ErrorKind::usage,
        fmt::format(
            "{}: holds {} run(s); there is no latest~{}", results.string(), runs.size(), n));
  }
  return runs[static_cast<std::size_t>(n)];
}

}  // namespace

std::string make_run_id(std::string_view suite, UtcTime now, std::uint64_t entropy) {
  return fmt::format("{}-{}-{:08x}", slug(suite), format_utc_compact(now), entropy & 0xFFFFFFFFU);
}

std::vector<std::filesystem::path> list_runs(const std::filesystem::path& results) {
  std::vector<std::filesystem::path> runs;
  std::error_code error;
  for (std::filesystem::directory_iterator it(results, error), end; !error && it != end;
       it.increment(error)) {
    if (!it->is_symlink(error) && it->is_directory(error) && is_run(it->path())) {
      runs.push_back(it->path());
    }
  }
  std::ranges::sort(runs, [](const auto& a, const auto& b) {
    return std::pair(time_part(a), a.filename()) > std::pair(time_part(b), b.filename());
  });
  for (auto begin = runs.begin(); begin != runs.end();) {
    const auto other = [second = time_part(*begin)](const auto& run) {
      return time_part(run) != second;
    };
    const auto end = std::find_if(begin, runs.end(), other);
    if (end - begin > 1) {
      sort_within_a_second(begin, end);
    }
    begin = end;
  }
  return runs;
}

Result<std::filesystem::path> find_run(const std::filesystem::path& results,
                                       std::string_view name) {
  if (is_run(std::filesystem::path(name))) {
    return std::filesystem::path(name);
  }
  if (name == "latest") {
    return latest(results, "");
  }
  if (name.starts_with("latest~")) {
    return latest(results, name.substr(7));
  }
  std::vector<std::filesystem::path> found;
  const auto runs = list_runs(results);
  for (const auto& run : runs) {
    if (run.filename().string().starts_with(name) || last_part(run).starts_with(name)) {
      found.push_back(run);
    }
  }
  if (found.size() == 1) {
    return found.front();
  }
  if (found.size() > 1) {
    return fail(ErrorKind::usage,
                fmt::format("'{}' fits {} runs, {} among them; write more of its name",
                            name,
                            found.size(),
                            found.front().filename().string()));
  }
  std::string help = runs.empty() ? fmt::format("{} holds no runs yet", results.string())
                                  : fmt::format("the newest is {}; see faceoff list runs",
                                                runs.front().filename().string());
  return fail(ErrorKind::usage, fmt::format("there is no run '{}'; {}", name, help));
}

void point_latest(const std::filesystem::path& results, const std::filesystem::path& folder) {
  std::error_code error;
  const auto link = results / "latest";
  const auto temporary = results / fmt::format(".latest.{}", folder.filename().string());
  std::filesystem::remove(temporary, error);
  std::filesystem::create_directory_symlink(folder.filename(), temporary, error);
  if (!error) {
    std::filesystem::rename(temporary, link, error);
  }
  if (error) {
    log::debug(fmt::format("{}: {}", link.string(), error.message()));
  }
}

}  // namespace faceoff::store
