#pragma once

#include <faceoff/compare/comparison.h>
#include <faceoff/compare/results.h>
#include <faceoff/store/record.h>

#include <cstddef>
#include <string>
#include <vector>

namespace faceoff::test {

inline std::string case_id(std::size_t number) {
  std::string digits = std::to_string(number);
  return "case-" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits;
}

// A complete answer with a score.
inline store::Record scored(const std::string& id, double value, std::int32_t repeat = 0) {
  store::Record record;
  record.suite = "sums";
  record.case_id = id;
  record.repeat = repeat;
  record.digest = "digest-of-" + id;
  record.outcome = score::Outcome::scored;
  record.value = value;
  record.completion.finish = chat::Finish::stop;
  store::Attempt attempt;
  attempt.http_status = 200;
  record.attempts.push_back(attempt);
  return record;
}

inline store::Record failed(const std::string& id,
                            backend::FailureKind kind = backend::FailureKind::server_error,
                            std::int32_t repeat = 0) {
  store::Record record = scored(id, 0.0, repeat);
  record.outcome = score::Outcome::failed;
  record.value.reset();
  record.error = kind;
  record.error_message = "the server said no";
  record.completion = {};
  record.attempts.front().http_status = 500;
  record.attempts.front().failure = kind;
  return record;
}

inline store::Record timed(const std::string& id, double ttft_ms, double e2e_ms) {
  store::Record record = scored(id, 1.0);
  record.timing.ttft = from_ms(ttft_ms);
  record.timing.e2e = from_ms(e2e_ms);
  return record;
}

inline compare::Column column(const std::string& name, std::vector<store::Record> records) {
  compare::Results results({name});
  for (store::Record& record : records) {
    record.backend = name;
    results.add(record);
  }
  return results.columns().front();
}

// One case for each value.
inline compare::Column scores(const std::string& name, const std::vector<double>& values) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < values.size(); ++i) {
    records.push_back(scored(case_id(i), values[i]));
  }
  return column(name, std::move(records));
}

// Pairs of 0/1 scores with these counts, in this order.
struct BinaryPair {
  compare::Column reference;
  compare::Column candidate;
};
inline BinaryPair binary(std::size_t n11, std::size_t n10, std::size_t n01, std::size_t n00) {
  std::vector<double> a;
  std::vector<double> b;
  const auto add = [&](std::size_t n, double first, double second) {
    a.insert(a.end(), n, first);
    b.insert(b.end(), n, second);
  };
  add(n11, 1, 1);
  add(n10, 1, 0);
  add(n01, 0, 1);
  add(n00, 0, 0);
  return {scores("gpt", a), scores("llama", b)};
}

inline bool has(const compare::Comparison& comparison, compare::Warning warning) {
  for (const compare::Warning w : comparison.warnings) {
    if (w == warning) {
      return true;
    }
  }
  return false;
}

}  // namespace faceoff::test
