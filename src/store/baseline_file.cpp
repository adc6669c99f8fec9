#include "json.h"
#include "line_format.h"
#include "manifest.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/store/baseline.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace faceoff::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxFileBytes = 4ULL * 1024 * 1024 * 1024;

// What few trials have stands in an object behind the figures.
Json write_rare(const Record& record) {
  Json rare = Json::object();
  if (record.error) {
    rare["error"] = backend::to_string(*record.error);
  }
  if (record.completion.finish == chat::Finish::none) {
    rare["cut"] = true;
  }
  if (record.cached) {
    rare["cached"] = true;
  }
  if (record.suspended) {
    rare["suspended"] = true;
  }
  const bool plain = record.attempts.size() == 1 && !record.attempts.front().failure &&
                     record.attempts.front().note.empty();
  if (!plain) {
    Json attempts = Json::array();
    for (const Attempt& attempt : record.attempts) {
      attempts.push_back(
          {attempt.failure ? Json(backend::to_string(*attempt.failure)) : Json(nullptr),
           attempt.note,
           attempt.http_status});
    }
    rare["attempts"] = std::move(attempts);
  }
  return rare;
}

// [backend, repeat, outcome, value, ttft_ms, e2e_ms, rare]
Json write_trial(const Record& record, std::size_t backend) {
  Json trial{backend,
             record.repeat,
             score::to_string(record.outcome),
             or_null(record.value),
             ms_or_null(record.timing.ttft),
             ms_or_null(record.timing.e2e)};
  if (Json rare = write_rare(record); !rare.empty()) {
    trial.push_back(std::move(rare));
  }
  return trial;
}

class Names {
 public:
  explicit Names(const std::vector<BackendEntry>& backends) {
    for (const BackendEntry& entry : backends) {
      static_cast<void>(number(entry.name));
    }
  }
  std::size_t number(const std::string& name) {
    const auto [at, is_new] = numbers_.try_emplace(name, names_.size());
    if (is_new) {
      names_.push_back(name);
    }
    return at->second;
  }
  [[nodiscard]] const std::vector<std::string>& all() const { return names_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> names_;
};

void read_rare(const Json& rare, Record& record) {
  if (const auto error = optional_at<std::string>(rare, "error")) {
    record.error = backend::parse_failure_kind(*error);
  }
  record.completion.finish =
      value_or<bool>(rare, "cut", false) ? chat::Finish::none : chat::Finish::stop;
  record.cached = value_or<bool>(rare, "cached", false);
  record.suspended = value_or<bool>(rare, "suspended", false);
  const auto attempts = rare.find("attempts");
  if (attempts == rare.end()) {
    Attempt attempt;
    attempt.http_status = 200;
    record.attempts.push_back(std::move(attempt));
    return;
  }
  for (const Json& row : *attempts) {
    Attempt attempt;
    attempt.number = static_cast<std::int32_t>(record.attempts.size()) + 1;
    if (!row.at(0).is_null()) {
      attempt.failure = backend::parse_failure_kind(row.at(0).get<std::string>());
    }
    attempt.note = row.at(1).get<std::string>();
    attempt.http_status = row.at(2).get<int>();
    record.attempts.push_back(std::move(attempt));
  }
}

std::optional<Duration> duration_of(const Json& ms) {
  return ms.is_null() ? std::nullopt : std::optional(from_ms(ms.get<double>()));
}

// Throws Json::exception for rows of another shape.
void read_case(const Json& row,
               const std::vector<std::string>& backends,
               const Manifest& manifest,
               std::vector<Record>& records) {
  for (const Json& trial : row.at(4)) {
    Record record;
    record.suite = manifest.suite;
    record.case_id = row.at(0).get<std::string>();
    record.digest = row.at(1).get<std::string>();
    record.cluster = row.at(2).is_null() ? "" : row.at(2).get<std::string>();
    record.tags = row.at(3).get<std::vector<std::string>>();
    record.backend = backends.at(trial.at(0).get<std::size_t>());
    record.repeat = trial.at(1).get<std::int32_t>();
    record.outcome =
        score::parse_outcome(trial.at(2).get<std::string>()).value_or(score::Outcome::unscored);
    if (!trial.at(3).is_null()) {
      record.value = trial.at(3).get<double>();
    }
    record.timing.ttft = duration_of(trial.at(4));
    record.timing.e2e = duration_of(trial.at(5));
    read_rare(trial.size() > 6 ? trial.at(6) : Json::object(), record);
    const auto entry = std::ranges::find(manifest.backends, record.backend, &BackendEntry::name);
    record.simulated = entry != manifest.backends.end() && entry->simulated;
    records.push_back(std::move(record));
  }
}

Error damaged(const fs::path& path, std::string_view why) {
  return {ErrorKind::io,
          fmt::format("{}: {}; restore it from a copy, or make it again with faceoff baseline set",
                      path.string(),
                      why)};
}

// The file without its checksum, which is checked. Git may have changed the ends of the lines.
Result<std::string> read_checked(const fs::path& path) {
  FACEOFF_TRY_ASSIGN(std::string text, read_file(path, kMaxFileBytes));
  std::erase(text, '\r');
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.pop_back();
  }
  if (!text.starts_with("{\"faceoff\":\"baseline\"")) {
    return fail(ErrorKind::io,
                fmt::format("{}: is no baseline of faceoff; make one with faceoff baseline set",
                            path.string()));
  }
  if (text.size() < kCrcTail || !text.ends_with("\"}") ||
      std::string_view(text).substr(text.size() - kCrcTail, kCrcPrefix.size()) != kCrcPrefix) {
    return tl::make_unexpected(damaged(path, "the file is cut off"));
  }
  const std::string sum = text.substr(text.size() - kCrcDigits - 2, kCrcDigits);
  text.resize(text.size() - kCrcTail);
  if (crc32_hex(text) != sum) {
    return tl::make_unexpected(damaged(path, "the checksum does not fit, the file was changed"));
  }
  return text + "}";
}

// Throws Json::exception.
Result<Baseline> read_members(const Json& json, const fs::path& path) {
  const int schema = json.at("schema").get<int>();
  if (schema != kBaselineSchema) {
    return fail(ErrorKind::io,
                fmt::format("{}: has schema {}, this program reads {}; make it again with faceoff "
                            "baseline set",
                            path.string(),
                            schema,
                            kBaselineSchema));
  }
  Baseline baseline;
  baseline.name = json.at("name").get<std::string>();
  baseline.created_utc = json.at("created").get<std::string>();
  FACEOFF_TRY_ASSIGN(baseline.manifest, parse_manifest(dump(json.at("run")), path));
  const auto backends = json.at("backends").get<std::vector<std::string>>();
  for (const Json& row : json.at("cases")) {
    read_case(row, backends, baseline.manifest, baseline.records);
  }
  return baseline;
}

}  // namespace

std::string baseline_text(const Baseline& baseline) {
  std::vector<const Record*> records;
  for (const Record& record : baseline.records) {
    records.push_back(&record);
  }
  Names names(baseline.manifest.backends);
  for (const Record* record : records) {
    static_cast<void>(names.number(record->backend));
  }
  // One order whatever the order of the answers: a file that is committed changes where the
  // figures did.
  std::ranges::sort(records, {}, [&](const Record* r) {
    return std::tuple(r->case_id, r->digest, names.number(r->backend), r->repeat);
  });
  Json run = Json::parse(manifest_text(baseline.manifest));
  std::string out = fmt::format(
      "{{\"faceoff\":\"baseline\",\n\"schema\":{},\n\"name\":{},\n\"created\":{},\n\"run\":{},\n"
      "\"backends\":{},\n\"cases\":[",
      kBaselineSchema,
      dump(baseline.name),
      dump(baseline.created_utc),
      dump(run),
      dump(names.all()));
  const Record* before = nullptr;
  for (const Record* record : records) {
    const bool same =
        before != nullptr && before->case_id == record->case_id && before->digest == record->digest;
    if (!same) {
      out += fmt::format("{}\n[{},{},{},{},[",
                         before == nullptr ? "" : "]],",
                         dump(record->case_id),
                         dump(record->digest),
                         record->cluster.empty() ? "null" : dump(record->cluster),
                         dump(record->tags));
    }
    out += (same ? "," : "") + dump(write_trial(*record, names.number(record->backend)));
    before = record;
  }
  out += before == nullptr ? "]" : "]]\n]";
  return out + fmt::format("{}{}\"}}\n", kCrcPrefix, crc32_hex(out));
}

Result<Baseline> read_baseline(const fs::path& path) {
  FACEOFF_TRY_ASSIGN(const std::string text, read_checked(path));
  try {
    return read_members(Json::parse(text), path);
  } catch (const std::exception& error) {
    return tl::make_unexpected(damaged(path, error.what()));
  }
}

}  // namespace faceoff::store
