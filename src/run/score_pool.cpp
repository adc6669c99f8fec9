#include <faceoff/run/score_pool.h>

#include <utility>

namespace faceoff::run {

void score_record(const ReadyCase& ready, store::Record& record, score::Outside* outside) {
  score::Judgement judgement = score::judge(
      {.item = ready.item, .completion = record.completion, .outside = outside}, ready.scorers);
  record.outcome = judgement.outcome;
  record.value = judgement.value;
  record.scores = std::move(judgement.scores);
}

ScorePool::ScorePool(std::size_t threads, std::function<void()> on_ready, MakeOutside make_outside)
    : on_ready_(std::move(on_ready)), make_outside_(std::move(make_outside)) {
  if (threads == 0 && make_outside_) {
    outside_ = make_outside_();
  }
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

ScorePool::~ScorePool() {
  for (auto& thread : threads_) {
    thread.request_stop();
  }
}

void ScorePool::submit(ReadyCasePtr ready, store::Record record) {
  ++pending_;
  if (threads_.empty()) {
    score_record(*ready, record, outside_.get());
    scored_.push_back(std::move(record));
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    jobs_.push_back({std::move(ready), std::move(record)});
  }
  wake_.notify_one();
}

void ScorePool::take(std::vector<store::Record>& out) {
  if (pending_ == 0) {
    return;
  }
  const std::scoped_lock lock(mutex_);
  pending_ -= scored_.size();
  for (auto& record : scored_) {
    out.push_back(std::move(record));
  }
  scored_.clear();
}

void ScorePool::work(const std::stop_token& stop) {
  const auto outside = make_outside_ ? make_outside_() : nullptr;
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return !jobs_.empty(); })) {
        return;
      }
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    score_record(*job.ready, job.record, outside.get());
    {
      const std::scoped_lock lock(mutex_);
      scored_.push_back(std::move(job.record));
    }
    on_ready_();
  }
}

}  // namespace faceoff::run
