#pragma once

#include "options.h"
#include "scores.h"
#include "table.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {

// A scorer that compares the answer's text with each target and keeps the best value.
// `compare(answer, target)` gives a value from 0 to 1.
template <class Compare>
class BestOf final : public Scorer {
 public:
  BestOf(std::string_view name, Compare compare) : name_(name), compare_(std::move(compare)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    double best = 0.0;
    const std::string* nearest = nullptr;
    for (const std::string& target : input.item.targets) {
      const double value = compare_(input.completion.text, target);
      if (nearest == nullptr || value > best) {
        best = value;
        nearest = &target;
      }
    }
    return graded(name_,
                  best,
                  input.completion.text,
                  fmt::format("{:.4g} against the target '{}'",
                              best,
                              nearest == nullptr ? std::string() : clip(*nearest, 60)));
  }

 private:
  std::string_view name_;
  Compare compare_;
};

template <class Compare>
[[nodiscard]] std::unique_ptr<Scorer> best_of(std::string_view name, Compare compare) {
  return std::make_unique<BestOf<Compare>>(name, std::move(compare));
}

// For scorers without options: makes `scorer` when the spec has none.
template <class Make>
[[nodiscard]] std::unique_ptr<Scorer> without_options(const suite::ScorerSpec& spec,
                                                      doc::Diagnostics& diagnostics,
                                                      const Make& make) {
  Options options(spec, diagnostics);
  return options.finish() ? make() : nullptr;
}

}  // namespace faceoff::score
