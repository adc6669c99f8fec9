#include <faceoff/run/score_pool.h>

#include <algorithm>
#include <utility>

namespace faceoff::run {

score::Input input_of(const Scoring& scoring) {
  const store::Record& record = scoring.record;
  return {.item = scoring.ready->item,
          .completion = record.completion,
          .measured = {.ttft = record.timing.ttft, .e2e = record.timing.e2e, .cost = record.cost}};
}

void advance(Scoring& scoring, score::Outside* outside) {
  score::Input input = input_of(scoring);
  input.outside = outside;
  scoring.asks = scoring.examination.advance(input, scoring.ready->scorers);
}

void conclude(Scoring& scoring) {
  store::Record& record = scoring.record;
  score::Judgement judgement =
      scoring.examination.judgement(input_of(scoring), scoring.ready->scorers);
  record.outcome = judgement.outcome;
  record.value = judgement.value;
  record.scores = std::move(judgement.scores);
  record.combined = judgement.combined;
  record.graded = judgement.graded;
  record.threshold = scoring.ready->item.threshold;
  record.awaits = std::ranges::any_of(record.scores, [](const score::Score& score) {
    return score.judged && score.judged->awaits;
  });
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

void ScorePool::submit(Scoring scoring) {
  ++pending_;
  if (threads_.empty()) {
    advance(scoring, outside_.get());
    scored_.push_back(std::move(scoring));
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    jobs_.push_back(std::move(scoring));
  }
  wake_.notify_one();
}

void ScorePool::take(std::vector<Scoring>& out) {
  if (pending_ == 0) {
    return;
  }
  const std::scoped_lock lock(mutex_);
  pending_ -= scored_.size();
  for (auto& scoring : scored_) {
    out.push_back(std::move(scoring));
  }
  scored_.clear();
}

void ScorePool::work(const std::stop_token& stop) {
  const auto outside = make_outside_ ? make_outside_() : nullptr;
  while (true) {
    Scoring scoring;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return !jobs_.empty(); })) {
        return;
      }
      scoring = std::move(jobs_.front());
      jobs_.pop_front();
    }
    advance(scoring, outside.get());
    {
      const std::scoped_lock lock(mutex_);
      scored_.push_back(std::move(scoring));
    }
    on_ready_();
  }
}

}  // namespace faceoff::run
