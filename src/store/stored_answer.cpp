#include "stored_answer.h"

#include <utility>

namespace faceoff::store {

StoredAnswer answer_of(Record&& record) {
  StoredAnswer answer;
  answer.completion = std::move(record.completion);
  answer.error = record.error;
  answer.error_message = std::move(record.error_message);
  answer.time_limit = record.error && record.outcome == score::Outcome::truncated;
  answer.timing = std::move(record.timing);
  answer.client_queue = record.client_queue;
  answer.attempts = std::move(record.attempts);
  answer.warnings = std::move(record.warnings);
  answer.simulated = record.simulated;
  answer.params = std::move(record.params);
  answer.cached = record.cached;
  answer.suspended = record.suspended;
  answer.cost = record.cost;
  return answer;
}

Record record_of(const StoredAnswer& answer) {
  Record record;
  record.outcome = answer.time_limit ? score::Outcome::truncated
                   : answer.error    ? score::Outcome::failed
                                     : score::Outcome::unscored;
  record.completion = answer.completion;
  record.error = answer.error;
  record.error_message = answer.error_message;
  record.timing = answer.timing;
  record.client_queue = answer.client_queue;
  record.attempts = answer.attempts;
  record.warnings = answer.warnings;
  record.simulated = answer.simulated;
  record.params = answer.params.value_or(chat::Params{});
  record.cached = answer.cached;
  record.suspended = answer.suspended;
  record.cost = answer.cost;
  return record;
}

}  // namespace faceoff::store
