#include "functions.h"

#include <faceoff/stats/mean.h>
#include <faceoff/stats/ratio.h>

namespace faceoff::stats::reference {
namespace {

Json t_json(const TTest& test) {
  return {{"diff", to_json(test.diff)},
          {"se", to_json(test.se)},
          {"t", to_json(test.t)},
          {"df", to_json(test.df)},
          {"p", to_json(test.p)},
          {"lo", to_json(test.interval.lo)},
          {"hi", to_json(test.interval.hi)}};
}

void add_ratios(Functions& functions) {
  functions["ratio_of_sums_ci"] = [](const Json& args) {
    const RatioOfSums result =
        ratio_of_sums_ci(numbers(args, "num"), numbers(args, "den"), number(args, "conf"));
    return Json{{"ratio", to_json(result.ratio)},
                {"se", to_json(result.se)},
                {"lo", to_json(result.interval.lo)},
                {"hi", to_json(result.interval.hi)},
                {"fieller_lo", to_json(result.fieller.lo)},
                {"fieller_hi", to_json(result.fieller.hi)}};
  };
  functions["geo_ratio_ci"] = [](const Json& args) {
    const PairedRatio result =
        geometric_ratio_ci(numbers(args, "a"), numbers(args, "b"), number(args, "conf"));
    return Json{{"ratio", to_json(result.ratio)},
                {"lo", to_json(result.interval.lo)},
                {"hi", to_json(result.interval.hi)},
                {"p", to_json(result.p)}};
  };
}

}  // namespace

void add_means(Functions& functions) {
  add_ratios(functions);
  functions["mean_t_ci"] = [](const Json& args) {
    const MeanInterval result = mean_t_ci(numbers(args, "x"), number(args, "conf"));
    return Json{{"mean", to_json(result.mean)},
                {"sd", to_json(result.sd)},
                {"se", to_json(result.se)},
                {"df", to_json(result.df)},
                {"lo", to_json(result.interval.lo)},
                {"hi", to_json(result.interval.hi)}};
  };
  functions["paired_t"] = [](const Json& args) {
    return t_json(paired_t(numbers(args, "a"), numbers(args, "b"), number(args, "conf")));
  };
  functions["welch_t"] = [](const Json& args) {
    return t_json(welch_t(numbers(args, "a"), numbers(args, "b"), number(args, "conf")));
  };
  functions["bounded_mean_ci"] = [](const Json& args) {
    const BoundedMean result = bounded_mean_ci(numbers(args, "x"),
                                               {.lo = number(args, "lo"), .hi = number(args, "hi")},
                                               number(args, "conf"));
    return Json{{"mean", to_json(result.mean)},
                {"n_eff", to_json(result.n_eff)},
                {"lo", to_json(result.interval.lo)},
                {"hi", to_json(result.interval.hi)}};
  };
  functions["tost_paired"] = [](const Json& args) {
    const Tost result =
        tost_paired(numbers(args, "d"), {.lo = number(args, "low"), .hi = number(args, "high")});
    return Json{{"diff", to_json(result.diff)},
                {"p_lower", to_json(result.p_lower)},
                {"p_upper", to_json(result.p_upper)},
                {"p", to_json(result.p)},
                {"lo90", to_json(result.interval.lo)},
                {"hi90", to_json(result.interval.hi)}};
  };
}

}  // namespace faceoff::stats::reference
