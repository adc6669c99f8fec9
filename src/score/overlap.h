#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faceoff::score {

// The words of a normal form, which has single blanks.
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view normal);

// Overlap of words counted as often as they stand there (SQuAD's compute_f1): 0 when nothing is
// shared, also for two empty texts.
[[nodiscard]] double bag_f1(std::string_view a, std::string_view b);
// Overlap of the sets of words. `empty_is_full`: the precision or recall of an empty set is 1
// (DROP, inspect_ai); otherwise an empty set gives 0 (nltk's f_measure in HELM).
enum class EmptySet : bool { is_nothing, is_full };
[[nodiscard]] double set_f1(std::string_view a, std::string_view b, EmptySet empty);

struct DropMetrics {
  double exact = 0.0;
  double f1 = 0.0;        // rounded to two decimals, as DROP does
  double exact_f1 = 0.0;  // not rounded
};
// DROP's get_metrics (allennlp_models/rc/tools/drop.py): spans are aligned one to one so that the
// sum of their F1 is largest, and spans of different numbers do not match.
[[nodiscard]] DropMetrics drop_metrics(const std::vector<std::string>& predicted,
                                       const std::vector<std::string>& gold);

}  // namespace faceoff::score
