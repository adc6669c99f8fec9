#include "stream.h"

#include "answerer.h"
#include "clock_text.h"

#include <faceoff/base/json_escape.h>

#include <algorithm>
#include <utility>

namespace faceoff::simulate {
namespace {

class StreamSteps final : public StepSource {
 public:
  explicit StreamSteps(StreamPlan plan) : plan_(std::move(plan)) {}

  std::optional<Step> next() override {
    if (finished_) {
      return std::nullopt;
    }
    if (!opened_ && plan_.frames.opens_at_once) {
      return Step{.at = {}, .bytes = opening()};
    }
    if (plan_.comment_every) {
      if (auto step = early_comment()) {
        return step;
      }
    }
    while (segment_ < plan_.frames.segments.size() && rest().empty()) {
      ++segment_;
      offset_ = 0;
    }
    const bool over = segment_ == plan_.frames.segments.size();
    if (plan_.cut_after && (over || token_ >= *plan_.cut_after)) {
      finished_ = true;
      return Step{.at = time_of(token_), .bytes = opening() + plan_.cut_bytes};
    }
    return over ? closing() : token();
  }

 private:
  std::string_view rest() const {
    return std::string_view(plan_.frames.segments[segment_].text).substr(offset_);
  }

  Duration time_of(std::int64_t token) const {
    const Schedule& schedule = plan_.schedule;
    const bool paused = schedule.pause_after && token >= *schedule.pause_after;
    return schedule.first + schedule.interval * token + (paused ? schedule.pause : Duration{});
  }

  std::string framed(std::string_view frame) const {
    if (frame.empty()) {
      return {};
    }
    return plan_.chunked ? as_chunk(frame) : std::string(frame);
  }

  // Head and opening, the first time; nothing later.
  std::string opening() {
    if (std::exchange(opened_, true)) {
      return {};
    }
    return std::exchange(plan_.head, {}) + framed(plan_.frames.opening);
  }

  std::optional<Step> early_comment() {
    const Duration at = *plan_.comment_every * comments_;
    if (at >= plan_.schedule.first) {
      return std::nullopt;
    }
    ++comments_;
    return Step{.at = at, .bytes = opening() + framed(plan_.comment)};
  }

  Step token() {
    const Segment& segment = plan_.frames.segments[segment_];
    const bool first_token = token_ == 0;
    const std::string_view piece =
        plan_.clock ? clock_piece(rest(), first_token) : first_piece(rest());
    std::string bytes = opening();
    if (!plan_.comment_every) {
      bytes += framed(plan_.comment);
    }
    if (offset_ == 0) {
      bytes += framed(segment.lead);
    }
    const bool first = offset_ == 0 && !segment.first_before.empty();
    std::string frame = first ? segment.first_before : segment.before;
    append_json_escaped(frame, piece);
    frame += segment.after;
    bytes += framed(frame);
    offset_ += piece.size();
    Step step{.at = time_of(token_++), .bytes = std::move(bytes)};
    if (plan_.clock) {
      step.clock_at = step.bytes.rfind(piece);
      step.clock_first = first_token;
    }
    return step;
  }

  // The finish shares the last token's time: a server sends both when the model has stopped.
  Step closing() {
    finished_ = true;
    const std::int64_t last = std::max<std::int64_t>(0, token_ - 1);
    Duration at = time_of(last);
    if (plan_.schedule.pause_after && *plan_.schedule.pause_after > last) {
      at += plan_.schedule.pause;
    }
    std::string bytes = opening();
    bytes += framed(plan_.frames.finish);
    bytes += framed(plan_.frames.usage);
    bytes += framed(plan_.frames.done);
    if (plan_.chunked) {
      bytes += kLastChunk;
    }
    return {.at = at, .bytes = std::move(bytes)};
  }

  StreamPlan plan_;
  std::size_t segment_ = 0;
  std::size_t offset_ = 0;
  std::int64_t token_ = 0;
  std::int64_t comments_ = 0;
  bool opened_ = false;
  bool finished_ = false;
};

class DrippingHead final : public StepSource {
 public:
  DrippingHead(std::unique_ptr<StepSource> inner, Duration interval)
      : inner_(std::move(inner)), interval_(interval) {}

  std::optional<Step> next() override {
    if (!started_) {
      started_ = true;
      if (auto step = inner_->next()) {
        start_ = step->at;
        const std::size_t end = step->bytes.find("\r\n\r\n");
        head_ = step->bytes.substr(0, end == std::string::npos ? end : end + 4);
        body_ = step->bytes.substr(head_.size());
      }
    }
    if (dripped_ < head_.size()) {
      return Step{.at = start_ + interval_ * static_cast<std::int64_t>(dripped_),
                  .bytes = std::string(1, head_[dripped_++])};
    }
    const Duration delay = interval_ * static_cast<std::int64_t>(head_.size());
    if (!body_.empty()) {
      return Step{.at = start_ + delay, .bytes = std::exchange(body_, {})};
    }
    auto step = inner_->next();
    if (step) {
      step->at += delay;
    }
    return step;
  }

 private:
  std::unique_ptr<StepSource> inner_;
  Duration interval_;
  Duration start_{};
  std::string head_;
  std::string body_;
  std::size_t dripped_ = 0;
  bool started_ = false;
};

class DrippingBody final : public StepSource {
 public:
  DrippingBody(std::unique_ptr<StepSource> inner, Duration interval)
      : inner_(std::move(inner)), interval_(interval) {}

  std::optional<Step> next() override {
    while (offset_ == bytes_.size()) {
      auto step = inner_->next();
      if (!step) {
        return std::nullopt;
      }
      at_ = std::max(at_, step->at);
      bytes_ = std::move(step->bytes);
      offset_ = 0;
      const std::size_t end = headed_ ? std::string::npos : bytes_.find("\r\n\r\n");
      if (end != std::string::npos) {
        headed_ = true;
        offset_ = end + 4;
        return Step{.at = at_, .bytes = bytes_.substr(0, offset_)};
      }
    }
    at_ += interval_;
    return Step{.at = at_, .bytes = std::string(1, bytes_[offset_++])};
  }

 private:
  std::unique_ptr<StepSource> inner_;
  Duration interval_;
  Duration at_{};
  std::string bytes_;
  std::size_t offset_ = 0;
  bool headed_ = false;
};

}  // namespace

std::unique_ptr<StepSource> stream_steps(StreamPlan plan) {
  return std::make_unique<StreamSteps>(std::move(plan));
}

std::unique_ptr<StepSource> dripping_head(std::unique_ptr<StepSource> inner, Duration interval) {
  return std::make_unique<DrippingHead>(std::move(inner), interval);
}

std::unique_ptr<StepSource> dripping_body(std::unique_ptr<StepSource> inner, Duration interval) {
  return std::make_unique<DrippingBody>(std::move(inner), interval);
}

}  // namespace faceoff::simulate
