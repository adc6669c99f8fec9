#pragma once

#include <faceoff/backend/failure.h>
#include <faceoff/base/result.h>
#include <faceoff/base/units.h>
#include <faceoff/chat/completion.h>
#include <faceoff/chat/message.h>
#include <faceoff/chat/timing.h>
#include <faceoff/score/scorer.h>
#include <faceoff/suite/suite.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::store {

inline constexpr int kRecordSchema = 1;

// One HTTP try of a trial.
struct Attempt {
  std::int32_t number = 1;  // from 1
  std::string started_utc;  // RFC 3339
  int http_status = 0;      // 0: none
  std::optional<backend::FailureKind> failure;
  std::string message;  // of the failure
  Duration waited{0};   // back-off before this attempt
  Duration took{0};
  std::string note;  // "max_tokens renamed to max_completion_tokens"
  // How often the request went out once more within this attempt: a kept connection was dead before
  // the first byte came, and libcurl sent the request again on a new one.
  std::int32_t resent = 0;
};

// Whose question a record holds, when it is not a trial of its own: that of a scorer about an
// answer. Such a record is a trial of the judge's backend.
struct AskedFor {
  std::string backend = {};   // whose answer is judged
  std::string opponent = {};  // the other answer's, in a pairwise comparison
  std::string scorer = {};
  std::string purpose = {};  // score::Asked::purpose
  friend bool operator==(const AskedFor&, const AskedFor&) = default;
};

// One finished trial: a line of records.jsonl. Every report is a pure function of these.
struct Record {
  std::string run;  // the random end of the run's id, set by its writer; empty in older records
  std::string suite;
  std::string case_id;
  std::string backend;
  std::int32_t repeat = 0;  // from 0
  std::vector<std::string> tags;
  std::string cluster;
  std::vector<std::string> targets;

  std::string digest;  // of the case's messages and parameters
  std::vector<chat::Message> messages;
  chat::Params params;  // as asked, the backend's own included

  score::Outcome outcome = score::Outcome::failed;
  std::optional<double> value;  // absent: unscored or failed
  std::vector<score::Score> scores;
  // Set when outcome is failed, and when a limit of ours cut the answer (truncated).
  std::optional<backend::FailureKind> error;
  std::string error_message;

  chat::Completion completion;
  chat::Timing timing;
  std::vector<Attempt> attempts;
  std::vector<std::string> warnings;
  Duration client_queue{0};  // last attempt: from our hands to the wire, connecting apart
  bool simulated = false;
  bool cached = false;  // answered from a cache or a replay: no latency figure
  // The process or the machine slept while the last attempt was under way: no latency figure.
  bool suspended = false;
  // Of all attempts that reported usage; absent: no price is set, or there was no usage.
  std::optional<Money> cost;
  std::optional<AskedFor> asked_for = {};
  // The answer is whole, a judge's verdict on it is missing: resuming asks for that alone.
  bool awaits = false;
  suite::Combine combined = suite::Combine::lowest;  // how `value` came about
  std::optional<double> graded = {};                 // the value before the case's threshold
  std::optional<double> threshold = {};              // of the case
};

// Identity of what a trial asks: the case's digest and every parameter, the backend's own included.
[[nodiscard]] std::string request_digest(std::string_view case_digest, const chat::Params& params);

// Which trial of a run, and what it asks: what --resume skips by.
struct TrialKey {
  std::string case_id;
  std::string backend;
  std::int32_t repeat = 0;
  std::string digest;  // request_digest()
  friend auto operator<=>(const TrialKey&, const TrialKey&) = default;
};
[[nodiscard]] TrialKey key_of(const Record& record);

// One line without its newline, "crc" as last member. Secrets are redacted, invalid UTF-8 in the
// answer is kept as text_b64. `run`, when given, stands for the record's own.
[[nodiscard]] std::string to_line(const Record& record, std::string_view run = {});
// Error of kind protocol: no checksum or a wrong one, as a line has that was cut off. Of kind
// rejected: whole, but of another schema or with a field of the wrong type.
[[nodiscard]] Result<Record> from_line(std::string_view line);

}  // namespace faceoff::store
