#include "drop_scorer.h"

#include "json_value.h"
#include "options.h"
#include "overlap.h"
#include "python_text.h"
#include "scores.h"

#include <faceoff/base/text.h>

#include <array>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

// More spans than any answer of DROP; the rest of a hostile list is one span.
constexpr std::size_t kMaxSpans = 200;
constexpr std::array<std::string_view, 4> kSpans{"one", "lines", "commas", "json"};
constexpr std::array<std::string_view, 2> kMeasures{"f1", "exact"};
// DROP rounds F1 to two decimals, simple-evals and lm-eval round F1 of 100 to two.
constexpr std::array<std::string_view, 2> kRounding{"fraction", "percent"};

struct Rules {
  std::size_t spans = 0;
  bool exact = false;
  bool percent = false;
};

std::vector<std::string> json_spans(std::string_view text) {
  const auto value = parse_json_value(strip(text));
  std::vector<std::string> out;
  if (value && value->kind == JsonKind::array && value->items.size() <= kMaxSpans) {
    for (const JsonValue& item : value->items) {
      out.push_back(item.text);
    }
  }
  return out;
}

std::vector<std::string> separated(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end =
        out.size() + 1 < kMaxSpans ? text.find(separator) : std::string_view::npos;
    const std::string_view span = strip(text.substr(0, end));
    if (!span.empty()) {
      out.emplace_back(span);
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

class Drop final : public Scorer {
 public:
  Drop(std::string_view name, const Rules& rules) : name_(name), rules_(rules) {}

  [[nodiscard]] Score score(const Input& input) const override {
    const auto spans = spans_of(input.completion.text);
    // DROP takes the target with the best pair of exact match and F1.
    std::pair<double, double> best{0.0, 0.0};
    for (const std::string& target : input.item.targets) {
      auto gold = json_spans(target);
      if (gold.empty()) {
        gold.push_back(target);
      }
      const DropMetrics found = drop_metrics(spans, gold);
      best = std::max(
          best,
          std::pair{found.exact,
                    rules_.percent ? numpy_round_2(100.0 * found.exact_f1) / 100.0 : found.f1});
    }
    return graded(name_,
                  rules_.exact ? best.first : best.second,
                  join(spans, " | "),
                  fmt::format("exact match {}, F1 {:.4g} against {}",
                              best.first,
                              best.second,
                              name_targets(input.item)));
  }

 private:
  [[nodiscard]] std::vector<std::string> spans_of(const std::string& text) const {
    std::vector<std::string> spans = rules_.spans == 1   ? separated(text, '\n')
                                     : rules_.spans == 2 ? separated(text, ',')
                                     : rules_.spans == 3 ? json_spans(text)
                                                         : std::vector<std::string>{};
    if (spans.empty()) {
      spans.push_back(text);
    }
    return spans;
  }

  std::string_view name_;
  Rules rules_;
};

}  // namespace

std::unique_ptr<Scorer> create_drop(std::string_view name,
                                    DropMeasure measure,
                                    const suite::ScorerSpec& spec,
                                    doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Rules rules;
  rules.spans = options.word("spans", kSpans, 0);
  rules.percent = options.word("rounding", kRounding, 0) == 1;
  rules.exact = measure == DropMeasure::choose && options.word("measure", kMeasures, 0) == 1;
  return options.finish() ? std::make_unique<Drop>(name, rules) : nullptr;
}

}  // namespace faceoff::score
