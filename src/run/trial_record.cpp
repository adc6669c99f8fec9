#include "trial_record.h"

#include <utility>

namespace faceoff::run {
namespace {

bool is_refused_input(backend::FailureKind kind) {
  return kind == backend::FailureKind::content_filter ||
         kind == backend::FailureKind::context_length;
}

}  // namespace

store::Record make_record(const suite::Case& item, chat::Params params, TrialResult result) {
  store::Record record;
  record.case_id = item.id;
  record.tags = item.tags;
  record.cluster = item.cluster;
  record.targets = item.targets;
  record.digest = item.digest;
  record.messages = item.messages;
  record.params = std::move(params);
  record.completion = std::move(result.completion);
  record.timing = std::move(result.timing);
  record.client_queue = result.client_queue;
  record.attempts = std::move(result.attempts);
  record.warnings = std::move(result.warnings);
  record.simulated = result.simulated;
  if (result.suspended) {
    record.suspended = true;
    const bool streamed = record.timing.streamed;
    record.timing = chat::Timing{};
    record.timing.streamed = streamed;
    record.client_queue = Duration{0};
  }
  if (!result.failure) {
    return record;
  }
  record.error = result.failure->kind;
  record.error_message = result.failure->message;
  if (is_refused_input(result.failure->kind)) {
    record.outcome = score::Outcome::refused;
    record.value = 0.0;
  } else if (result.time_limit) {
    record.outcome = score::Outcome::truncated;
    record.value = 0.0;
  } else {
    record.outcome = score::Outcome::failed;
  }
  return record;
}

TrialResult from_stored(store::StoredAnswer answer, Measured measured) {
  TrialResult result;
  result.completion = std::move(answer.completion);
  result.warnings = std::move(answer.warnings);
  result.simulated = answer.simulated;
  result.time_limit = answer.time_limit;
  if (answer.error) {
    result.failure = backend::Failure{.kind = *answer.error,
                                      .retry = backend::Retry::no,
                                      .http_status = 0,
                                      .retry_after = std::nullopt,
                                      .message = std::move(answer.error_message),
                                      .parameter = {}};
  }
  if (measured == Measured::keep) {
    result.timing = std::move(answer.timing);
    result.client_queue = answer.client_queue;
    result.attempts = std::move(answer.attempts);
    result.suspended = answer.suspended;
  } else {
    result.timing.streamed = answer.timing.streamed;
  }
  return result;
}

TrialResult not_recorded(std::string why) {
  TrialResult result;
  result.failure = backend::Failure{.kind = backend::FailureKind::not_recorded,
                                    .retry = backend::Retry::no,
                                    .http_status = 0,
                                    .retry_after = std::nullopt,
                                    .message = std::move(why),
                                    .parameter = {}};
  return result;
}

store::StoredAnswer to_stored(const TrialResult& result) {
  store::StoredAnswer answer;
  answer.completion = result.completion;
  answer.timing = result.timing;
  answer.client_queue = result.client_queue;
  answer.attempts = result.attempts;
  answer.warnings = result.warnings;
  answer.simulated = result.simulated;
  return answer;
}

}  // namespace faceoff::run
