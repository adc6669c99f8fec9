#include "functions.h"

#include <faceoff/stats/judge.h>

namespace faceoff::stats::reference {
namespace {

std::vector<Preference> verdicts(const Json& args, const char* name) {
  std::vector<Preference> result;
  for (const Json& verdict : args.at(name)) {
    if (verdict == "A") {
      result.push_back(Preference::a);
    } else {
      result.push_back(verdict == "B" ? Preference::b : Preference::tie);
    }
  }
  return result;
}

Json judge_swap_json(const JudgeSwap& result) {
  return {{"wins", result.wins},
          {"losses", result.losses},
          {"ties", result.ties},
          {"winrate", to_json(result.winrate)},
          {"winrate_avg", to_json(result.winrate_avg)},
          {"consistency", to_json(result.consistency)},
          {"flips", result.flips},
          {"first_position_flips", result.first_position_flips}};
}

}  // namespace

void add_judging(Functions& functions) {
  functions["judge_swap"] = [](const Json& args) {
    return judge_swap_json(judge_swap(verdicts(args, "order_ab"), verdicts(args, "order_ba")));
  };
  functions["lc_winrate"] = [](const Json& args) {
    const LengthControlled result = lc_winrate(numbers(args, "pref"), numbers(args, "dlen"));
    return Json{{"winrate", to_json(result.winrate)},
                {"lc_winrate", to_json(result.lc_winrate)},
                {"intercept", to_json(result.intercept)},
                {"slope", to_json(result.slope)}};
  };
  functions["ppi_mean"] = [](const Json& args) {
    const PredictionPowered result = ppi_mean(numbers(args, "judge_unlabelled"),
                                              numbers(args, "judge_labelled"),
                                              numbers(args, "human_labelled"),
                                              number(args, "conf"));
    return Json{{"est", to_json(result.value)},
                {"se", to_json(result.se)},
                {"lo", to_json(result.interval.lo)},
                {"hi", to_json(result.interval.hi)}};
  };
  functions["brier"] = [](const Json& args) {
    return Json{{"brier", to_json(brier(numbers(args, "p"), numbers(args, "y")))}};
  };
  functions["ece"] = [](const Json& args) {
    const auto result =
        calibration_error(numbers(args, "p"), numbers(args, "y"), count(args, "bins"));
    return result ? Json{{"ece", result->ece}, {"mce", result->mce}}
                  : Json{{"ece", nullptr}, {"mce", nullptr}};
  };
}

}  // namespace faceoff::stats::reference
