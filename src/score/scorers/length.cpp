#include "ifeval.h"
#include "options.h"
#include "python_text.h"
#include "scores.h"
#include "table.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::size_t kMost = 1'000'000'000;
constexpr std::array<std::string_view, 5> kUnits{
    "words", "characters", "lines", "sentences", "paragraphs"};

std::size_t count(std::string_view text, std::size_t unit) {
  const auto full = [](std::string_view part) { return !strip(part).empty(); };
  switch (unit) {
    case 0:
      return split_words(text).size();
    case 1:
      return count_code_points(strip(text));
    case 2:
      return static_cast<std::size_t>(std::ranges::count_if(split(text, '\n'), full));
    case 3:
      return count_sentences(text);
    default:
      break;
  }
  std::size_t paragraphs = 0;
  bool inside = false;
  for (const std::string_view line : split(text, '\n')) {
    paragraphs += full(line) && !inside ? 1U : 0U;
    inside = full(line);
  }
  return paragraphs;
}

class Length final : public Scorer {
 public:
  Length(std::size_t unit, std::size_t least, std::size_t most)
      : unit_(unit), least_(least), most_(most) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const std::size_t found = count(input.completion.text, unit_);
    return passed_or_not("length",
                         found >= least_ && found <= most_,
                         std::to_string(found),
                         fmt::format("{} {}", found, kUnits.at(unit_)));
  }

 private:
  std::size_t unit_;
  std::size_t least_;
  std::size_t most_;
};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  const std::size_t unit = options.word("unit", kUnits, 0);
  const std::size_t least = options.count("min", 0, 0, kMost);
  const std::size_t most = options.count("max", kMost, 0, kMost);
  if (least > most) {
    options.wrong("min", "'min' is larger than 'max'");
  }
  return options.finish() ? std::make_unique<Length>(unit, least, most) : nullptr;
}

}  // namespace

constinit const Info length_scorer{
    .name = "length",
    .summary = "the answer has so many words, characters, lines, sentences or paragraphs",
    .options = "unit, min, max",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
