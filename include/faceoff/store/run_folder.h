#pragma once

#include <faceoff/backend/backend.h>
#include <faceoff/backend/price.h>
#include <faceoff/base/clock.h>
#include <faceoff/base/files.h>
#include <faceoff/base/result.h>
#include <faceoff/store/record.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::store {

// A change of how many requests may be in flight to one backend.
struct ConcurrencyChange {
  Duration at{0};  // since the run began
  std::int64_t limit = 0;
  std::string why;  // "HTTP 429 (rate_limited)", "32 requests in a row were taken"
  friend bool operator==(const ConcurrencyChange&, const ConcurrencyChange&) = default;
};

// What the manifest says of one backend.
struct BackendEntry {
  std::string name;
  std::string adapter;
  std::string model;
  std::string base_url;
  bool local = false;  // prompts did not leave this machine
  bool simulated = false;
  backend::Identity identity;
  std::int64_t concurrency = 1;
  std::uint64_t trials = 0;  // planned; fewer than others' where local-only cases were withheld
  // A replay: the id of the run, or the file, that its answers come from. Model, base URL and
  // identity are then those of the recorded backend.
  std::string replayed_from = {};
  // The present limit from the start of the run on, at most 200 entries; empty in older runs.
  std::vector<ConcurrencyChange> concurrency_history = {};
  std::optional<backend::Price> price = std::nullopt;  // that Record::cost was counted with
};

// How far a run came; budget: a limit of cost or time ended it.
enum class RunState : std::uint8_t { running, complete, interrupted, stopped, budget };
[[nodiscard]] std::string_view to_string(RunState state) noexcept;
[[nodiscard]] std::optional<RunState> parse_run_state(std::string_view text) noexcept;

// The gates that a run was started with, so that its report can judge them again.
struct Gating {
  std::vector<std::string> gates;  // in the gate language
  double alpha = 0.05;
  bool inconclusive_fails = false;
  std::string baseline;  // what --baseline named; a copy is baseline.json in the folder
};

// How far the figures of a run are the client's own doing (docs/metrics.md, "Is it the client?").
// Absent in runs of older versions.
struct SelfCheck {
  double loop_lag_p99_ms = 0.0;
  double loop_busy = 0.0;        // CPU seconds a wall second of the thread that runs the event loop
  double coalesced_share = 0.0;  // of the pauses between token events: both in one read
  double kernel_share = 0.0;     // of the token events: stamped by the kernel
  double gap_p50_ms = 0.0;       // median pause between token events
  bool client_bound = false;
  std::string why;  // "" unless client_bound
};

// run.json: everything about a run that is not a trial. Holds names of environment variables, never
// their values.
struct Manifest {
  std::string id;  // <suite>-<UTC time>-<8 hex digits>
  std::string suite;
  std::string suite_path;
  std::string directory;  // that relative paths of the suite and the command start from
  std::string suite_digest;
  std::string description;
  std::uint64_t cases = 0;
  std::uint64_t trials = 0;            // planned, over all backends
  std::vector<BackendEntry> backends;  // column order; the first is the reference
  std::vector<BackendEntry> judges;    // asked by scorers, and not compared themselves
  std::vector<std::string> command;    // argv, values of secret flags removed
  std::string version;                 // of faceoff
  std::string curl_version;
  std::string host_os;
  std::string started_utc;
  std::string finished_utc;  // empty while running
  RunState state = RunState::running;
  std::uint64_t seed = 0;
  double loop_lag_ms = 0.0;  // greatest lateness of the event loop
  double client_busy = 0.0;  // CPU seconds a wall second
  std::optional<SelfCheck> self_check = std::nullopt;
  std::vector<std::string> scorers;  // name/version
  std::vector<std::string> notes;    // for the reader of a report
  Gating gating;
  // "e-value": the run could end as soon as its outcome was clear, so an ordinary test at its end
  // would be wrong. Empty: the number of cases was fixed before.
  std::string stop_rule;
  std::string rescored_from;  // id of the run whose answers were scored anew
};
// The random end of a run's id: 7f3a21bc.
[[nodiscard]] std::string short_id(const Manifest& manifest);

// Trials of one backend that were recorded before a run was opened again.
struct Kept {
  std::uint64_t answered = 0;  // and settled
  std::uint64_t failed = 0;
  std::uint64_t awaiting = 0;  // answered, but a judge's verdict is missing
};

// A run folder open for writing: holds the lock, appends records. One process at a time; not
// thread-safe. Errors are of kind io; after one of them the log is whole up to the last record.
class RunWriter {
 public:
  // Makes the folder (mode 0700) and writes the manifest. Errors of kind io: not writable, or in
  // use by another process (its pid is named), or `folder` already holds a run.
  [[nodiscard]] static Result<std::unique_ptr<RunWriter>> create(
      const std::filesystem::path& folder, const Manifest& manifest);
  // Opens an existing run to go on with it, reading its records once; keeps 16 bytes a trial. A
  // damaged last line is cut off (a copy stays beside it); a damaged line further up, a record of
  // another run or of a newer schema is an error that names file and line, and nothing is changed.
  [[nodiscard]] static Result<std::unique_ptr<RunWriter>> resume(
      const std::filesystem::path& folder);

  virtual ~RunWriter() = default;
  [[nodiscard]] virtual const std::filesystem::path& folder() const noexcept = 0;
  [[nodiscard]] virtual const Manifest& manifest() const noexcept = 0;
  // Of what was recorded before the run was opened; the last record of a trial counts. Done: it
  // has an answer to just this request, and need not be sent again. Failed: whatever it asked.
  [[nodiscard]] virtual bool is_done(const TrialKey& key) const = 0;
  [[nodiscard]] virtual bool has_failed(const TrialKey& key) const = 0;
  // It has an answer to just this request, and waits for a judge: not done.
  [[nodiscard]] virtual bool awaits(const TrialKey& key) const = 0;
  [[nodiscard]] virtual Kept kept(std::string_view backend) const = 0;
  // Keeps a line, which to_line() gave for a record of this run, for the next flush().
  virtual void add(std::string_view line) = 0;
  // One write(2) of what was added; a line that could not be written whole is taken back. Then the
  // records are safe from the end of the process; they are synced to the disk once a second, beside
  // the caller, and at close().
  [[nodiscard]] virtual Status flush(TimePoint now) = 0;
  // Both for one record.
  [[nodiscard]] virtual Status append(const Record& record, TimePoint now) = 0;
  [[nodiscard]] virtual Status update(const Manifest& manifest) = 0;
  // Syncs and closes the records; nothing can be appended behind it. The lock is held on.
  [[nodiscard]] virtual Status close() = 0;
};

// Reads a run, finished or not, without changing it.
struct Run {
  std::filesystem::path folder;
  Manifest manifest;
};
[[nodiscard]] Result<Run> open_run(const std::filesystem::path& folder);
// Calls `each` for every record of a trial in file order, not for questions of scorers; where one
// stands more than once (resumed after a failure) each of them. A damaged last line is skipped with
// `damaged_tail` set. May be called while another process writes the run: what it sees is whole up
// to some record.
struct ReadResult {
  std::uint64_t records = 0;
  bool damaged_tail = false;
};
[[nodiscard]] Result<ReadResult> read_records(const std::filesystem::path& folder,
                                              const std::function<void(Record&&)>& each);
// The last record of every trial (case, backend and repeat), in order of first appearance.
[[nodiscard]] Result<std::vector<Record>> load_records(const std::filesystem::path& folder);

// Some process has the run open for writing.
[[nodiscard]] bool is_in_use(const std::filesystem::path& folder);
// Lines of the log that hold an answer, counted without reading them in full: for a hint.
[[nodiscard]] std::uint64_t count_answers(const std::filesystem::path& folder);

// RUN as a user names it: a path, an id or a unique prefix of one (also of its last part, 7f3a...),
// `latest`, `latest~N`; looked up below `results`. Error of kind usage, with the near ones.
[[nodiscard]] Result<std::filesystem::path> find_run(const std::filesystem::path& results,
                                                     std::string_view name);
// Newest first.
[[nodiscard]] std::vector<std::filesystem::path> list_runs(const std::filesystem::path& results);
// Points `results/latest` to `folder`; a failure is only logged.
void point_latest(const std::filesystem::path& results, const std::filesystem::path& folder);

// <suite>-<UTC time>-<8 hex digits>, safe as a folder name for any suite name.
[[nodiscard]] std::string make_run_id(std::string_view suite, UtcTime now, std::uint64_t entropy);

}  // namespace faceoff::store
