#include <faceoff/backend/price.h>

#include <algorithm>

namespace faceoff::backend {

std::optional<Money> cost_of(const Price& price, const chat::Usage& usage) {
  if (!usage.prompt_tokens && !usage.completion_tokens) {
    return std::nullopt;
  }
  const std::int64_t prompt = usage.prompt_tokens.value_or(0);
  const std::int64_t cached = std::clamp<std::int64_t>(usage.cached_tokens.value_or(0), 0, prompt);
  const std::int64_t per_cached = price.cached.value_or(price.input).picodollars;
  return Money{(prompt - cached) * price.input.picodollars + cached * per_cached +
               usage.completion_tokens.value_or(0) * price.output.picodollars};
}

}  // namespace faceoff::backend
