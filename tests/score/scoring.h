#pragma once

#include <faceoff/doc/reader.h>
#include <faceoff/score/scorer.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::score {

// A spec as a suite would hold it; `options` is YAML, empty for none.
inline suite::ScorerSpecPtr make_spec(std::string_view scorer, std::string_view options) {
  suite::ScorerSpec spec;
  spec.name = scorer;
  spec.source = std::make_shared<const doc::Source>(
      doc::Source{.name = "options.yaml", .text = std::string(options)});
  spec.span = {{1, 1}, {1, 2}};
  doc::Diagnostics mistakes;
  if (!options.empty()) {
    spec.options = doc::parse_yaml(spec.source, mistakes).value_or(doc::Node{});
  }
  return std::make_shared<const suite::ScorerSpec>(std::move(spec));
}

inline suite::Case make_case(std::vector<std::string> targets) {
  suite::Case item;
  item.id = "case-1";
  item.targets = std::move(targets);
  item.source =
      std::make_shared<const doc::Source>(doc::Source{.name = "suite.yaml", .text = "id: case-1"});
  return item;
}

inline chat::Completion make_answer(std::string text) {
  chat::Completion completion;
  completion.text = std::move(text);
  completion.finish = chat::Finish::stop;
  return completion;
}

// One line for each mistake in the options; empty when there is none.
inline std::string mistakes_in(std::string_view scorer, std::string_view options) {
  doc::Diagnostics mistakes;
  static_cast<void>(find(scorer)->create(*make_spec(scorer, options), mistakes));
  std::string lines;
  for (const auto& mistake : mistakes.sorted()) {
    lines += doc::one_line(mistake) + "\n";
  }
  return lines;
}

// The score of one answer. With options that are wrong, an unscored one that says so.
inline Score score_of(std::string_view scorer,
                      std::string_view options,
                      std::vector<std::string> targets,
                      std::string answer) {
  doc::Diagnostics mistakes;
  const auto made = find(scorer)->create(*make_spec(scorer, options), mistakes);
  if (made == nullptr) {
    return {std::string(scorer), Verdict::unscored, 0.0, std::nullopt, "wrong options"};
  }
  const suite::Case item = make_case(std::move(targets));
  const chat::Completion completion = make_answer(std::move(answer));
  return made->score({item, completion});
}

// A row of a table of answers. `expected` is "1", "0", "none" (no extraction) or "unscored".
struct Row {
  std::string answer;
  std::vector<std::string> targets;
  std::string expected;
  std::string options = {};
};

inline std::string verdict_of(const Score& score) {
  switch (score.verdict) {
    case Verdict::no_extraction:
      return "none";
    case Verdict::unscored:
      return "unscored: " + score.reason;
    case Verdict::scored:
      break;
  }
  return score.value == 1.0 ? "1" : score.value == 0.0 ? "0" : std::to_string(score.value);
}

}  // namespace faceoff::score
