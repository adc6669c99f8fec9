#include "options.h"
#include "python_text.h"
#include "scores.h"
#include "table.h"
#include "unicode_number.h"

#include <faceoff/base/unicode.h>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

enum class Place : std::uint8_t { begin, end, any, exact };
constexpr std::array<std::string_view, 4> kPlaces{"begin", "end", "any", "exact"};
constexpr std::string_view kEdge =
    " \t\n\r\v\f!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";  // string.whitespace + string.punctuation
// Marks that a number in a sentence may touch; a percent sign is none of them.
constexpr std::string_view kTokenEdge = "!?:;()[]{}'\"`~<=>@#^&|";

struct Rules {
  Place place = Place::end;
  bool ignore_case = true;
  bool numeric = false;
};

std::optional<double> number_of(std::string_view text) {
  if (const auto plain = parse_float(text); plain && std::isfinite(*plain)) {
    return plain;
  }
  const auto found = unicode_number(text);
  return found && std::isfinite(*found) ? found : std::nullopt;
}

// Without $ £ € , * _ \ and without periods that no digit follows.
std::string without_number_marks(std::string_view text) {
  std::u32string out;
  for (const char32_t c : to_utf32(text)) {
    if (std::u32string_view(U"$,£€*_\\").find(c) == std::u32string_view::npos) {
      out += c;
    }
  }
  std::u32string kept;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool digit_follows = i + 1 < out.size() && is_decimal_digit(out[i + 1]);
    if (out[i] != U'.' || digit_follows) {
      kept += out[i];
    }
  }
  return to_utf8(kept);
}

std::optional<double> token_number(std::string_view token) {
  const auto plain = number_of(token);
  return plain ? plain : number_of(strip(token, kTokenEdge));
}

std::string shown(double number) {
  return general_text(number, 5);
}

bool matches_number(std::string_view answer, double target, Place place) {
  const std::string text = without_number_marks(answer);
  const std::string wanted = shown(target);
  if (place == Place::exact) {
    const auto number = number_of(text);
    return number && shown(*number) == wanted;
  }
  auto words = split_words(text);
  if (place == Place::end) {
    std::ranges::reverse(words);
  }
  for (const std::string_view word : words) {
    const auto number = token_number(word);
    if (number && (place != Place::any || shown(*number) == wanted)) {
      return shown(*number) == wanted;
    }
  }
  return false;
}

bool matches(std::string_view answer, std::string_view target, const Rules& rules) {
  std::string a(strip(answer));
  std::string b(strip(target));
  if (rules.ignore_case) {
    a = fold_case(a);
    b = fold_case(b);
  }
  if (rules.numeric) {
    b = without_number_marks(b);
    if (const auto number = number_of(b)) {
      return matches_number(a, *number, rules.place);
    }
  }
  const std::string_view left = strip(a, kEdge);
  const std::string_view right = strip(b, kEdge);
  switch (rules.place) {
    case Place::begin:
      return left.starts_with(right);
    case Place::end:
      return left.ends_with(right);
    case Place::any:
      return left.find(right) != std::string_view::npos;
    case Place::exact:
      break;
  }
  return left == right;
}

class Match final : public Scorer {
 public:
  explicit Match(const Rules& rules) : rules_(rules) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const bool found = std::ranges::any_of(input.item.targets, [&](const std::string& target) {
      return matches(input.completion.text, target, rules_);
    });
    const auto place = static_cast<std::size_t>(rules_.place);
    return passed_or_not("match",
                         found,
                         strip(input.completion.text),
                         fmt::format("{} {} at '{}'",
                                     name_targets(input.item),
                                     found ? "stands" : "does not stand",
                                     kPlaces.at(place)));
  }

 private:
  Rules rules_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Rules rules;
  rules.place = static_cast<Place>(options.word("location", kPlaces, 1));
  rules.ignore_case = options.flag("ignore_case", true);
  rules.numeric = options.flag("numeric", false);
  return options.finish() ? std::make_unique<Match>(rules) : nullptr;
}

}  // namespace

constinit const Info match_scorer{
    .name = "match",
    .summary = "a target stands at the end of the answer (or elsewhere), as inspect_ai's match()",
    .options = "location, ignore_case, numeric",
    .version = 1,
    .needs_target = true,
    .create = create};

}  // namespace faceoff::score
