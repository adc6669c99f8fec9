#pragma once

#include <faceoff/run/outside.h>
#include <faceoff/score/scorer.h>
#include <faceoff/store/record.h>
#include <faceoff/suite/suite.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

namespace faceoff::run {

// A case on its way, with its compiled scorers; shared by its trials.
struct ReadyCase {
  suite::Case item;
  std::vector<std::shared_ptr<const score::Scorer>> scorers;
  bool needs_outside = false;  // a scorer has programs run
};
using ReadyCasePtr = std::shared_ptr<const ReadyCase>;

// Fills the scores, outcome and value of a record whose answer is complete. Pure but for what
// `outside` does; null: nothing is done outside.
void score_record(const ReadyCase& ready, store::Record& record, score::Outside* outside = nullptr);

// Scores finished trials beside the event loop. submit() and take() are called by the loop thread;
// `on_ready` is called from a worker after each record, to wake the loop. With 0 threads submit()
// scores at once.
class ScorePool {
 public:
  // `make_outside`, when given, is called once by each worker: a pool for scorers that have
  // programs run, apart from the others, which it would keep waiting.
  using MakeOutside = std::function<std::unique_ptr<score::Outside>()>;
  ScorePool(std::size_t threads, std::function<void()> on_ready, MakeOutside make_outside = {});
  ScorePool(const ScorePool&) = delete;
  ScorePool& operator=(const ScorePool&) = delete;
  ~ScorePool();

  void submit(ReadyCasePtr ready, store::Record record);
  // Appends what has been scored so far to `out`, in no particular order.
  void take(std::vector<store::Record>& out);
  // Submitted and not yet taken.
  [[nodiscard]] std::size_t pending() const noexcept { return pending_; }

 private:
  struct Job {
    ReadyCasePtr ready;
    store::Record record;
  };
  void work(const std::stop_token& stop);

  std::function<void()> on_ready_;
  MakeOutside make_outside_;
  std::unique_ptr<score::Outside> outside_;  // of submit(), with 0 threads
  std::size_t pending_ = 0;                  // loop thread only
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Job> jobs_;
  std::vector<store::Record> scored_;
  std::vector<std::jthread> threads_;  // last: joined before the rest goes
};

}  // namespace faceoff::run
