#pragma once

#include <faceoff/base/units.h>
#include <faceoff/compare/kinship.h>
#include <faceoff/stats/interval.h>
#include <faceoff/store/record.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

// What judges did in a run, from the records of the trials that they judged. How much their
// verdicts are worth is in docs/judges.md.
namespace faceoff::compare {

// One backend that scorers asked.
struct JudgeWork {
  std::string backend;
  std::string model;  // as the server resolved it
  std::uint64_t questions = 0;
  std::uint64_t failed = 0;
  std::uint64_t off_menu = 0;  // replies without a verdict of the list
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::optional<Money> cost;
  std::uint64_t canaries = 0;
  std::uint64_t canaries_held = 0;
  bool simulated = false;
};

// Two backends' answers before one judge, each pair in both orders.
struct DuelTable {
  std::string judge;
  std::string reference;
  std::string candidate;
  std::uint64_t wins = 0;  // of the candidate, in both orders
  std::uint64_t losses = 0;
  std::uint64_t ties = 0;
  std::uint64_t undecided = 0;
  std::optional<double> winrate;  // ties count half
  stats::Interval interval;
  std::optional<double> p;            // McNemar mid-p of wins against losses
  std::optional<double> consistency;  // share with the same verdict in both orders
  std::uint64_t flips = 0;            // opposite winners
  std::uint64_t first_flips = 0;      // ... where the first slot won both times
  std::optional<double> first_p;      // exact, against one half
};

// A scorer's verdicts against people's.
struct Agreement {
  std::string scorer;
  std::uint64_t n = 0;
  std::optional<double> share;  // the same label
  std::optional<double> kappa;
  stats::Interval interval;
  bool weighted = false;  // quadratic weights, for grades in order
};

// Three and more backends that met each other.
struct Strength {
  std::string backend;
  double elo = 1000.0;
};

struct Judging {
  std::vector<JudgeWork> judges;
  std::vector<DuelTable> duels;
  std::vector<Agreement> agreements;
  std::vector<Strength> strengths;  // strongest first; empty unless all are linked by wins
  std::vector<Kinship> kin;         // of judges and those whose answers they judged
  std::uint64_t awaiting = 0;       // trials that still wait for a verdict
  [[nodiscard]] bool any() const noexcept {
    return !judges.empty() || !duels.empty() || !agreements.empty() || awaiting > 0;
  }
};

// Takes records as they come; of several of one trial the last counts. Keeps what judges said, and
// nothing of a trial without one. Not thread-safe.
class JudgingLog {
 public:
  void add(const store::Record& record);
  [[nodiscard]] Judging result(std::span<const std::string> backends) const;

 private:
  struct Entry {
    std::vector<score::Score> scores;  // those of judges
    bool awaits = false;
  };
  std::map<std::tuple<std::string, std::string, std::int32_t>, Entry> trials_;
};

}  // namespace faceoff::compare
