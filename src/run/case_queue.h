#pragma once

// The cases of a plan, read ahead of the runner. Private to run.

#include "case_feed.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>

namespace faceoff::run {

// Reads cases in a thread of its own, a bounded number ahead of who takes them: decoding a case and
// compiling its scorers takes as long as sending it. With a plan of 0 score threads they are read
// when they are taken. next() and count() are called by the loop thread.
class CaseQueue {
 public:
  explicit CaseQueue(const Plan& plan);
  CaseQueue(const CaseQueue&) = delete;
  CaseQueue& operator=(const CaseQueue&) = delete;
  ~CaseQueue();

  // As CaseFeed::next(); waits for the reader.
  [[nodiscard]] Result<ReadyCasePtr> next();
  // Cases handed out so far.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

 private:
  struct Read {
    Result<ReadyCasePtr> item;
    std::size_t bytes = 0;
  };

  [[nodiscard]] bool full() const noexcept;
  void read(const std::stop_token& stop);

  CaseFeed feed_;
  bool over_ = false;  // loop thread: the end or an error has been handed out
  std::uint64_t count_ = 0;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Read> ready_;
  std::size_t bytes_ = 0;  // of the texts in ready_
  bool waiting_ = false;   // somebody waits on wake_
  std::jthread reader_;    // last: joined before the rest goes
};

}  // namespace faceoff::run
