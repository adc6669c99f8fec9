#include "history.h"

#include "results.h"

#include <faceoff/base/files.h>
#include <faceoff/base/log.h>
#include <faceoff/base/units.h>
#include <faceoff/compare/summary.h>

#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

namespace faceoff::cli {
namespace {

namespace fs = std::filesystem;
using report::TrendFigure;
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

// A prepared statement. Text is bound as bytes, so that names of any kind come back as they were.
class Statement {
 public:
  Statement(sqlite3* base, const char* sql) {
    ok_ = sqlite3_prepare_v2(base, sql, -1, &statement_, nullptr) == SQLITE_OK;
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  Statement& text(std::string_view value) {
    ok_ =
        ok_ &&
        sqlite3_bind_text(
            statement_, ++bound_, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT) ==
            SQLITE_OK;
    return *this;
  }
  Statement& integer(std::uint64_t value) {
    ok_ = ok_ &&
          sqlite3_bind_int64(statement_, ++bound_, static_cast<sqlite3_int64>(value)) == SQLITE_OK;
    return *this;
  }
  Statement& number(const std::optional<double>& value) {
    ++bound_;
    ok_ = ok_ && (value ? sqlite3_bind_double(statement_, bound_, *value)
                        : sqlite3_bind_null(statement_, bound_)) == SQLITE_OK;
    return *this;
  }
  Statement& optional_text(const std::optional<std::string>& value) {
    if (value) {
      return text(*value);
    }
    ok_ = ok_ && sqlite3_bind_null(statement_, ++bound_) == SQLITE_OK;
    return *this;
  }
  Statement& figure(const TrendFigure& figure) {
    return number(figure.value).number(figure.lo).number(figure.hi);
  }

  // True: there is a row to read.
  bool next() {
    if (!ok_) {
      return false;
    }
    const int code = sqlite3_step(statement_);
    ok_ = code == SQLITE_ROW || code == SQLITE_DONE;
    column_ = 0;
    return code == SQLITE_ROW;
  }
  bool run() {
    while (next()) {
    }
    return ok_;
  }
  [[nodiscard]] bool ok() const noexcept { return ok_; }

  std::string text() {
    const int column = column_++;
    const auto* bytes = sqlite3_column_text(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr
               ? std::string()
               : std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
  std::optional<std::string> optional_text() {
    const bool null = sqlite3_column_type(statement_, column_) == SQLITE_NULL;
    std::string value = text();
    return null ? std::nullopt : std::optional(std::move(value));
  }
  std::uint64_t integer() {
    return static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column_++));
  }
  std::optional<double> number() {
    const int column = column_++;
    return sqlite3_column_type(statement_, column) == SQLITE_NULL
               ? std::nullopt
               : std::optional(sqlite3_column_double(statement_, column));
  }
  TrendFigure figure() {
    TrendFigure out;
    out.value = number();
    out.lo = number();
    out.hi = number();
    return out;
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
  bool ok_ = false;
  int bound_ = 0;
  int column_ = 0;
};

bool execute(sqlite3* base, const char* sql) {
  return sqlite3_exec(base, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

// What tells that a folder is as it was read: sizes and times of its two files.
std::string stamp_of(const fs::path& folder) {
  std::string out;
  for (const char* name : {"run.json", "records.jsonl"}) {
    struct stat info {};
    if (::stat((folder / name).c_str(), &info) == 0) {
      out += fmt::format("{}:{}.{:09};", info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    }
  }
  return out;
}

TrendFigure figure_of(const compare::QuantileEstimate& quantile) {
  return {.value = quantile.value, .lo = quantile.lo, .hi = quantile.hi};
}

std::vector<TrendPoint> points_of(const Loaded& run) {
  std::vector<TrendPoint> points;
  for (const auto& column : run.columns) {
    const compare::Summary summary = compare::summarise(column);
    TrendPoint point;
    point.backend = column.name();
    point.simulated = summary.simulated;
    for (const auto& entry : run.manifest.backends) {
      if (entry.name == column.name()) {
        point.model = entry.model;
        point.simulated = point.simulated || entry.simulated;
      }
    }
    point.cases = summary.all.cases;
    point.failed = summary.all.outcomes.of(score::Outcome::failed);
    const compare::ScoreEstimate& score = summary.all.score;
    point.score = {.value = score.value, .lo = score.lo, .hi = score.hi};
    point.ttft = figure_of(summary.ttft.p50);
    point.e2e = figure_of(summary.e2e.p50);
    if (summary.with_cost > 0) {
      point.cost_usd = decimal_dollars(summary.cost);
    }
    points.push_back(std::move(point));
  }
  return points;
}

struct Closer {
  void operator()(sqlite3* base) const { sqlite3_close(base); }
};
using Base = std::unique_ptr<sqlite3, Closer>;

// Null: it cannot be opened, or is no file of ours.
Base open_base(const char* path, bool fresh) {
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

}  // namespace

struct History::Parts {
  Base base;
  std::uint64_t read = 0;

  bool forget(const std::string& folder) {
    return Statement(base.get(), "DELETE FROM run WHERE folder = ?").text(folder).run();
  }

  bool keep(const std::string& folder,
            const std::string& stamp,
            const Loaded* run,
            std::uint64_t place) {
    if (!forget(folder)) {
      return false;
    }
    Statement row(base.get(), "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    row.text(folder).text(stamp);
    if (run == nullptr) {
      row.text("").text("").text("").text("").text("unreadable").integer(place);
      return row.run();
    }
    const store::Manifest& manifest = run->manifest;
    row.text(manifest.id)
        .text(manifest.suite)
        .text(manifest.suite_digest)
        .text(manifest.started_utc)
        .text(store::to_string(manifest.state))
        .integer(place);
    if (!row.run()) {
      return false;
    }
    std::uint64_t column = 0;
    for (const TrendPoint& point : points_of(*run)) {
      Statement insert(
          base.get(),
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

  // Makes the tables say what the folders say.
  bool update(const fs::path& results) {
    if (!execute(base.get(), "BEGIN IMMEDIATE")) {
      return false;
    }
    std::map<std::string, std::string> known;
    {
      Statement rows(base.get(), "SELECT folder, stamp FROM run");
      while (rows.next()) {
        std::string folder = rows.text();
        known[std::move(folder)] = rows.text();
      }
      if (!rows.ok()) {
        return false;
      }
    }
    const auto folders = store::list_runs(results);
    std::uint64_t place = folders.size();
    for (const fs::path& path : folders) {
      const std::string folder = path.filename().string();
      const std::string stamp = stamp_of(path);
      const auto old = known.find(folder);
      const bool same = old != known.end() && old->second == stamp;
      if (old != known.end()) {
        known.erase(old);
      }
      if (same) {
        if (!Statement(base.get(), "UPDATE run SET place = ? WHERE folder = ?")
                 .integer(place--)
                 .text(folder)
                 .run()) {
          return false;
        }
        continue;
      }
      ++read;
      const auto run = load_run(path);
      if (!run) {
        log::debug(fmt::format("left out of the history: {}", run.error().message));
      }
      if (!keep(folder, stamp, run ? &*run : nullptr, place--)) {
        return false;
      }
    }
    for (const auto& [folder, stamp] : known) {
      if (!forget(folder)) {
        return false;
      }
    }
    return execute(base.get(), "COMMIT");
  }

  Result<std::vector<TrendPoint>> select(const char* where,
                                         const std::optional<std::string>& suite) const {
    const std::string sql = fmt::format(
        "SELECT id, digest, started, state, backend, model, simulated, cases, failed, score, "
        "score_lo, score_hi, ttft, ttft_lo, ttft_hi, e2e, e2e_lo, e2e_hi, cost "
        "FROM run JOIN point ON point.folder = run.folder {}",
        where);
    Statement rows(base.get(), sql.c_str());
    if (suite) {
      rows.text(*suite);
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
      return fail(ErrorKind::io, fmt::format("the index of runs: {}", sqlite3_errmsg(base.get())));
    }
    return points;
  }
};

History::History(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
History::~History() = default;

Result<std::unique_ptr<History>> History::open(const fs::path& results, Start start) {
  const fs::path file = results / ".index.sqlite";
  std::error_code ignored;
  if (start == Start::rebuild) {
    fs::remove(file, ignored);
  }
  auto parts = std::make_unique<Parts>();
  // Of an older version, damaged or not ours: it holds nothing that the folders do not hold.
  for (const bool fresh : {false, true}) {
    if (!fs::is_directory(results, ignored)) {
      break;
    }
    if (fresh) {
      fs::remove(file, ignored);
    }
    parts->base = open_base(file.c_str(), fresh);
    if (parts->base != nullptr && parts->update(results)) {
      return std::unique_ptr<History>(new History(std::move(parts)));
    }
    parts->base.reset();
  }
  parts->base = open_base(kMemory, true);
  if (parts->base == nullptr || !parts->update(results)) {
    return fail(ErrorKind::io, "the index of runs cannot be built in memory");
  }
  return std::unique_ptr<History>(new History(std::move(parts)));
}

Result<std::vector<History::SuiteRow>> History::suites() const {
  Statement rows(parts_->base.get(),
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

Result<std::vector<TrendPoint>> History::points(std::string_view suite, std::uint64_t last) const {
  const std::string where = fmt::format(
      "WHERE run.folder IN (SELECT folder FROM run WHERE suite = ? ORDER BY place DESC LIMIT {}) "
      "ORDER BY place, position",
      last);
  return parts_->select(where.c_str(), std::string(suite));
}

Result<std::vector<TrendPoint>> History::all() const {
  return parts_->select("ORDER BY place DESC, position", std::nullopt);
}

std::uint64_t History::read() const noexcept {
  return parts_->read;
}

}  // namespace faceoff::cli
