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
#include <string>
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
  std::string line = {};  // of the concluded record; empty: not concluded
};
// The next step of the examination. Pure but for what `outside` does; null: nothing is done
// outside.
void advance(Scoring& scoring, score::Outside* outside = nullptr);
// Its scorers compare the answers of several backends with each other.
[[nodiscard]] bool pairs(const ReadyCase& ready);
// Fills the scores, outcome and value of the record from what is known so far. Pure.
void conclude(Scoring& scoring);
// What the scorers see of a record.
[[nodiscard]] score::Input input_of(const Scoring& scoring);

// Scores finished trials beside the event loop, one step at a time. submit() and take() are called
// by the loop thread; `on_ready` is called from a worker to wake the loop, once for all that wait
// to be taken. What is settled with that, a worker concludes and writes as a line. With 0 threads
// submit() scores at once.
class ScorePool {
 public:
  // `make_outside`, when given, is called once by each worker: a pool for scorers that have
  // programs run, apart from the others, which it would keep waiting.
  using MakeOutside = std::function<std::unique_ptr<score::Outside>()>;
  ScorePool(std::size_t threads, std::function<void()> on_ready, MakeOutside make_outside = {});
  ScorePool(const ScorePool&) = delete;
  ScorePool& operator=(const ScorePool&) = delete;
  ~ScorePool();

  // Keeps it for hand_over(), which gives the workers what was submitted since the last one: waking
  // a thread for each answer costs more than scoring most of them.
  void submit(Scoring scoring);
  void hand_over();
  // Appends what has been scored so far to `out`, in no particular order.
  void take(std::vector<Scoring>& out);
  // Submitted and not yet taken.
  [[nodiscard]] std::size_t pending() const noexcept { return pending_; }

 private:
  void work(const std::stop_token& stop);
  // Moves a worker's share of the jobs to `out`. REQUIRES: mutex_ is held.
  void take_share(std::vector<Scoring>& out);

  std::function<void()> on_ready_;
  MakeOutside make_outside_;
  std::size_t workers_;
  std::unique_ptr<score::Outside> outside_;  // of submit(), with 0 threads
  std::size_t pending_ = 0;                  // loop thread only, as the next
  std::vector<Scoring> submitted_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::size_t idle_ = 0;  // workers that wait
  std::deque<Scoring> jobs_;
  std::vector<Scoring> scored_;
  std::vector<std::jthread> threads_;  // last: joined before the rest goes
};

}  // namespace faceoff::run
