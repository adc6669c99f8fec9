#pragma once

#include <faceoff/score/scorer.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faceoff::compare {

// What one scorer said of one trial.
struct TrialScore {
  std::string scorer;
  std::string label;
  bool counts = true;
  score::Verdict verdict = score::Verdict::scored;
  double value = 0.0;
  std::optional<score::Statistics> statistics{};
  std::string reason{};  // kept where nothing could be extracted
};

// What the scorers said of one trial.
struct Said {
  bool zero = false;  // the answer was cut off, so that every score of it is worth 0
  std::vector<TrialScore> scores{};
  std::string answer_end{};  // where answers mostly stand, for examples of failures; raw
};

// An answer in which a scorer found nothing to judge, as an example.
struct ExtractionSample {
  std::string case_id;
  std::int32_t repeat = 0;
  std::string reason;
  std::string answer;  // its end; raw
};

// What one scorer, told from its like by its label, said of all trials of a backend.
struct ScorerSummary {
  std::string scorer;
  std::string label;
  bool counts = true;
  std::uint64_t judged = 0;  // answers that it looked at, the two below included
  std::uint64_t no_extraction = 0;
  std::uint64_t unscored = 0;
  std::optional<double> mean;    // nothing found is 0, unscored is left out
  std::optional<double> corpus;  // of the sums of its counts; absent: it keeps none
  std::string corpus_rule;
  std::vector<ExtractionSample> samples;  // the first three
};

// The scores of a column's trials: 4 bytes each where few distinct ones come, as with right and
// wrong. A trial that is put again replaces what stood there. Not thread-safe while it grows.
class ScoreBook {
 public:
  void put(std::size_t item, const std::string& case_id, std::int32_t repeat, const Said& said);
  // In order of first appearance.
  [[nodiscard]] std::vector<ScorerSummary> summaries() const;

 private:
  struct Entry {
    std::uint32_t column = 0;
    score::Verdict verdict = score::Verdict::scored;
    double value = 0.0;
    std::uint32_t rule = 0;  // of rules_, from 1; 0: no counts
    std::vector<double> counts;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  using Page = std::vector<Entry>;  // of one trial
  struct Kind {
    std::string scorer;
    std::string label;
    bool counts = true;
  };
  using Place = std::pair<std::string, std::int32_t>;

  std::uint32_t column_of(const TrialScore& score);
  std::uint32_t rule_of(const std::optional<score::Statistics>& statistics);

  std::vector<Kind> columns_;
  std::map<std::string, std::uint32_t, std::less<>> column_numbers_;
  std::vector<std::string> rules_;
  std::map<Page, std::uint32_t> page_numbers_;
  std::vector<const Page*> pages_;
  std::map<std::int32_t, std::vector<std::uint32_t>> by_repeat_;  // number of a page, from 1
  // By column, the smallest places first; a few more than are shown, as some may be replaced.
  std::map<std::uint32_t, std::map<Place, ExtractionSample>> samples_;
};

}  // namespace faceoff::compare
