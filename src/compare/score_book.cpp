#include <faceoff/compare/score_book.h>
#include <faceoff/score/corpus.h>

#include <algorithm>
#include <iterator>

namespace faceoff::compare {
namespace {

constexpr std::size_t kKeptSamples = 16;
constexpr std::size_t kShownSamples = 3;

std::string name_of(const std::string& scorer, const std::string& label) {
  return label.empty() ? scorer : scorer + "\n" + label;
}

}  // namespace

std::uint32_t ScoreBook::column_of(const TrialScore& score) {
  const auto [at, fresh] = column_numbers_.try_emplace(name_of(score.scorer, score.label),
                                                       static_cast<std::uint32_t>(columns_.size()));
  if (fresh) {
    columns_.push_back({.scorer = score.scorer, .label = score.label, .counts = score.counts});
  }
  return at->second;
}

std::uint32_t ScoreBook::rule_of(const std::optional<score::Statistics>& statistics) {
  if (!statistics) {
    return 0;
  }
  const auto known = std::ranges::find(rules_, statistics->rule);
  if (known == rules_.end()) {
    rules_.push_back(statistics->rule);
    return static_cast<std::uint32_t>(rules_.size());
  }
  return static_cast<std::uint32_t>(known - rules_.begin()) + 1;
}

void ScoreBook::put(std::size_t item,
                    const std::string& case_id,
                    std::int32_t repeat,
                    const Said& said) {
  const Place place(case_id, repeat);
  for (auto& [column, kept] : samples_) {
    kept.erase(place);
  }
  Page page;
  for (const TrialScore& score : said.scores) {
    const std::uint32_t column = column_of(score);
    page.push_back({.column = column,
                    .verdict = score.verdict,
                    .value = said.zero ? 0.0 : score.value,
                    .rule = rule_of(score.statistics),
                    .counts = score.statistics ? score.statistics->counts : std::vector<double>()});
    if (score.verdict == score::Verdict::no_extraction) {
      auto& kept = samples_[column];
      kept.insert_or_assign(place,
                            ExtractionSample{.case_id = case_id,
                                             .repeat = repeat,
                                             .reason = score.reason,
                                             .answer = said.answer_end});
      if (kept.size() > kKeptSamples) {
        kept.erase(std::prev(kept.end()));
      }
    }
  }
  const auto [at, fresh] =
      page_numbers_.try_emplace(std::move(page), static_cast<std::uint32_t>(pages_.size() + 1));
  if (fresh) {
    pages_.push_back(&at->first);
  }
  auto& plane = by_repeat_[repeat];
  if (plane.size() <= item) {
    plane.resize(item + 1, 0);
  }
  plane[item] = at->second;
}

std::vector<ScorerSummary> ScoreBook::summaries() const {
  std::vector<ScorerSummary> out;
  for (const Kind& kind : columns_) {
    ScorerSummary summary;
    summary.scorer = kind.scorer;
    summary.label = kind.label;
    summary.counts = kind.counts;
    out.push_back(std::move(summary));
  }
  std::vector<std::uint64_t> times(pages_.size(), 0);
  for (const auto& [repeat, plane] : by_repeat_) {
    for (const std::uint32_t page : plane) {
      if (page != 0) {
        ++times[page - 1];
      }
    }
  }
  std::vector<double> sums(out.size(), 0.0);
  std::vector<score::Statistics> totals(out.size());
  std::vector<bool> mixed(out.size(), false);
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    for (const Entry& entry : *pages_[i]) {
      ScorerSummary& summary = out[entry.column];
      const auto n = static_cast<double>(times[i]);
      summary.judged += times[i];
      summary.no_extraction += entry.verdict == score::Verdict::no_extraction ? times[i] : 0;
      summary.unscored += entry.verdict == score::Verdict::unscored ? times[i] : 0;
      sums[entry.column] += entry.verdict == score::Verdict::scored ? n * entry.value : 0.0;
      if (entry.rule != 0 && times[i] > 0) {
        score::Statistics part{.rule = rules_[entry.rule - 1], .counts = entry.counts};
        std::ranges::transform(part.counts, part.counts.begin(), [n](double c) { return c * n; });
        mixed[entry.column] = mixed[entry.column] || !score::add(totals[entry.column], part);
      }
    }
  }
  for (std::uint32_t i = 0; i < out.size(); ++i) {
    const std::uint64_t n = out[i].judged - out[i].unscored;
    if (n > 0) {
      out[i].mean = sums[i] / static_cast<double>(n);
    }
    if (!mixed[i] && !totals[i].rule.empty()) {
      out[i].corpus = score::corpus_value(totals[i]);
      out[i].corpus_rule = totals[i].rule;
    }
    const auto kept = samples_.find(i);
    if (kept != samples_.end()) {
      for (const auto& [place, sample] : kept->second) {
        if (out[i].samples.size() < kShownSamples) {
          out[i].samples.push_back(sample);
        }
      }
    }
  }
  // A scorer whose every trial was replaced is gone.
  std::erase_if(out, [](const ScorerSummary& summary) { return summary.judged == 0; });
  return out;
}

}  // namespace faceoff::compare
