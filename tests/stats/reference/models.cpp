#include "functions.h"

#include <faceoff/stats/adjust.h>
#include <faceoff/stats/agreement.h>
#include <faceoff/stats/ranking.h>

namespace faceoff::stats::reference {
namespace {

Adjustment adjustment_of(const std::string& name) {
  static const std::map<std::string, Adjustment> kNames = {{"none", Adjustment::none},
                                                           {"bonferroni", Adjustment::bonferroni},
                                                           {"holm", Adjustment::holm},
                                                           {"hochberg", Adjustment::hochberg},
                                                           {"bh", Adjustment::benjamini_hochberg},
                                                           {"by", Adjustment::benjamini_yekutieli}};
  return kNames.at(name);
}

KappaWeights weights_of(const std::string& name) {
  static const std::map<std::string, KappaWeights> kNames = {
      {"none", KappaWeights::none},
      {"linear", KappaWeights::linear},
      {"quadratic", KappaWeights::quadratic}};
  return kNames.at(name);
}

MeasurementLevel level_of(const std::string& name) {
  static const std::map<std::string, MeasurementLevel> kNames = {
      {"nominal", MeasurementLevel::nominal},
      {"ordinal", MeasurementLevel::ordinal},
      {"interval", MeasurementLevel::interval},
      {"ratio", MeasurementLevel::ratio}};
  return kNames.at(name);
}

std::vector<std::vector<std::optional<double>>> units_of(const Json& args) {
  std::vector<std::vector<std::optional<double>>> units;
  for (const Json& unit : args.at("units")) {
    units.emplace_back();
    for (const Json& rating : unit) {
      units.back().push_back(rating.is_null() ? std::nullopt : std::optional(rating.get<double>()));
    }
  }
  return units;
}

Json omnibus_json(const char* name, const std::optional<OmnibusTest>& test) {
  if (!test) {
    return {{name, nullptr}, {"df", nullptr}, {"p", nullptr}};
  }
  return {{name, test->statistic}, {"df", test->df}, {"p", test->p}};
}

void add_agreement(Functions& functions) {
  functions["cohen_kappa"] = [](const Json& args) {
    const Kappa result =
        cohen_kappa(rows(args, "matrix"), weights_of(args.value("weights", std::string("none"))));
    return Json{{"kappa", to_json(result.kappa)},
                {"se", to_json(result.se)},
                {"lo", to_json(result.interval.lo)},
                {"hi", to_json(result.interval.hi)}};
  };
  functions["fleiss_kappa"] = [](const Json& args) {
    return Json{{"kappa", to_json(fleiss_kappa(rows(args, "counts")))}};
  };
  functions["krippendorff_alpha"] = [](const Json& args) {
    return Json{{"alpha",
                 to_json(krippendorff_alpha(units_of(args),
                                            level_of(args.at("level").get<std::string>())))}};
  };
}

}  // namespace

void add_models(Functions& functions) {
  add_agreement(functions);
  functions["p_adjust"] = [](const Json& args) {
    return Json{
        {"p_adj",
         adjust_p(numbers(args, "p"), adjustment_of(args.at("method").get<std::string>()))}};
  };
  functions["bradley_terry"] = [](const Json& args) {
    std::vector<std::vector<double>> ties;
    if (args.contains("ties") && !args.at("ties").is_null()) {
      ties = rows(args, "ties");
    }
    const auto result = bradley_terry(rows(args, "wins"), ties);
    if (!result) {
      return Json{{"theta", nullptr}, {"elo", nullptr}, {"se_vs_first", nullptr}};
    }
    return Json{
        {"theta", result->theta}, {"elo", result->elo}, {"se_vs_first", result->se_vs_first}};
  };
  functions["cochran_q"] = [](const Json& args) {
    return omnibus_json("q", cochran_q(rows(args, "x")));
  };
  functions["friedman"] = [](const Json& args) {
    return omnibus_json("chi2", friedman(rows(args, "x")));
  };
}

}  // namespace faceoff::stats::reference
