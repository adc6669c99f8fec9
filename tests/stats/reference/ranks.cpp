#include "functions.h"

#include <faceoff/stats/permutation.h>
#include <faceoff/stats/quantile.h>
#include <faceoff/stats/ranks.h>

namespace faceoff::stats::reference {
namespace {

RankOptions options_of(const Json& args) {
  RankOptions options;
  const auto method = args.value("method", std::string("auto"));
  if (method == "exact") {
    options.method = RankMethod::exact;
  } else if (method == "normal") {
    options.method = RankMethod::normal;
  }
  options.zeros =
      args.value("zero", std::string("wilcox")) == "pratt" ? ZeroRule::pratt : ZeroRule::wilcox;
  options.continuity_correction = args.value("correction", false);
  return options;
}

Json hodges_lehmann_json(const HodgesLehmann& result) {
  return {{"est", to_json(result.value)},
          {"lo", to_json(result.interval.lo)},
          {"hi", to_json(result.interval.hi)},
          {"conf_actual", to_json(result.conf_actual)}};
}

void add_quantiles(Functions& functions) {
  functions["quantile_type7"] = [](const Json& args) {
    return Json{{"value", to_json(quantile(numbers(args, "x"), number(args, "q")))}};
  };
  functions["quantile_ci_ranks"] = [](const Json& args) {
    const QuantileRanks result =
        quantile_ranks(count(args, "n"), number(args, "q"), number(args, "conf"));
    return Json{{"lo_rank", to_json(result.lo_rank)},
                {"hi_rank", to_json(result.hi_rank)},
                {"coverage", result.coverage}};
  };
  functions["quantile_ci"] = [](const Json& args) {
    const QuantileInterval result =
        quantile_ci(numbers(args, "x"), number(args, "q"), number(args, "conf"));
    return Json{{"est", to_json(result.value)},
                {"lo", to_json(result.interval.lo)},
                {"hi", to_json(result.interval.hi)},
                {"coverage", result.coverage}};
  };
  functions["quantile_min_n"] = [](const Json& args) {
    const QuantileMinimum result = quantile_min_n(number(args, "q"), number(args, "conf"));
    return Json{
        {"n_lower", result.lower}, {"n_upper", result.upper}, {"n_two_sided", result.two_sided}};
  };
}

}  // namespace

void add_ranks(Functions& functions) {
  add_quantiles(functions);
  functions["signflip_test"] = [](const Json& args) {
    return Json{{"p", to_json(sign_flip_test(numbers(args, "d")).p)}};
  };
  functions["wilcoxon_signed_rank"] = [](const Json& args) {
    const SignedRank result = wilcoxon_signed_rank(numbers(args, "d"), options_of(args));
    return Json{{"w_plus", result.w_plus},
                {"n_used", result.n_used},
                {"p", result.p},
                {"z", to_json(result.z)}};
  };
  functions["mann_whitney"] = [](const Json& args) {
    const MannWhitney result =
        mann_whitney(numbers(args, "x"), numbers(args, "y"), options_of(args));
    return Json{{"u", result.u}, {"z", to_json(result.z)}, {"p", to_json(result.p)}};
  };
  functions["hodges_lehmann_paired"] = [](const Json& args) {
    return hodges_lehmann_json(hodges_lehmann_paired(numbers(args, "d"), number(args, "conf")));
  };
  functions["hodges_lehmann_shift"] = [](const Json& args) {
    return hodges_lehmann_json(
        hodges_lehmann_shift(numbers(args, "a"), numbers(args, "b"), number(args, "conf")));
  };
}

}  // namespace faceoff::stats::reference
