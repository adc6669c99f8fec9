// Feeds the trials of a large run into Results, summarises and compares them, and prints what that
// took. Usage: compare_scale CASES [MIB]; exits with 1 when the peak is above MIB.

#include <faceoff/base/random.h>
#include <faceoff/compare/comparison.h>
#include <faceoff/compare/results.h>
#include <faceoff/compare/summary.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

using namespace faceoff;

double peak_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) {
      return std::strtod(line.c_str() + 6, nullptr) / 1024.0;
    }
  }
  return 0;
}

class Stopwatch {
 public:
  void lap(const char* what) {
    const auto now = std::chrono::steady_clock::now();
    std::printf("%-10s %7.2f s   peak %6.1f MiB\n",
                what,
                std::chrono::duration<double>(now - last_).count(),
                peak_mib());
    last_ = std::chrono::steady_clock::now();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// As a run leaves them: ids of a data file, five tags, one answer in fifty retried, a few failed.
void feed(compare::Results& results, std::uint64_t cases) {
  Random random(1);
  compare::Trial trial;
  for (std::uint64_t i = 0; i < cases; ++i) {
    trial.case_id = "row-" + std::to_string(i);
    trial.digest = std::to_string(i * 0x9E3779B97F4A7C15U);
    trial.tags = {"tag-" + std::to_string(i % 5)};
    for (const char* name : {"one", "two"}) {
      trial.outcome = score::Outcome::scored;
      trial.value = random.uniform() < 0.7 ? 1.0 : 0.0;
      trial.error.reset();
      trial.retries.clear();
      trial.prompts_sent = 1;
      trial.ttft = 0.1 + random.uniform();
      trial.e2e = *trial.ttft + 3 * random.uniform();
      trial.tpot = 0.01 + 0.01 * random.uniform();
      trial.prompt_tokens = 40;
      trial.completion_tokens = static_cast<std::int64_t>(random.below(300));
      trial.started = 1.7e9 + static_cast<double>(i) * 0.01;
      trial.ended = *trial.started + *trial.e2e;
      if (random.below(50) == 0) {
        trial.retries = {backend::FailureKind::rate_limited};
        trial.ttft.reset();
        trial.e2e.reset();
      }
      if (random.below(200) == 0) {
        trial.outcome = score::Outcome::failed;
        trial.value.reset();
        trial.error = backend::FailureKind::server_error;
        trial.error_message = "the server said no to " + trial.case_id;
      }
      results.add(name, trial);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t cases = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const double limit = argc > 2 ? std::strtod(argv[2], nullptr) : 1e9;
  Stopwatch watch;
  compare::Results results;
  feed(results, cases);
  watch.lap("read");
  const auto columns = results.columns();
  for (const auto& column : columns) {
    static_cast<void>(compare::summarise(column));
  }
  watch.lap("summarise");
  const auto pairs = compare::compare_all(columns);
  watch.lap("compare");
  std::printf("%s\n", pairs.front().score.one_line.c_str());
  if (peak_mib() > limit) {
    std::fprintf(stderr, "peak %.1f MiB, more than %.1f MiB\n", peak_mib(), limit);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
