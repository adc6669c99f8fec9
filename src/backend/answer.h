#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/chat/completion.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::backend {

// Collects what the pieces of one response add up to, and emits their events. Text inside a
// leading <think>...</think> becomes reasoning: some servers do not separate it. Until it is clear
// whether an answer begins with the tag, its first events are held back (they keep their stamps).
class Answer {
 public:
  // Sets where and with which stamp the following calls emit; null: nowhere.
  void begin(TimePoint at, std::vector<chat::StreamEvent>* events);

  void content(std::string_view text);
  void reasoning(std::string_view text);
  void refusal(std::string_view text);
  // A fragment of tool call `index`: id and name come once, the arguments in pieces.
  struct ToolFragment {
    std::int64_t index = 0;
    std::string_view id;
    std::string_view name;
    std::string_view arguments;
  };
  void tool(const ToolFragment& fragment);
  void event(chat::EventClass what, std::string_view text = {});
  // What follows belongs to the next frame of the stream.
  void next_frame() noexcept { frame_begins_ = true; }
  // The server says how many tokens the frame brought; kept at its last token event.
  void tokens_of_frame(std::uint32_t tokens);

  // The server's word for why it stopped, and what it means.
  void stop(chat::Finish finish, std::string_view text);
  [[nodiscard]] bool stopped() const noexcept { return completion_.finish != chat::Finish::none; }

  // Each text once.
  void warn(std::string_view text);

  [[nodiscard]] chat::Completion& completion() noexcept { return completion_; }
  // Releases what was held back; nothing may be added afterwards.
  [[nodiscard]] chat::Completion take();
  [[nodiscard]] std::vector<std::string> take_warnings() { return std::move(warnings_); }

 private:
  enum class Think : std::uint8_t { undecided, inside, after, none };
  void open_or_pass(std::string_view text);
  void read_inside(std::string_view text);
  void read_after(std::string_view text);
  [[nodiscard]] chat::StreamEvent make_event(chat::EventClass what, std::string_view text);
  void release(chat::EventClass what);
  void pass_held();

  chat::Completion completion_;
  std::map<std::int64_t, chat::ToolCall> tools_;
  std::vector<std::string> warnings_;
  Think think_ = Think::undecided;
  std::string held_text_;  // undecided: the beginning; inside: what may be half of </think>
  std::vector<chat::StreamEvent> held_events_;
  TimePoint at_;
  bool frame_begins_ = true;
  std::vector<chat::StreamEvent>* events_ = nullptr;
};

}  // namespace faceoff::backend
