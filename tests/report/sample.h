#pragma once

#include <faceoff/report/report.h>
#include <faceoff/store/record.h>
#include <faceoff/store/run_folder.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::test {

// A run made of formulas instead of models: the same figures every time.
struct SampleBackend {
  std::string name;
  bool local = false;
  std::size_t passes_of_20 = 16;  // of each block of twenty cases
  std::size_t shift = 0;          // which ones
  double ttft_ms = 400.0;
  double e2e_ms = 1900.0;
  double tpot_ms = 12.8;
  bool simulated = false;
};

inline constexpr std::array<std::string_view, 4> kSampleTags{"coding", "math", "reasoning", "tone"};

inline store::Record sample_record(const SampleBackend& backend, std::size_t i) {
  store::Record record;
  record.suite = "support";
  std::string number = std::to_string(i);
  record.case_id = "case-" + std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number;
  record.backend = backend.name;
  record.digest = "d" + number;
  record.tags = {std::string(kSampleTags[i % kSampleTags.size()])};
  record.simulated = backend.simulated;
  const std::size_t draw = (i * 2654435761U >> 7U) % 20;
  const bool pass = (draw + backend.shift) % 20 < backend.passes_of_20;
  record.outcome = score::Outcome::scored;
  record.value = pass ? 1.0 : 0.0;
  record.completion.finish = chat::Finish::stop;
  record.completion.usage.prompt_tokens = 30 + static_cast<std::int64_t>(i % 9);
  record.completion.usage.completion_tokens = 60 + static_cast<std::int64_t>(i % 31);
  // Skewed: prompts differ much, the two backends on one prompt a little.
  const auto x = static_cast<double>(i * 37 % 101) / 100.0;
  const auto y =
      static_cast<double>(
          i * (53 + 2 * backend.name.size() + static_cast<std::size_t>(backend.name.back())) % 97) /
      96.0;
  const double spread = (0.75 + 0.4 * x + (x > 0.9 ? 6.0 * (x - 0.9) : 0.0)) * (0.9 + 0.2 * y);
  record.timing.ttft = from_ms(backend.ttft_ms * spread);
  record.timing.e2e = from_ms(backend.e2e_ms * spread);
  record.timing.tpot = from_ms(backend.tpot_ms * spread);
  store::Attempt attempt;
  attempt.http_status = 200;
  attempt.took = from_ms(backend.e2e_ms * spread);
  const std::size_t second = i % 60;
  attempt.started_utc = "2026-08-22T14:0" + std::to_string(i / 60 % 10) + ":" +
                        (second < 10 ? "0" : "") + std::to_string(second) + ".000Z";
  record.attempts.push_back(attempt);
  return record;
}

inline void fail(store::Record& record, backend::FailureKind kind, const std::string& message) {
  record.outcome = score::Outcome::failed;
  record.value.reset();
  record.error = kind;
  record.error_message = message;
  record.completion = {};
  record.timing = {};
  record.attempts.back().http_status = 500;
  record.attempts.back().failure = kind;
}

inline std::vector<store::Record> sample_records(const SampleBackend& backend, std::size_t cases) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < cases; ++i) {
    records.push_back(sample_record(backend, i));
  }
  return records;
}

inline store::Manifest sample_manifest(const std::vector<SampleBackend>& backends,
                                       std::size_t cases) {
  store::Manifest manifest;
  manifest.id = "support-20260822T140311Z-7f3a92c1";
  manifest.suite = "support";
  manifest.suite_digest = std::string(64, 'a');
  manifest.cases = cases;
  manifest.trials = cases * backends.size();
  manifest.version = "0.1.0";
  manifest.command = {"faceoff", "run", "prompts/support.yaml"};
  manifest.started_utc = "2026-08-22T14:03:11.042Z";
  manifest.finished_utc = "2026-08-22T14:05:48.310Z";
  manifest.state = store::RunState::complete;
  manifest.seed = 7;
  manifest.scorers = {"contains/1"};
  for (const SampleBackend& backend : backends) {
    store::BackendEntry entry;
    entry.name = backend.name;
    entry.adapter = backend.local ? "llama-server" : "openai";
    entry.model = backend.name;
    entry.base_url = backend.local ? "http://127.0.0.1:8080" : "https://api.openai.com/v1";
    entry.local = backend.local;
    entry.simulated = backend.simulated;
    manifest.backends.push_back(entry);
  }
  return manifest;
}

inline report::Report report_of(const store::Manifest& manifest,
                                const std::vector<store::Record>& records) {
  std::vector<std::string> names;
  for (const store::BackendEntry& entry : manifest.backends) {
    names.push_back(entry.name);
  }
  compare::Results results(names);
  for (const store::Record& record : records) {
    results.add(record);
  }
  std::vector<compare::Summary> summaries;
  compare::SummaryOptions options;
  options.planned = manifest.trials / manifest.backends.size();
  for (const compare::Column& column : results.columns()) {
    summaries.push_back(compare::summarise(column, options));
  }
  return report::build_report(manifest, summaries, compare::compare_all(results.columns()));
}

inline report::Report sample_report(const std::vector<SampleBackend>& backends, std::size_t cases) {
  std::vector<store::Record> records;
  for (const SampleBackend& backend : backends) {
    for (store::Record& record : sample_records(backend, cases)) {
      records.push_back(std::move(record));
    }
  }
  return report_of(sample_manifest(backends, cases), records);
}

inline SampleBackend gpt() {
  return {.name = "gpt-4o", .local = false, .passes_of_20 = 17, .shift = 0};
}
inline SampleBackend llama() {
  return {.name = "llama-4-scout",
          .local = true,
          .passes_of_20 = 16,
          .shift = 2,
          .ttft_ms = 92,
          .e2e_ms = 4370,
          .tpot_ms = 31};
}

// Two backends with something of everything: a clear difference, retries, refusals, failures.
inline report::Report full_report() {
  const std::vector<SampleBackend> backends{gpt(), llama()};
  std::vector<store::Record> records = sample_records(backends[0], 200);
  for (const std::size_t i : {5U, 60U, 140U}) {
    store::Attempt throttled = records[i].attempts.front();
    throttled.http_status = 429;
    throttled.failure = backend::FailureKind::rate_limited;
    records[i].attempts.insert(records[i].attempts.begin(), throttled);
  }
  for (const std::size_t i : {17U, 33U}) {
    records[i].outcome = score::Outcome::refused;
    records[i].value = 0.0;
  }
  std::vector<store::Record> second = sample_records(backends[1], 200);
  fail(second[44],
       backend::FailureKind::server_error,
       "HTTP 500 from 127.0.0.1: failed to find a slot\nsecond line");
  second[90].outcome = score::Outcome::truncated;
  second[90].value = 0.0;
  second[90].error = backend::FailureKind::total_timeout;
  second[90].error_message = "no complete answer within 60 s";
  second[90].completion.finish = chat::Finish::none;
  records.insert(records.end(), second.begin(), second.end());
  report::Report report = report_of(sample_manifest(backends, 200), records);
  report.next_commands = {"faceoff show 7f3a92c1 --flips",
                          "faceoff report 7f3a92c1 --format md:report.md"};
  return report;
}

}  // namespace faceoff::test
