#pragma once

#include <faceoff/base/result.h>
#include <faceoff/store/record.h>
#include <faceoff/suite/suite.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::store {

// An answer that needs no server any more: from a finished run, a file of answers or the cache.
struct StoredAnswer {
  chat::Completion completion;
  // The trial ended without a usable answer, then.
  std::optional<backend::FailureKind> error;
  std::string error_message;
  bool time_limit = false;   // `error` is a limit of ours that the model ran into
  chat::Timing timing;       // as measured then
  Duration client_queue{0};  // as measured then
  std::vector<Attempt> attempts;
  std::vector<std::string> warnings;
  bool simulated = false;
  // What scoring anew keeps of the record of then (Lane::keeps_timing).
  std::optional<chat::Params> params;  // as asked, the backend's own included; absent: not known
  bool cached = false;
  bool suspended = false;
  std::optional<Money> cost;
};

// Answers by case and repeat. Used from the thread that runs run::run().
class AnswerSource {
 public:
  virtual ~AnswerSource() = default;
  // nullopt: holds none for this trial. A case whose prompt has changed since then has none
  // either; `why` then says so.
  struct Found {
    std::optional<StoredAnswer> answer;
    std::string why;  // when there is none: "the run holds no answer for this case"
  };
  [[nodiscard]] virtual Result<Found> find(const suite::Case& item, std::int32_t repeat) = 0;
};

// The key of an answer in a cache, 64 hexadecimal digits, over everything that decides what a
// server would answer: two requests that differ in any of these have different keys. The repeat
// index is among them, so that five repeats are five answers. No key of a provider goes in.
// `server` is its base URL, or what is known of a server whose address says nothing.
[[nodiscard]] std::string key_of_request(std::string_view adapter,
                                         std::string_view server,
                                         std::string_view model,
                                         std::string_view body,
                                         std::int32_t repeat);

// Answers by what was asked. A key covers adapter, server, model, the whole request body and the
// repeat index; key_of_request() makes it. Used from the thread that runs run::run().
class AnswerCache {
 public:
  virtual ~AnswerCache() = default;
  [[nodiscard]] virtual Result<std::optional<StoredAnswer>> find(const std::string& key) = 0;
  // Only complete answers are handed in: no failure, finish reason given.
  [[nodiscard]] virtual Status put(const std::string& key, const StoredAnswer& answer) = 0;
};

}  // namespace faceoff::store
