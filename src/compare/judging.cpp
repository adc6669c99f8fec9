#include <faceoff/compare/judging.h>
#include <faceoff/stats/agreement.h>
#include <faceoff/stats/judge.h>
#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/ranking.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace faceoff::compare {
namespace {

using score::Preferred;
using stats::Preference;

constexpr double kConfidence = 0.95;

// From the opponent's side: A is the opponent, B this answer.
Preference preference_of(Preferred preferred) {
  return preferred == Preferred::self    ? Preference::b
         : preferred == Preferred::other ? Preference::a
                                         : Preference::tie;
}

struct Verdicts {
  std::vector<Preference> a_first;
  std::vector<Preference> b_first;
  std::uint64_t undecided = 0;
};

DuelTable table_of(const std::tuple<std::string, std::string, std::string>& key,
                   const Verdicts& verdicts) {
  DuelTable table;
  std::tie(table.reference, table.candidate, table.judge) = key;
  const stats::JudgeSwap swap = stats::judge_swap(verdicts.a_first, verdicts.b_first);
  table.wins = swap.wins;
  table.losses = swap.losses;
  table.ties = swap.ties;
  table.undecided = verdicts.undecided;
  table.winrate = swap.winrate;
  table.consistency = swap.consistency;
  table.flips = swap.flips;
  table.first_flips = swap.first_position_flips;
  const std::size_t n = verdicts.a_first.size();
  if (n > 0) {
    table.interval = stats::win_rate_ci(swap.wins, swap.losses, n, kConfidence).interval;
    table.p = stats::mcnemar(swap.losses, swap.wins).p_mid;
  }
  if (swap.flips > 0) {
    table.first_p =
        stats::mcnemar(swap.first_position_flips, swap.flips - swap.first_position_flips).p_exact;
  }
  return table;
}

void add_work(const score::Score& score, std::map<std::string, JudgeWork>& judges) {
  for (const auto& asked : score.judged->asked) {
    JudgeWork& work = judges[asked.backend];
    work.backend = asked.backend;
    work.model = asked.model.empty() ? work.model : asked.model;
    ++work.questions;
    work.failed += asked.failure.empty() ? 0U : 1U;
    work.off_menu += asked.failure.empty() && asked.verdict.empty() ? 1U : 0U;
    work.prompt_tokens += asked.usage.prompt_tokens.value_or(0);
    work.completion_tokens += asked.usage.completion_tokens.value_or(0);
    work.simulated = work.simulated || asked.simulated;
    if (asked.cost) {
      work.cost = work.cost.value_or(Money{});
      *work.cost += *asked.cost;
    }
  }
  for (const auto& canary : score.judged->canaries) {
    JudgeWork& work = judges[canary.judge];
    work.backend = canary.judge;
    ++work.canaries;
    work.canaries_held += canary.held ? 1U : 0U;
  }
}

// Pairs of labels of one scorer.
struct Labels {
  std::vector<std::string> menu;
  bool ordered = false;
  std::vector<std::pair<std::string, std::string>> pairs;  // judge, human
};

Agreement agreement_of(const std::string& scorer, const Labels& labels) {
  Agreement agreement;
  agreement.scorer = scorer;
  const std::size_t k = labels.menu.size();
  std::vector<std::vector<double>> table(k, std::vector<double>(k, 0.0));
  double same = 0.0;
  for (const auto& [judge, human] : labels.pairs) {
    const auto row = std::ranges::find(labels.menu, judge) - labels.menu.begin();
    const auto column = std::ranges::find(labels.menu, human) - labels.menu.begin();
    if (static_cast<std::size_t>(row) < k && static_cast<std::size_t>(column) < k) {
      table[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] += 1.0;
      same += row == column ? 1.0 : 0.0;
      ++agreement.n;
    }
  }
  if (agreement.n == 0) {
    return agreement;
  }
  agreement.weighted = labels.ordered && k > 2;
  const stats::Kappa kappa = stats::cohen_kappa(
      table, agreement.weighted ? stats::KappaWeights::quadratic : stats::KappaWeights::none);
  agreement.share = same / static_cast<double>(agreement.n);
  agreement.kappa = kappa.kappa;
  agreement.interval = kappa.interval;
  return agreement;
}

std::vector<Strength> strengths_of(std::span<const std::string> backends,
                                   const std::vector<std::vector<double>>& wins,
                                   const std::vector<std::vector<double>>& ties) {
  std::vector<Strength> strengths;
  if (backends.size() < 3) {
    return strengths;
  }
  const auto fit = stats::bradley_terry(wins, ties);
  for (std::size_t i = 0; fit && i < backends.size(); ++i) {
    strengths.push_back({.backend = backends[i], .elo = fit->elo[i]});
  }
  std::ranges::stable_sort(strengths, std::greater<>(), &Strength::elo);
  return strengths;
}

}  // namespace

void JudgingLog::add(const store::Record& record) {
  Entry entry{.scores = {}, .awaits = record.awaits};
  for (const auto& score : record.scores) {
    if (score.judged) {
      entry.scores.push_back(score);
      entry.scores.back().trace.clear();
    }
  }
  const std::tuple key(record.case_id, record.backend, record.repeat);
  if (entry.scores.empty() && !entry.awaits) {
    trials_.erase(key);
  } else {
    trials_.insert_or_assign(key, std::move(entry));
  }
}

Judging JudgingLog::result(std::span<const std::string> backends) const {
  Judging result;
  std::map<std::string, JudgeWork> judges;
  std::map<std::tuple<std::string, std::string, std::string>, Verdicts> duels;
  std::map<std::string, Labels> labels;
  const std::size_t k = backends.size();
  std::vector<std::vector<double>> wins(k, std::vector<double>(k, 0.0));
  auto ties = wins;
  const auto place = [backends](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(backends, name) - backends.begin());
  };
  for (const auto& [key, entry] : trials_) {
    const std::string& backend = std::get<1>(key);
    result.awaiting += entry.awaits ? 1U : 0U;
    for (const auto& score : entry.scores) {
      add_work(score, judges);
      const score::Judged& judged = *score.judged;
      if (judged.human && score.answer) {
        Labels& pairs = labels[score.label.empty() ? score.scorer : score.label];
        pairs.menu = judged.menu;
        pairs.ordered = judged.ordered;
        pairs.pairs.emplace_back(*score.answer, *judged.human);
      }
      for (const auto& duel : judged.duels) {
        const std::size_t own = place(backend);
        const std::size_t other = place(duel.opponent);
        // Each duel stands in both records; the later backend's counts.
        if (other >= own || own >= k) {
          continue;
        }
        for (const auto& verdict : duel.verdicts) {
          Verdicts& all = duels[{duel.opponent, backend, verdict.judge}];
          if (verdict.shown_first == Preferred::nothing ||
              verdict.shown_second == Preferred::nothing) {
            ++all.undecided;
            continue;
          }
          all.a_first.push_back(preference_of(verdict.shown_second));
          all.b_first.push_back(preference_of(verdict.shown_first));
        }
        if (duel.outcome == Preferred::self) {
          wins[own][other] += 1.0;
        } else if (duel.outcome == Preferred::other) {
          wins[other][own] += 1.0;
        } else if (duel.outcome == Preferred::neither) {
          ties[own][other] += 1.0;
          ties[other][own] += 1.0;
        }
      }
    }
  }
  for (auto& [name, work] : judges) {
    result.judges.push_back(std::move(work));
  }
  for (const auto& [key, verdicts] : duels) {
    result.duels.push_back(table_of(key, verdicts));
  }
  for (const auto& [scorer, pairs] : labels) {
    result.agreements.push_back(agreement_of(scorer, pairs));
  }
  if (!result.duels.empty()) {
    result.strengths = strengths_of(backends, wins, ties);
  }
  return result;
}

}  // namespace faceoff::compare
