#include "run_index.h"

#include "sql_statement.h"

#include <faceoff/base/files.h>

#include <utility>

#include <fmt/format.h>

#include <fcntl.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;
using report::TrendPoint;

// Raised when the tables change: an older file is built anew.
constexpr int kVersion = 1;
constexpr int kBusyMs = 2000;
constexpr const char* kMemory = ":memory:";

constexpr const char* kTables = R"sql(
CREATE TABLE run (folder TEXT PRIMARY KEY, stamp TEXT NOT NULL, id TEXT, suite TEXT, digest TEXT,
                  started TEXT, state TEXT, place INTEGER);
CREATE TABLE point (folder TEXT NOT NULL REFERENCES run(folder) ON DELETE CASCADE, position INTEGER,
                    backend TEXT, model TEXT, simulated INTEGER, cases INTEGER, failed INTEGER,
                    score REAL, score_lo REAL, score_hi REAL, ttft REAL, ttft_lo REAL, ttft_hi REAL,
                    e2e REAL, e2e_lo REAL, e2e_hi REAL, cost TEXT);
CREATE INDEX point_folder ON point(folder);
CREATE INDEX run_suite ON run(suite);
)sql";

bool execute(sqlite3* base, const char* sql) {
  return sqlite3_exec(base, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

}  // namespace

void RunIndex::Closer::operator()(sqlite3* base) const {
  sqlite3_close(base);
}

RunIndex::Base RunIndex::open_base(const char* path, bool fresh) {
  sqlite3* raw = nullptr;
  if (std::string_view(path) != kMemory) {
    // Readable by its owner alone, and never through a link.
    const UniqueFd file(::open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.valid()) {
      return nullptr;
    }
  }
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(path, &raw, flags, nullptr);
  Base base(raw);
  if (code != SQLITE_OK) {
    return nullptr;
  }
  sqlite3_busy_timeout(raw, kBusyMs);
  // The file may be a stranger's: its triggers and functions run nothing of ours.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  execute(raw, "PRAGMA foreign_keys = ON");
  Statement version(raw, "PRAGMA user_version");
  const bool read = version.next();
  const auto found = read ? version.integer() : 0;
  if (!read || (!fresh && found != kVersion && found != 0)) {
    return nullptr;
  }
  if (found == 0 && !(execute(raw, kTables) &&
                      execute(raw, fmt::format("PRAGMA user_version = {}", kVersion).c_str()))) {
    return nullptr;
  }
  return base;
}

std::unique_ptr<RunIndex> RunIndex::open(const fs::path& file, bool fresh) {
  Base base = open_base(file.c_str(), fresh);
  return base == nullptr ? nullptr : std::unique_ptr<RunIndex>(new RunIndex(std::move(base)));
}

std::unique_ptr<RunIndex> RunIndex::in_memory() {
  Base base = open_base(kMemory, true);
  return base == nullptr ? nullptr : std::unique_ptr<RunIndex>(new RunIndex(std::move(base)));
}

bool RunIndex::begin() {
  return execute(base_.get(), "BEGIN IMMEDIATE");
}

bool RunIndex::commit() {
  return execute(base_.get(), "COMMIT");
}

std::optional<std::map<std::string, RunIndex::Row>> RunIndex::rows() const {
  std::map<std::string, Row> known;
  Statement rows(base_.get(), "SELECT folder, stamp, suite, started, state FROM run");
  while (rows.next()) {
    std::string folder = rows.text();
    Row row;
    row.stamp = rows.text();
    row.suite = rows.text();
    row.started_utc = rows.text();
    row.state = rows.text();
    known[std::move(folder)] = std::move(row);
  }
  return rows.ok() ? std::optional(std::move(known)) : std::nullopt;
}

bool RunIndex::forget(const std::string& folder) {
  return Statement(base_.get(), "DELETE FROM run WHERE folder = ?").text(folder).run();
}

bool RunIndex::move(const std::string& folder, std::uint64_t place) {
  return Statement(base_.get(), "UPDATE run SET place = ? WHERE folder = ?")
      .integer(place)
      .text(folder)
      .run();
}

bool RunIndex::keep(const std::string& folder,
                    const std::string& stamp,
                    const store::Manifest* manifest,
                    const std::vector<TrendPoint>& points,
                    std::uint64_t place) {
  if (!forget(folder)) {
    return false;
  }
  Statement row(base_.get(), "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  row.text(folder).text(stamp);
  if (manifest == nullptr) {
    row.text("").text("").text("").text("").text(kUnreadable).integer(place);
    return row.run();
  }
  row.text(manifest->id)
      .text(manifest->suite)
      .text(manifest->suite_digest)
      .text(manifest->started_utc)
      .text(store::to_string(manifest->state))
      .integer(place);
  if (!row.run()) {
    return false;
  }
  std::uint64_t column = 0;
  for (const TrendPoint& point : points) {
    Statement insert(
        base_.get(),
        "INSERT INTO point VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.text(folder)
        .integer(column++)
        .text(point.backend)
        .text(point.model)
        .integer(point.simulated ? 1 : 0)
        .integer(point.cases)
        .integer(point.failed)
        .figure(point.score)
        .figure(point.ttft)
        .figure(point.e2e)
        .optional_text(point.cost_usd);
    if (!insert.run()) {
      return false;
    }
  }
  return true;
}

Result<std::vector<TrendPoint>> RunIndex::select(const char* where,
                                                 const std::optional<std::string>& word) const {
  const std::string sql = fmt::format(
      "SELECT id, digest, started, state, backend, model, simulated, cases, failed, score, "
      "score_lo, score_hi, ttft, ttft_lo, ttft_hi, e2e, e2e_lo, e2e_hi, cost "
      "FROM run JOIN point ON point.folder = run.folder {}",
      where);
  Statement rows(base_.get(), sql.c_str());
  if (word) {
    rows.text(*word);
  }
  std::vector<TrendPoint> points;
  while (rows.next()) {
    TrendPoint point;
    point.run = rows.text();
    point.suite_digest = rows.text();
    point.started_utc = rows.text();
    point.state = rows.text();
    point.backend = rows.text();
    point.model = rows.text();
    point.simulated = rows.integer() != 0;
    point.cases = rows.integer();
    point.failed = rows.integer();
    point.score = rows.figure();
    point.ttft = rows.figure();
    point.e2e = rows.figure();
    point.cost_usd = rows.optional_text();
    points.push_back(std::move(point));
  }
  if (!rows.ok()) {
    return fail(ErrorKind::io, fmt::format("the index of runs: {}", sqlite3_errmsg(base_.get())));
  }
  return points;
}

Result<std::vector<RunIndex::SuiteRow>> RunIndex::suites() const {
  Statement rows(base_.get(),
                 "SELECT suite, count(*) FROM run WHERE state <> 'unreadable' GROUP BY suite "
                 "ORDER BY max(place) DESC");
  std::vector<SuiteRow> out;
  while (rows.next()) {
    SuiteRow row;
    row.name = rows.text();
    row.runs = rows.integer();
    out.push_back(std::move(row));
  }
  return out;
}

Result<std::vector<TrendPoint>> RunIndex::points_of_suite(std::string_view suite,
                                                          std::uint64_t last) const {
  const std::string where = fmt::format(
      "WHERE run.folder IN (SELECT folder FROM run WHERE suite = ? ORDER BY place DESC LIMIT {}) "
      "ORDER BY place, position",
      last);
  return select(where.c_str(), std::string(suite));
}

Result<std::vector<TrendPoint>> RunIndex::points_of_folder(const std::string& folder) const {
  return select("WHERE run.folder = ? ORDER BY position", folder);
}

Result<std::vector<TrendPoint>> RunIndex::all_points() const {
  return select("ORDER BY place DESC, position", std::nullopt);
}

}  // namespace faceoff::cli
