// How long it takes to score 100,000 answers of about 40 words on one core, and one answer of
// 200,000 characters that was made to take long.
#include <faceoff/score/scorer.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace faceoff::score {
namespace {

constexpr std::size_t kAnswers = 100'000;

// Sentences of the 50 most common words, the same at every run.
std::string sentence(std::uint32_t& state, std::size_t words) {
  static constexpr std::array kWords{"the", "of",   "and", "time", "people", "year", "way",  "day",
                                     "man", "good", "new", "old",  "is",     "was",  "were", "said",
                                     "to",  "in",   "it",  "for",  "on",     "with", "as",   "by"};
  std::string out;
  for (std::size_t i = 0; i < words; ++i) {
    state = state * 1664525U + 1013904223U;
    out += out.empty() ? "" : " ";
    out += kWords.at((state >> 16U) % kWords.size());
  }
  return out + ".";
}

void score_answers(benchmark::State& state, const char* name, std::size_t count = kAnswers) {
  const auto spec = std::make_shared<suite::ScorerSpec>();
  spec->name = name;
  spec->source = std::make_shared<const doc::Source>(doc::Source{.name = "bench", .text = ""});
  doc::Diagnostics mistakes;
  const auto scorer = find(name)->create(*spec, mistakes);
  std::uint32_t seed = 1;
  std::vector<suite::Case> cases(1000);
  std::vector<chat::Completion> answers(1000);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    cases[i].targets = {sentence(seed, 40)};
    answers[i].text = sentence(seed, 40);
    answers[i].finish = chat::Finish::stop;
  }
  for (auto _ : state) {
    double sum = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      sum += scorer->score({cases[i % cases.size()], answers[i % answers.size()]}).value;
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}

BENCHMARK_CAPTURE(score_answers, exact, "exact")->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK_CAPTURE(score_answers, f1_squad, "f1/squad")->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK_CAPTURE(score_answers, rouge_l, "rouge-l")->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK_CAPTURE(score_answers, bleu, "bleu")->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK_CAPTURE(score_answers, chrf, "chrf")->Unit(benchmark::kSecond)->Iterations(1);
// Its search for shifts takes milliseconds for each answer.
BENCHMARK_CAPTURE(score_answers, ter_of_1000, "ter", 1000)->Unit(benchmark::kSecond)->Iterations(1);

// A scorer with an option that it needs, and a part of which 200,000 bytes are the answer.
struct Hostile {
  const char* scorer;
  const char* key;
  const char* value;
  const char* part;
};

void score_hostile(benchmark::State& state, const Hostile& hostile) {
  const auto spec = std::make_shared<suite::ScorerSpec>();
  spec->name = hostile.scorer;
  spec->source = std::make_shared<const doc::Source>(doc::Source{.name = "bench", .text = ""});
  if (*hostile.key != '\0') {
    doc::Node value;
    value.text = hostile.value;
    value.style = doc::Style::quoted;
    spec->options.kind = doc::Kind::mapping;
    spec->options.members.push_back({.key = hostile.key, .key_span = {}, .value = value});
  }
  doc::Diagnostics mistakes;
  const auto scorer = find(hostile.scorer)->create(*spec, mistakes);
  if (scorer == nullptr) {
    state.SkipWithError("wrong options");
    return;
  }
  constexpr std::size_t kSize = 200'000;
  suite::Case item;
  item.targets = {"the answer is 1"};
  chat::Completion answer;
  answer.finish = chat::Finish::stop;
  while (answer.text.size() < kSize) {
    answer.text += hostile.part;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(scorer->score({item, answer}));
  }
}

#define FACEOFF_HOSTILE(name, ...) \
  BENCHMARK_CAPTURE(score_hostile, name, Hostile{__VA_ARGS__})->Unit(benchmark::kMillisecond)
FACEOFF_HOSTILE(regex_backtracking, "regex", "pattern", "(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaab");
FACEOFF_HOSTILE(regex_repeats, "regex", "pattern", "(a*)*b", "a");
FACEOFF_HOSTILE(regex_look_ahead, "regex", "pattern", "(?=x)", "y");
FACEOFF_HOSTILE(json_deep, "json", "", "", "[");
FACEOFF_HOSTILE(json_objects, "json", "", "", "{\"a\":");
FACEOFF_HOSTILE(number, "number", "", "", "1,234,");
FACEOFF_HOSTILE(choice, "choice", "", "", "(A) ");
FACEOFF_HOSTILE(math, "math", "", "", "\\boxed{");
FACEOFF_HOSTILE(f1_squad, "f1/squad", "", "", "a b ");
FACEOFF_HOSTILE(rouge_l, "rouge-l", "", "", "the answer ");
FACEOFF_HOSTILE(bleu, "bleu", "", "", "the answer ");
FACEOFF_HOSTILE(chrf, "chrf", "", "", "the answer ");
FACEOFF_HOSTILE(ter, "ter", "", "", "the answer ");
FACEOFF_HOSTILE(levenshtein, "levenshtein", "", "", "the answer ");

}  // namespace
}  // namespace faceoff::score

BENCHMARK_MAIN();
