#include <faceoff/run/score_pool.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace faceoff::run {

score::Input input_of(const Scoring& scoring) {
  const store::Record& record = scoring.record;
  return {.item = scoring.ready->item,
          .completion = record.completion,
          .measured = {.ttft = record.timing.ttft, .e2e = record.timing.e2e, .cost = record.cost}};
}

bool pairs(const ReadyCase& ready) {
  return std::ranges::any_of(ready.scorers,
                             [](const auto& scorer) { return scorer->pairing() != nullptr; });
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
    : on_ready_(std::move(on_ready)), make_outside_(std::move(make_outside)), workers_(threads) {
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
  submitted_.push_back(std::move(scoring));
}

void ScorePool::hand_over() {
  if (submitted_.empty()) {
    return;
  }
  std::size_t wanted = 0;
  {
    const std::scoped_lock lock(mutex_);
    std::ranges::move(submitted_, std::back_inserter(jobs_));
    wanted = std::min(idle_, submitted_.size());
  }
  submitted_.clear();
  for (std::size_t i = 0; i < wanted; ++i) {
    wake_.notify_one();
  }
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
  std::vector<Scoring> share;
  while (true) {
    share.clear();
    {
      std::unique_lock lock(mutex_);
      ++idle_;
      const bool found = wake_.wait(lock, stop, [this] { return !jobs_.empty(); });
      --idle_;
      if (!found) {
        return;
      }
      take_share(share);
    }
    for (Scoring& scoring : share) {
      advance(scoring, outside.get());
      if (!scoring.asks && !pairs(*scoring.ready)) {
        conclude(scoring);
        scoring.line = store::to_line(scoring.record);
      }
    }
    bool first = false;
    {
      const std::scoped_lock lock(mutex_);
      first = scored_.empty();
      std::ranges::move(share, std::back_inserter(scored_));
    }
    // The others are taken together with the first.
    if (first) {
      on_ready_();
    }
  }
}

void ScorePool::take_share(std::vector<Scoring>& out) {
  // What has a program run may take seconds: one at a time.
  constexpr std::size_t kMost = 16;
  const std::size_t share =
      make_outside_ ? 1 : std::clamp<std::size_t>(jobs_.size() / workers_, 1, kMost);
  for (std::size_t i = 0; i < share; ++i) {
    out.push_back(std::move(jobs_.front()));
    jobs_.pop_front();
  }
}

}  // namespace faceoff::run
