#include <faceoff/chat/completion.h>

#include <algorithm>
#include <array>

namespace faceoff::chat {
namespace {

struct Row {
  Finish finish;
  std::string_view name;
};
constexpr std::array kFinishes{Row{Finish::none, "none"},
                               Row{Finish::stop, "stop"},
                               Row{Finish::length, "length"},
                               Row{Finish::tool_calls, "tool_calls"},
                               Row{Finish::content_filter, "content_filter"},
                               Row{Finish::other, "other"}};

}  // namespace

std::string_view to_string(Finish finish) noexcept {
  return std::ranges::find(kFinishes, finish, &Row::finish)->name;
}

std::optional<Finish> parse_finish(std::string_view text) noexcept {
  const auto* it = std::ranges::find(kFinishes, text, &Row::name);
  return it == kFinishes.end() ? std::nullopt : std::optional(it->finish);
}

std::string_view to_string(EventClass c) noexcept {
  switch (c) {
    case EventClass::role:
      return "role";
    case EventClass::reasoning:
      return "reasoning";
    case EventClass::content:
      return "content";
    case EventClass::tool:
      return "tool";
    case EventClass::refusal:
      return "refusal";
    case EventClass::usage:
      return "usage";
    case EventClass::done:
      return "done";
    case EventClass::error:
      return "error";
    case EventClass::ping:
      return "ping";
    case EventClass::empty:
      return "empty";
  }
  return "empty";
}

std::string_view to_string(StampSource source) noexcept {
  switch (source) {
    case StampSource::kernel:
      return "kernel";
    case StampSource::loop:
      return "loop";
    case StampSource::callback:
      return "callback";
    case StampSource::none:
      return "none";
  }
  return "none";
}

}  // namespace faceoff::chat
