#include "loop_state.h"

#include <algorithm>
#include <utility>

namespace faceoff::net {
namespace {

// Enough for a busy pass; more would keep the memory of the busiest moment for ever.
constexpr std::size_t kMaxSpare = 1024;
constexpr std::size_t kMaxSpareCapacity = 64UL * 1024;

}  // namespace

void LoopState::begin_pass(TimePoint woken_at, bool ready_on_entry) {
  woken_at_ = woken_at;
  lag_base_ = ready_on_entry ? last_wait_end_ : woken_at;
  last_wait_end_ = woken_at;
}

TimePoint LoopState::stamp(TimePoint sent) noexcept {
  const TimePoint at = clock_->now();
  if (!readable_) {
    return at;
  }
  max_lag_ = std::max(max_lag_, at - std::max(lag_base_, sent));
  // An answer to what was sent in this very pass cannot have come before it.
  return sent < woken_at_ ? woken_at_ : at;
}

Duration LoopState::take_max_lag() noexcept {
  return std::exchange(max_lag_, Duration{0});
}

void LoopState::add_bytes(TransferId id, TimePoint at, std::string_view bytes) {
  Bytes piece;
  if (!spare_.empty()) {
    piece.data = std::move(spare_.back());
    spare_.pop_back();
  }
  piece.data.assign(bytes);
  add(id, at, std::move(piece));
}

void LoopState::drop(TransferId id) {
  std::erase_if(events_, [id](const Event& event) { return event.id == id; });
}

std::span<const Event> LoopState::deliver() {
  delivered_.swap(events_);
  return delivered_;
}

void LoopState::forget_delivered() {
  for (Event& event : delivered_) {
    recycle(event);
  }
  delivered_.clear();
}

void LoopState::recycle(Event& event) {
  if (auto* bytes = std::get_if<Bytes>(&event.what); bytes != nullptr &&
                                                     spare_.size() < kMaxSpare &&
                                                     bytes->data.capacity() <= kMaxSpareCapacity) {
    spare_.push_back(std::move(bytes->data));
  }
}

}  // namespace faceoff::net
