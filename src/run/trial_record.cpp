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

}  // namespace faceoff::run
