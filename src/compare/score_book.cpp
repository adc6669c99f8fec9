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

bool ScoreBook::holds(std::size_t item, std::int32_t repeat) const {
  const auto plane = by_repeat_.find(repeat);
  return plane != by_repeat_.end() && item < plane->second.size() && plane->second[item] != 0;
}

void ScoreBook::put(std::size_t item,
                    const std::string& case_id,
                    std::int32_t repeat,
                    const Said& said) {
  // A failed trial has none, and takes no room.
  if (said.scores.empty() && !holds(item, repeat)) {
    return;
  }
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

std::vector<std::uint64_t> ScoreBook::times_of_pages() const {
  std::vector<std::uint64_t> times(pages_.size(), 0);
  for (const auto& [repeat, plane] : by_repeat_) {
    for (const std::uint32_t page : plane) {
      if (page != 0) {
        ++times[page - 1];
      }
    }
  }
  return times;
}

void ScoreBook::add(const Entry& entry, std::uint64_t times, Sums& sums) const {
  const auto n = static_cast<double>(times);
  sums.judged += times;
  sums.no_extraction += entry.verdict == score::Verdict::no_extraction ? times : 0;
  sums.unscored += entry.verdict == score::Verdict::unscored ? times : 0;
  sums.value += entry.verdict == score::Verdict::scored ? n * entry.value : 0.0;
  if (entry.rule == 0) {
    return;
  }
  score::Statistics part{.rule = rules_[entry.rule - 1], .counts = entry.counts};
  std::ranges::transform(part.counts, part.counts.begin(), [n](double c) { return c * n; });
  // Counts of different rules have no sum.
  sums.mixed = sums.mixed || !score::add(sums.counts, part);
}

std::vector<ScorerSummary> ScoreBook::summaries() const {
  const auto times = times_of_pages();
  std::vector<Sums> sums(columns_.size());
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    for (const Entry& entry : *pages_[i]) {
      if (times[i] > 0) {
        add(entry, times[i], sums[entry.column]);
      }
    }
  }
  std::vector<ScorerSummary> out;
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    const Sums& sum = sums[i];
    if (sum.judged == 0) {
      continue;  // every trial of it was replaced
    }
    ScorerSummary summary;
    summary.scorer = columns_[i].scorer;
    summary.label = columns_[i].label;
    summary.counts = columns_[i].counts;
    summary.judged = sum.judged;
    summary.no_extraction = sum.no_extraction;
    summary.unscored = sum.unscored;
    if (sum.judged > sum.unscored) {
      summary.mean = sum.value / static_cast<double>(sum.judged - sum.unscored);
    }
    if (!sum.mixed && !sum.counts.rule.empty()) {
      summary.corpus = score::corpus_value(sum.counts);
      summary.corpus_rule = sum.counts.rule;
    }
    if (const auto kept = samples_.find(i); kept != samples_.end()) {
      for (const auto& [place, sample] : kept->second) {
        if (summary.samples.size() < kShownSamples) {
          summary.samples.push_back(sample);
        }
      }
    }
    out.push_back(std::move(summary));
  }
  return out;
}

}  // namespace faceoff::compare
