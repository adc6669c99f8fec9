#include "number_text.h"
#include "options.h"
#include "scores.h"
#include "table.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

enum class Pick : std::uint8_t { last, first, only };

struct Rules {
  NumberRules numbers;
  Pick pick = Pick::last;
  std::optional<Decimal> abs_tol;
  std::optional<Decimal> rel_tol;
  std::optional<std::size_t> digits;
};

class NumberScorer final : public Scorer {
 public:
  explicit NumberScorer(Rules rules) : rules_(std::move(rules)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto numbers = find_numbers(input.completion.text, rules_.numbers);
    if (numbers.empty()) {
      return not_judged("number", Verdict::no_extraction, "the answer has no number");
    }
    if (rules_.pick == Pick::only && numbers.size() > 1) {
      return not_judged("number",
                        Verdict::no_extraction,
                        fmt::format("the answer has {} numbers, not one", numbers.size()));
    }
    const Number& picked = rules_.pick == Pick::first ? numbers.front() : numbers.back();
    if (!picked.value) {
      return not_judged(
          "number",
          Verdict::no_extraction,
          fmt::format("'{}' is too long, too large or divided by 0", clip(picked.text, 60)));
    }
    const bool right = std::ranges::any_of(input.item.targets, [&](const std::string& target) {
      const auto wanted = read_target(target);
      return wanted && matches(*picked.value, *wanted);
    });
    return passed_or_not(
        "number",
        right,
        picked.text,
        fmt::format(
            "{} {} {}", clip(picked.text, 60), right ? "is" : "is not", name_targets(input.item)));
  }

  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    const auto bad = std::ranges::find_if(
        item.targets, [this](const std::string& target) { return !read_target(target); });
    return bad == item.targets.end()
               ? std::nullopt
               : std::optional(fmt::format("the target '{}' is not one number", clip(*bad, 60)));
  }

 private:
  [[nodiscard]] std::optional<NumberValue> read_target(std::string_view target) const {
    auto numbers = find_numbers(target, rules_.numbers);
    return numbers.size() == 1 ? std::move(numbers.front().value) : std::nullopt;
  }

  [[nodiscard]] bool matches(const NumberValue& answer, const NumberValue& target) const {
    return equal(answer, target) || (rules_.abs_tol && within(answer, target, *rules_.abs_tol)) ||
           (rules_.rel_tol && within_share(answer, target, *rules_.rel_tol)) ||
           (rules_.digits && equal_rounded(answer, target, *rules_.digits));
  }

  Rules rules_;
};

std::optional<Decimal> read_amount(Options& options, std::string_view key) {
  const auto text = options.amount(key);
  auto amount = text ? parse_decimal(*text) : std::nullopt;
  if (text && !amount) {
    options.wrong(key, fmt::format("'{}' must be a decimal number", key));
  }
  return amount;
}

void read_digits(Options& options, Rules& rules) {
  const auto digits = options.integer("digits");
  if (digits && (*digits < 1 || *digits > 30)) {
    options.wrong("digits", "'digits' must be from 1 to 30");
  } else if (digits) {
    rules.digits = static_cast<std::size_t>(*digits);
  }
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  static constexpr std::array<std::string_view, 3> kPicks{"last", "first", "only"};
  static constexpr std::array<std::string_view, 2> kDecimals{"point", "comma"};
  static constexpr std::array<std::string_view, 2> kPercents{"as_written", "fraction"};
  Options options(spec, diagnostics);
  Rules rules;
  rules.pick = static_cast<Pick>(options.word("pick", kPicks, 0));
  rules.numbers.decimal = static_cast<DecimalMark>(options.word("decimal", kDecimals, 0));
  rules.numbers.percent = static_cast<Percent>(options.word("percent", kPercents, 0));
  rules.numbers.thousands = options.flag("thousands", true);
  rules.abs_tol = read_amount(options, "abs_tol");
  rules.rel_tol = read_amount(options, "rel_tol");
  read_digits(options, rules);
  return options.finish() ? std::make_unique<NumberScorer>(std::move(rules)) : nullptr;
}

}  // namespace

constinit const Info number_scorer{
    .name = "number",
    .summary = "the last number of the answer equals a target in value",
    .options = "pick, decimal, thousands, percent, abs_tol, rel_tol, digits",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
