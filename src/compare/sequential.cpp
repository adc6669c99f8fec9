#include <faceoff/compare/sequential.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace faceoff::compare {

SequentialWatch::SequentialWatch(std::vector<std::string> columns, double alpha)
    : columns_(std::move(columns)), alpha_(alpha), sides_(columns_.size()) {}

void SequentialWatch::add(const store::Record& record) {
  const auto at = std::find(columns_.begin(), columns_.end(), record.backend);
  if (at == columns_.end() || record.repeat != 0 || !record.value ||
      record.outcome == score::Outcome::failed) {
    return;
  }
  const auto column = static_cast<std::size_t>(at - columns_.begin());
  const auto key = std::pair(record.case_id, record.digest);
  Waiting& waiting = waiting_[key];
  waiting.values.resize(columns_.size());
  if (waiting.values[column]) {
    return;
  }
  waiting.values[column] = *record.value;
  ++waiting.known;
  if (column == 0) {
    for (std::size_t i = 1; i < columns_.size(); ++i) {
      settle(i, waiting, record.cluster);
    }
  } else {
    settle(column, waiting, record.cluster);
  }
  if (waiting.known == columns_.size()) {
    waiting_.erase(key);
  }
}

void SequentialWatch::settle(std::size_t column,
                             const Waiting& waiting,
                             const std::string& cluster) {
  if (!waiting.values[0] || !waiting.values[column]) {
    return;
  }
  Side& side = sides_[column];
  if (!cluster.empty() && !side.clusters.insert(cluster).second) {
    return;
  }
  ++side.now.cases;
  const double d = *waiting.values[column] - *waiting.values[0];
  side.now.wins += d > 0 ? 1U : 0U;
  side.now.losses += d < 0 ? 1U : 0U;
  const double log_e = stats::evalue_sign(side.now.wins, side.now.losses).log_e;
  if (side.best.cases == 0 || log_e >= side.best_log_e) {
    side.best = side.now;
    side.best_log_e = log_e;
    side.best.p_anytime = std::min(1.0, std::exp(-log_e));
    side.best.candidate_ahead = side.now.wins > side.now.losses;
  }
}

Evidence SequentialWatch::evidence(std::string_view candidate) const {
  const auto at = std::find(columns_.begin(), columns_.end(), candidate);
  return at == columns_.end() ? Evidence{}
                              : sides_[static_cast<std::size_t>(at - columns_.begin())].best;
}

bool SequentialWatch::sure() const noexcept {
  // Each of several comparisons must meet its share of alpha (Bonferroni).
  const double share = alpha_ / static_cast<double>(std::max<std::size_t>(1, sides_.size() - 1));
  return sides_.size() > 1 && std::all_of(sides_.begin() + 1, sides_.end(), [&](const Side& side) {
           return side.best.cases > 0 && side.best.p_anytime <= share;
         });
}

void ThresholdWatch::add(const store::Record& record) {
  if (record.backend != column_ || record.repeat != 0 || !record.value ||
      right_ + wrong_ == total_) {
    return;
  }
  ++(*record.value == 1.0 ? right_ : wrong_);
}

stats::Curtailed ThresholdWatch::state() const noexcept {
  return stats::curtail(right_, wrong_, needed_, total_);
}

}  // namespace faceoff::compare
