#pragma once

#include "json.h"

#include <faceoff/base/result.h>
#include <faceoff/chat/message.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::backend {

// The members of chat::Params, so that tables can speak of them.
enum class Parameter : std::uint8_t {
  max_tokens,
  temperature,
  top_p,
  top_k,
  min_p,
  repeat_penalty,
  presence_penalty,
  frequency_penalty,
  seed,
  top_logprobs,
  stop,
  reasoning_effort,
  response_format,
};
// The harness's own name: "max_tokens".
[[nodiscard]] std::string_view to_string(Parameter parameter) noexcept;

// One row of a wire's table: how it calls a parameter. What a table leaves out cannot be sent.
struct WireName {
  Parameter parameter;
  std::string_view name;
};

// The parameters that are set, in the order above, as JSON. Error of kind usage: a number that is
// not finite, or a response_format that is neither "json" nor a JSON object.
using Setting = std::pair<Parameter, OrderedJson>;
[[nodiscard]] Result<std::vector<Setting>> settings_of(const chat::Params& params);

// The wire's name, or an error of kind usage that names adapter and parameter.
[[nodiscard]] Result<std::string_view> wire_name(std::span<const WireName> table,
                                                 Parameter parameter,
                                                 std::string_view adapter);

}  // namespace faceoff::backend
