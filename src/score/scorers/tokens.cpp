#include "../options.h"
#include "../scores.h"
#include "../table.h"

#include <array>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

enum class Of : std::uint8_t { completion, prompt, total, reasoning };
constexpr std::array<std::string_view, 4> kOf{"completion", "prompt", "total", "reasoning"};

std::optional<std::int64_t> count(const chat::Usage& usage, Of of) {
  switch (of) {
    case Of::completion:
      return usage.completion_tokens;
    case Of::prompt:
      return usage.prompt_tokens;
    case Of::reasoning:
      return usage.reasoning_tokens;
    case Of::total:
      break;
  }
  return usage.prompt_tokens && usage.completion_tokens
             ? std::optional(*usage.prompt_tokens + *usage.completion_tokens)
             : std::nullopt;
}

class Tokens final : public Scorer {
 public:
  Tokens(std::int64_t max, Of of) : max_(max), of_(of) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto tokens = count(input.completion.usage, of_);
    const std::string_view what = kOf.at(static_cast<std::size_t>(of_));
    if (!tokens) {
      return not_judged("tokens",
                        Verdict::unscored,
                        fmt::format("the server did not report the {} tokens", what));
    }
    const bool kept = *tokens <= max_;
    return passed_or_not(
        "tokens",
        kept,
        std::to_string(*tokens),
        fmt::format(
            "{} {} tokens: {} the {} allowed", *tokens, what, kept ? "within" : "more than", max_));
  }

 private:
  std::int64_t max_;
  Of of_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  std::int64_t max = 0;
  if (const doc::Node* node = options.required("max")) {
    max = doc::as_integer(options.context(), *node, "max").value_or(0);
    if (max < 0) {
      options.wrong("max", "'max' must be at least 0");
    }
  }
  const auto of = static_cast<Of>(options.word("of", kOf, 0));
  return options.finish() ? std::make_unique<Tokens>(max, of) : nullptr;
}

}  // namespace

constinit const Info tokens_scorer{.name = "tokens",
                                   .summary = "the answer took no more tokens than allowed",
                                   .options = "max, of",
                                   .version = 1,
                                   .needs_target = false,
                                   .create = create};

}  // namespace faceoff::score
