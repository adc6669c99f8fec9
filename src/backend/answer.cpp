#include "answer.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <utility>

namespace faceoff::backend {
namespace {

using chat::EventClass;

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";
// Longer leading white space is text; holding it back would hide that the model is answering.
constexpr std::size_t kMaxHeldBlanks = 16;
constexpr std::string_view kBlanks = " \t\r\n";

std::string_view without_leading_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

// Length of the longest end of `text` that is a beginning of `tag`.
std::size_t overlap(std::string_view text, std::string_view tag) {
  std::size_t length = std::min(text.size(), tag.size() - 1);
  while (length > 0 && !text.ends_with(tag.substr(0, length))) {
    --length;
  }
  return length;
}

}  // namespace

void Answer::begin(TimePoint at, std::vector<chat::StreamEvent>* events) {
  at_ = at;
  events_ = events;
}

chat::StreamEvent Answer::make_event(EventClass what, std::string_view text) {
  chat::StreamEvent event;
  event.what = what;
  event.at = at_;
  event.characters = static_cast<std::uint32_t>(count_code_points(text));
  event.blank = !text.empty() && without_leading_blanks(text).empty();
  event.joined = !std::exchange(frame_begins_, false);
  return event;
}

void Answer::event(EventClass what, std::string_view text) {
  if (events_ != nullptr) {
    events_->push_back(make_event(what, text));
  }
}

void Answer::tokens_of_frame(std::uint32_t tokens) {
  if (events_ != nullptr && !events_->empty() && chat::is_token(events_->back().what)) {
    events_->back().tokens = tokens;
  }
}

void Answer::release(EventClass what) {
  for (auto& event : held_events_) {
    event.what = what;
    if (events_ != nullptr) {
      events_->push_back(event);
    }
  }
  held_events_.clear();
}

void Answer::pass_held() {
  think_ = Think::none;
  release(EventClass::content);
  completion_.text += std::exchange(held_text_, {});
}

void Answer::content(std::string_view text) {
  switch (think_) {
    case Think::undecided:
      open_or_pass(text);
      return;
    case Think::inside:
      read_inside(text);
      return;
    case Think::after:
      read_after(text);
      return;
    case Think::none:
      completion_.text += text;
      event(EventClass::content, text);
      return;
  }
}

void Answer::open_or_pass(std::string_view text) {
  held_text_ += text;
  const std::string_view visible = without_leading_blanks(held_text_);
  const bool may_open = completion_.reasoning.empty() &&
                        held_text_.size() - visible.size() <= kMaxHeldBlanks &&
                        kOpen.starts_with(visible.substr(0, kOpen.size()));
  if (!may_open) {
    pass_held();
    event(EventClass::content, text);
    return;
  }
  if (visible.size() < kOpen.size()) {
    held_events_.push_back(make_event(EventClass::content, text));
    return;
  }
  think_ = Think::inside;
  warn("text inside <think> was moved to the reasoning");
  release(EventClass::reasoning);
  const std::string rest(visible.substr(kOpen.size()));
  held_text_.clear();
  if (rest.empty()) {
    event(EventClass::reasoning, text);
  } else {
    read_inside(rest);
  }
}

void Answer::read_inside(std::string_view text) {
  const std::string joined = std::exchange(held_text_, {}) + std::string(text);
  const std::size_t close = joined.find(kClose);
  if (close == std::string::npos) {
    const std::size_t keep = overlap(joined, kClose);
    completion_.reasoning += joined.substr(0, joined.size() - keep);
    held_text_ = joined.substr(joined.size() - keep);
    event(EventClass::reasoning, text);
    return;
  }
  completion_.reasoning += joined.substr(0, close);
  think_ = Think::after;
  const std::string rest = joined.substr(close + kClose.size());
  event(EventClass::reasoning, text.substr(0, text.size() - rest.size()));
  if (!rest.empty()) {
    read_after(rest);
  }
}

void Answer::read_after(std::string_view text) {
  event(EventClass::content, text);
  const std::string_view visible = without_leading_blanks(text);
  if (!visible.empty()) {
    completion_.text += visible;
    think_ = Think::none;
  }
}

void Answer::reasoning(std::string_view text) {
  completion_.reasoning += text;
  event(EventClass::reasoning, text);
}

void Answer::refusal(std::string_view text) {
  if (!completion_.refusal) {
    completion_.refusal.emplace();
  }
  *completion_.refusal += text;
  event(EventClass::refusal, text);
}

void Answer::tool(const ToolFragment& fragment) {
  auto& call = tools_[fragment.index];
  if (call.id.empty()) {
    call.id = fragment.id;
  }
  if (call.name.empty()) {
    call.name = fragment.name;
  }
  call.arguments += fragment.arguments;
}

void Answer::stop(chat::Finish finish, std::string_view text) {
  completion_.finish = finish;
  completion_.finish_text = text;
  if (think_ == Think::undecided) {
    pass_held();
  }
}

void Answer::warn(std::string_view text) {
  if (std::ranges::find(warnings_, text) == warnings_.end()) {
    warnings_.emplace_back(text);
  }
}

chat::Completion Answer::take() {
  if (think_ == Think::undecided) {
    pass_held();
  } else if (think_ == Think::inside) {
    completion_.reasoning += std::exchange(held_text_, {});
  }
  for (auto& [index, call] : tools_) {
    completion_.tool_calls.push_back(std::move(call));
  }
  tools_.clear();
  return std::move(completion_);
}

}  // namespace faceoff::backend
