#include <faceoff/base/names.h>
#include <faceoff/chat/message.h>

#include <algorithm>
#include <array>

namespace faceoff::chat {
namespace {

constexpr Names kRoles{std::array{Named{Role::system, "system"},
                                  Named{Role::developer, "developer"},
                                  Named{Role::user, "user"},
                                  Named{Role::assistant, "assistant"},
                                  Named{Role::tool, "tool"}}};

template <class T>
void take(T& base, const T& over) {
  if (over) {
    base = over;
  }
}

}  // namespace

std::string_view to_string(Role role) noexcept {
  return kRoles.of(role);
}

std::optional<Role> parse_role(std::string_view text) noexcept {
  return kRoles.parse(text);
}

Params merge(const Params& base, const Params& over) {
  Params merged = base;
  take(merged.temperature, over.temperature);
  take(merged.top_p, over.top_p);
  take(merged.top_k, over.top_k);
  take(merged.min_p, over.min_p);
  take(merged.repeat_penalty, over.repeat_penalty);
  take(merged.presence_penalty, over.presence_penalty);
  take(merged.frequency_penalty, over.frequency_penalty);
  take(merged.max_tokens, over.max_tokens);
  take(merged.seed, over.seed);
  take(merged.top_logprobs, over.top_logprobs);
  take(merged.reasoning_effort, over.reasoning_effort);
  take(merged.response_format, over.response_format);
  if (!over.stop.empty()) {
    merged.stop = over.stop;
  }
  return merged;
}

}  // namespace faceoff::chat
