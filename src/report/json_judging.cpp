#include "json_values.h"

#include <faceoff/base/units.h>

namespace faceoff::report {
namespace {

Json interval_json(const stats::Interval& interval) {
  return {{"lo", interval.lo ? number(*interval.lo) : Json(nullptr)},
          {"hi", interval.hi ? number(*interval.hi) : Json(nullptr)}};
}

}  // namespace

Json judging_json(const compare::Judging& judging) {
  if (!judging.any()) {
    return nullptr;
  }
  const auto maybe = [](const std::optional<double>& value) {
    return value ? number(*value) : Json(nullptr);
  };
  Json out{{"awaiting", judging.awaiting},
           {"judges", Json::array()},
           {"duels", Json::array()},
           {"agreements", Json::array()},
           {"strengths", Json::array()},
           {"related", Json::array()}};
  for (const auto& work : judging.judges) {
    out["judges"].push_back(
        {{"backend", work.backend},
         {"model", work.model},
         {"questions", work.questions},
         {"failed", work.failed},
         {"off_menu", work.off_menu},
         {"prompt_tokens", work.prompt_tokens},
         {"completion_tokens", work.completion_tokens},
         {"cost_usd", work.cost ? Json(decimal_dollars(*work.cost)) : Json(nullptr)},
         {"canaries", work.canaries},
         {"canaries_held", work.canaries_held},
         {"simulated", work.simulated}});
  }
  for (const auto& duel : judging.duels) {
    out["duels"].push_back({{"judge", duel.judge},
                            {"a", duel.reference},
                            {"b", duel.candidate},
                            {"b_wins", duel.wins},
                            {"b_losses", duel.losses},
                            {"ties", duel.ties},
                            {"undecided", duel.undecided},
                            {"b_winrate", maybe(duel.winrate)},
                            {"interval", interval_json(duel.interval)},
                            {"p", maybe(duel.p)},
                            {"consistency", maybe(duel.consistency)},
                            {"flips", duel.flips},
                            {"first_slot_flips", duel.first_flips},
                            {"first_slot_p", maybe(duel.first_p)}});
  }
  for (const auto& agreement : judging.agreements) {
    out["agreements"].push_back({{"scorer", agreement.scorer},
                                 {"n", agreement.n},
                                 {"same", maybe(agreement.share)},
                                 {"kappa", maybe(agreement.kappa)},
                                 {"interval", interval_json(agreement.interval)},
                                 {"weights", agreement.weighted ? "quadratic" : "none"}});
  }
  for (const auto& strength : judging.strengths) {
    out["strengths"].push_back({{"backend", strength.backend}, {"elo", number(strength.elo)}});
  }
  for (const auto& kin : judging.kin) {
    out["related"].push_back({{"judge", kin.judge},
                              {"backend", kin.backend},
                              {"relation", to_string(kin.relation)},
                              {"family", kin.family.empty() ? Json(nullptr) : Json(kin.family)}});
  }
  return out;
}

}  // namespace faceoff::report
