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

Stamp LoopState::stamp(TimePoint sent, TimePoint read) noexcept {
  const TimePoint now = clock_->now();
  if (!readable_) {
    return {now, chat::StampSource::callback};
  }
  const Duration lag = now - std::max(lag_base_, sent);
  max_lag_ = std::max(max_lag_, lag);
  lags_.add(lag);
  // A stamp from before the socket was last read belongs to bytes that have been taken: the kernel
  // now and then hands out a stale one.
  if (arrived_ && *arrived_ >= sent && *arrived_ >= read && *arrived_ <= now) {
    return {*arrived_, chat::StampSource::kernel};
  }
  // An answer to what was sent in this very pass cannot have come before it.
  return loop_stamps_ && sent < woken_at_ ? Stamp{woken_at_, chat::StampSource::loop}
                                          : Stamp{now, chat::StampSource::callback};
}

Duration LoopState::take_max_lag() noexcept {
  return std::exchange(max_lag_, Duration{0});
}

DurationHistogram LoopState::take_lags() noexcept {
  return std::exchange(lags_, DurationHistogram{});
}

void LoopState::add_bytes(TransferId id, Stamp stamp, std::string_view bytes) {
  Bytes piece;
  if (!spare_.empty()) {
    piece.data = std::move(spare_.back());
    spare_.pop_back();
  }
  piece.data.assign(bytes);
  add(id, stamp.at, std::move(piece), stamp.source);
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
