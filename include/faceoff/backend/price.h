#pragma once

#include <faceoff/base/units.h>
#include <faceoff/chat/completion.h>

#include <optional>
#include <string>

namespace faceoff::backend {

// What a token of one model costs. Money a token: $2.50 per million tokens are 2,500,000
// picodollars a token, so every published price is exact.
struct Price {
  Money input;                  // a prompt token
  std::optional<Money> cached;  // a prompt token found in the cache; absent: like any other
  Money output;                 // a completion token, reasoning included
  std::string as_of;            // date of the price, as its source has it
  std::string source;           // where it stands
};

// The cost of one answer; nullopt when the server reported no usage. Exact.
[[nodiscard]] std::optional<Money> cost_of(const Price& price, const chat::Usage& usage);

}  // namespace faceoff::backend
