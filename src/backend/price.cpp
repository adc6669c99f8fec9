#include <faceoff/backend/price.h>
#include <faceoff/backend/price_table.h>

#include <algorithm>
#include <limits>

namespace faceoff::backend {
namespace {

// No request has this many tokens: a count beyond it is a server's mistake.
constexpr std::int64_t kMostTokens = 1'000'000'000;

bool is_count(std::int64_t tokens) {
  return tokens >= 0 && tokens <= kMostTokens;
}

// tokens * price, or nullopt beyond the range of Money.
std::optional<Money> times(std::int64_t tokens, Money price) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(tokens, price.picodollars, &product)) {
    return std::nullopt;
  }
  return Money{product};
}

std::optional<Money> sum(const std::optional<Money>& a, const std::optional<Money>& b) {
  std::int64_t total = 0;
  if (!a || !b || __builtin_add_overflow(a->picodollars, b->picodollars, &total)) {
    return std::nullopt;
  }
  return Money{total};
}

}  // namespace

std::optional<Money> cost_of(const Price& price, const chat::Usage& usage) {
  if (!usage.prompt_tokens || !usage.completion_tokens) {
    return std::nullopt;
  }
  const std::int64_t prompt = *usage.prompt_tokens;
  const std::int64_t completion = *usage.completion_tokens;
  if (!is_count(prompt) || !is_count(completion)) {
    return std::nullopt;
  }
  const std::int64_t cached = std::clamp<std::int64_t>(usage.cached_tokens.value_or(0), 0, prompt);
  return sum(
      sum(times(prompt - cached, price.input), times(cached, price.cached.value_or(price.input))),
      times(completion, price.output));
}

std::optional<Money> cost_of_tokens(const Price& price,
                                    std::int64_t prompt,
                                    std::int64_t completion) {
  return sum(times(prompt, price.input), times(completion, price.output));
}

}  // namespace faceoff::backend
