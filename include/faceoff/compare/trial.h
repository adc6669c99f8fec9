#pragma once

#include <faceoff/backend/failure.h>
#include <faceoff/score/scorer.h>
#include <faceoff/store/record.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace faceoff::compare {

// What summaries and comparisons need of a record, without prompts and answers: a large run is read
// record by record and fits in memory as these.
struct Trial {
  std::string case_id;
  std::string digest;
  std::int32_t repeat = 0;
  std::vector<std::string> tags;
  std::string cluster;

  score::Outcome outcome = score::Outcome::failed;
  std::optional<double> value;  // in [0, 1]
  std::optional<backend::FailureKind> error;
  std::string error_message;
  bool simulated = false;
  bool cached = false;

  // Why each attempt after the first was made. A request that was sent again with a parameter
  // renamed is not a retry.
  std::vector<backend::FailureKind> retries;
  std::uint32_t prompts_sent = 0;  // attempts whose request reached a server

  // Seconds, absent where the trial has no latency figure: it failed, was retried or came from a
  // cache. +infinity: one of our time limits struck first.
  std::optional<double> ttft;
  std::optional<double> e2e;
  std::optional<double> tpot;

  std::optional<std::int64_t> prompt_tokens;
  std::optional<std::int64_t> completion_tokens;
  // Wall-clock seconds since 1970 of the first attempt's start and the last one's end.
  std::optional<double> started;
  std::optional<double> ended;

  [[nodiscard]] bool answered() const noexcept { return outcome != score::Outcome::failed; }
};

[[nodiscard]] Trial trial_of(const store::Record& record);

// The trials of one backend in one run: a column of a table.
struct Column {
  std::string name;
  std::vector<Trial> trials;
};

// Gathers records into columns. Where a trial (case and repeat) comes more than once, sent again
// after a failure or with another prompt, the last one counts. Not thread-safe.
class Results {
 public:
  // Columns stand in this order, others after them as they appear; a name without records has an
  // empty column.
  explicit Results(const std::vector<std::string>& order = {});
  void add(const store::Record& record);
  [[nodiscard]] const std::vector<Column>& columns() const noexcept { return columns_; }

 private:
  using Key = std::tuple<std::size_t, std::string, std::int32_t>;
  std::size_t column_of(std::string_view name);

  std::vector<Column> columns_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::map<Key, std::size_t> position_;
};

}  // namespace faceoff::compare
