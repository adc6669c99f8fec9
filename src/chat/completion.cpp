#include <faceoff/base/names.h>
#include <faceoff/chat/completion.h>

#include <algorithm>
#include <array>

namespace faceoff::chat {
namespace {

constexpr Names kFinishes{std::array{Named{Finish::none, "none"},
                                     Named{Finish::stop, "stop"},
                                     Named{Finish::length, "length"},
                                     Named{Finish::tool_calls, "tool_calls"},
                                     Named{Finish::content_filter, "content_filter"},
                                     Named{Finish::other, "other"}}};
constexpr Names kEventClasses{std::array{Named{EventClass::role, "role"},
                                         Named{EventClass::reasoning, "reasoning"},
                                         Named{EventClass::content, "content"},
                                         Named{EventClass::tool, "tool"},
                                         Named{EventClass::refusal, "refusal"},
                                         Named{EventClass::usage, "usage"},
                                         Named{EventClass::done, "done"},
                                         Named{EventClass::error, "error"},
                                         Named{EventClass::ping, "ping"},
                                         Named{EventClass::empty, "empty"}}};
constexpr Names kStampSources{std::array{Named{StampSource::kernel, "kernel"},
                                         Named{StampSource::loop, "loop"},
                                         Named{StampSource::callback, "callback"},
                                         Named{StampSource::none, "none"}}};

}  // namespace

std::string_view to_string(Finish finish) noexcept {
  return kFinishes.of(finish);
}

std::optional<Finish> parse_finish(std::string_view text) noexcept {
  return kFinishes.parse(text);
}

std::string_view to_string(EventClass c) noexcept {
  return kEventClasses.of(c);
}

std::string_view to_string(StampSource source) noexcept {
  return kStampSources.of(source);
}

}  // namespace faceoff::chat
