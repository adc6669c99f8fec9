#include <faceoff/compare/trial.h>

#include <charconv>
#include <chrono>
#include <limits>

namespace faceoff::compare {
namespace {

using backend::FailureKind;

// Failures before a request could be written: the prompt stayed on this machine.
bool before_sending(FailureKind kind) noexcept {
  switch (kind) {
    case FailureKind::dns:
    case FailureKind::refused:
    case FailureKind::connect_timeout:
    case FailureKind::tls:
    case FailureKind::proxy:
    case FailureKind::address_not_allowed:
      return true;
    default:
      return false;
  }
}

bool is_time_limit(FailureKind kind) noexcept {
  return kind == FailureKind::first_token_timeout || kind == FailureKind::idle_timeout ||
         kind == FailureKind::total_timeout;
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) {
    return std::nullopt;
  }
  const std::string_view part = text.substr(at, count);
  int value = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (error != std::errc{} || end != part.data() + part.size()) {
    return std::nullopt;
  }
  return value;
}

// RFC 3339 as records hold it (2026-08-22T14:03:11.042Z).
std::optional<double> parse_utc(std::string_view text) {
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second || text.back() != 'Z') {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  const double millis = text.size() > 23 ? digits(text, 20, 3).value_or(0) : 0;
  return static_cast<double>(days) * 86400.0 + *hour * 3600.0 + *minute * 60.0 + *second +
         millis / 1000.0;
}

std::vector<FailureKind> retries_of(const store::Record& record) {
  std::vector<FailureKind> causes;
  for (std::size_t i = 1; i < record.attempts.size(); ++i) {
    const store::Attempt& before = record.attempts[i - 1];
    const bool adjusted = before.failure == FailureKind::bad_request && before.note.empty() &&
                          !record.attempts[i].note.empty();
    if (!adjusted) {
      causes.push_back(before.failure.value_or(FailureKind::protocol));
    }
  }
  return causes;
}

void read_latency(const store::Record& record, Trial& trial) {
  if (trial.cached || record.suspended || !trial.retries.empty()) {
    return;
  }
  const chat::Timing& timing = record.timing;
  constexpr double kNotInTime = std::numeric_limits<double>::infinity();
  if (record.error && is_time_limit(*record.error)) {
    trial.ttft = timing.ttft ? to_seconds(*timing.ttft) : kNotInTime;
    trial.e2e = kNotInTime;
    return;
  }
  if (!trial.answered()) {
    return;
  }
  if (timing.ttft) {
    trial.ttft = to_seconds(*timing.ttft);
  }
  // A stream that was cut has no full answer.
  if (timing.e2e && record.completion.complete()) {
    trial.e2e = to_seconds(*timing.e2e);
  }
  if (timing.tpot && *timing.tpot > Duration::zero()) {
    trial.tpot = to_seconds(*timing.tpot);
  }
}

void read_attempts(const store::Record& record, Trial& trial) {
  trial.retries = retries_of(record);
  if (record.cached) {
    return;
  }
  for (const store::Attempt& attempt : record.attempts) {
    if (attempt.http_status != 0 || !attempt.failure || !before_sending(*attempt.failure)) {
      ++trial.prompts_sent;
      trial.prompts_sent += static_cast<std::uint32_t>(std::max(attempt.resent, 0));
    }
  }
  if (!record.attempts.empty()) {
    const store::Attempt& last = record.attempts.back();
    trial.started = parse_utc(record.attempts.front().started_utc);
    if (const auto start = parse_utc(last.started_utc)) {
      trial.ended = *start + to_seconds(last.took);
    }
  }
}

// The last characters of an answer, whole ones.
std::string end_of(std::string_view answer) {
  constexpr std::size_t kKept = 200;
  while (!answer.empty() && (answer.back() == '\n' || answer.back() == ' ')) {
    answer.remove_suffix(1);
  }
  if (answer.size() <= kKept) {
    return std::string(answer);
  }
  answer.remove_prefix(answer.size() - kKept);
  const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  while (!answer.empty() && is_inside(answer.front())) {
    answer.remove_prefix(1);
  }
  return "…" + std::string(answer);
}

void read_scores(const store::Record& record, Said& said) {
  said.zero = record.outcome == score::Outcome::truncated;
  bool example = false;
  for (const score::Score& score : record.scores) {
    const bool nothing = score.verdict == score::Verdict::no_extraction;
    said.scores.push_back({.scorer = score.scorer,
                           .label = score.label,
                           .counts = score.counts,
                           .verdict = score.verdict,
                           .value = score.value,
                           .statistics = score.statistics,
                           .reason = nothing ? score.reason : std::string()});
    example = example || nothing;
  }
  if (example) {
    said.answer_end = end_of(record.completion.text);
  }
}

}  // namespace

Trial trial_of(const store::Record& record) {
  Trial trial;
  trial.case_id = record.case_id;
  trial.digest = record.digest;
  trial.repeat = record.repeat;
  trial.tags = record.tags;
  trial.cluster = record.cluster;
  trial.outcome = record.outcome;
  trial.value = record.value;
  trial.error = record.error;
  trial.error_message = record.error_message;
  read_scores(record, trial.said);
  trial.simulated = record.simulated;
  trial.cached = record.cached;
  read_attempts(record, trial);
  read_latency(record, trial);
  trial.prompt_tokens = record.completion.usage.prompt_tokens;
  trial.completion_tokens = record.completion.usage.completion_tokens;
  trial.cost = record.cost;
  return trial;
}

}  // namespace faceoff::compare
