#include "case_queue.h"

#include <system_error>
#include <utility>

namespace faceoff::run {
namespace {

constexpr std::size_t kMostCases = 256;
// Prompts may be whole books.
constexpr std::size_t kMostBytes = 4UL * 1024 * 1024;

std::size_t size_of(const suite::Case& item) {
  std::size_t bytes = 0;
  for (const auto& message : item.messages) {
    bytes += message.text.size();
  }
  return bytes;
}

}  // namespace

CaseQueue::CaseQueue(const Plan& plan) : feed_(plan) {
  if (plan.score_threads == 0) {
    return;
  }
  try {
    reader_ = std::jthread([this](const std::stop_token& stop) { read(stop); });
  } catch (const std::system_error&) {
    // No further thread is to be had: next() reads by itself.
  }
}

CaseQueue::~CaseQueue() {
  reader_.request_stop();
}

Result<ReadyCasePtr> CaseQueue::next() {
  if (over_) {
    return ReadyCasePtr();
  }
  Result<ReadyCasePtr> item;
  if (!reader_.joinable()) {
    item = feed_.next();
  } else {
    std::unique_lock lock(mutex_);
    waiting_ = ready_.empty();
    wake_.wait(lock, [this] { return !ready_.empty(); });
    waiting_ = false;
    const bool was_full = full();
    bytes_ -= ready_.front().bytes;
    item = std::move(ready_.front().item);
    ready_.pop_front();
    // Half empty, so that the reader is woken once for many cases.
    if (was_full || ready_.size() == kMostCases / 2) {
      lock.unlock();
      wake_.notify_all();
    }
  }
  over_ = !item || *item == nullptr;
  count_ += over_ ? 0 : 1;
  return item;
}

bool CaseQueue::full() const noexcept {
  return ready_.size() >= kMostCases || bytes_ >= kMostBytes;
}

void CaseQueue::read(const std::stop_token& stop) {
  bool more = true;
  while (more && !stop.stop_requested()) {
    Read read{.item = feed_.next()};
    more = read.item && *read.item != nullptr;
    if (more) {
      read.bytes = size_of((*read.item)->item);
    }
    std::unique_lock lock(mutex_);
    bytes_ += read.bytes;
    ready_.push_back(std::move(read));
    if (waiting_) {
      wake_.notify_all();
    }
    if (full() && !wake_.wait(lock, stop, [this] {
          return ready_.size() <= kMostCases / 2 && bytes_ < kMostBytes;
        })) {
      return;
    }
  }
}

}  // namespace faceoff::run
