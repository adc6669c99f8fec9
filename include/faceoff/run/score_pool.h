#pragma once

#include <faceoff/run/outside.h>
#include <faceoff/score/asking.h>
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

// An answer on its way through the scorers.
struct Scoring {
  ReadyCasePtr ready = {};
  store::Record record = {};  // its answer is complete
  std::size_t lane = 0;
  score::Examination examination = {};
  bool asks = false;      // the last step left questions open
  bool recorded = false;  // it stands in the log, without its verdicts
};
// The next step of the examination. Pure but for what `outside` does; null: nothing is done outside.
void advance(Scoring& scoring, score::Outside* outside = nullptr);
// Fills the scores, outcome and value of the record from what is known so far. Pure.
void conclude(Scoring& scoring);
// What the scorers see of a record.
[[nodiscard]] score::Input input_of(const Scoring& scoring);

// Scores finished trials beside the event loop, one step at a time. submit() and take() are called
// by the loop thread; `on_ready` is called from a worker after each, to wake the loop. With 0
// threads submit() scores at once.
class ScorePool {
 public:
  // `make_outside`, when given, is called once by each worker: a pool for scorers that have
  // programs run, apart from the others, which it would keep waiting.
  using MakeOutside = std::function<std::unique_ptr<score::Outside>()>;
  ScorePool(std::size_t threads, std::function<void()> on_ready, MakeOutside make_outside = {});
  ScorePool(const ScorePool&) = delete;
  ScorePool& operator=(const ScorePool&) = delete;
  ~ScorePool();

  void submit(Scoring scoring);
  // Appends what has been scored so far to `out`, in no particular order.
  void take(std::vector<Scoring>& out);
  // Submitted and not yet taken.
  [[nodiscard]] std::size_t pending() const noexcept { return pending_; }

 private:
  void work(const std::stop_token& stop);

  std::function<void()> on_ready_;
  MakeOutside make_outside_;
  std::unique_ptr<score::Outside> outside_;  // of submit(), with 0 threads
  std::size_t pending_ = 0;                  // loop thread only
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Scoring> jobs_;
  std::vector<Scoring> scored_;
  std::vector<std::jthread> threads_;  // last: joined before the rest goes
};

}  // namespace faceoff::run
