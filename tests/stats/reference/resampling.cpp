#include "functions.h"

#include <faceoff/stats/bootstrap.h>

namespace faceoff::stats::reference {
namespace {

BootstrapOptions options_of(const Json& args) {
  BootstrapOptions options;
  options.conf = number(args, "conf");
  options.method = args.value("method", std::string("percentile")) == "bca"
                       ? BootstrapMethod::bca
                       : BootstrapMethod::percentile;
  options.resamples = args.value("resamples", options.resamples);
  options.seed = args.value("seed", options.seed);
  return options;
}

Json interval_json(const Interval& interval) {
  return {{"lo", to_json(interval.lo)}, {"hi", to_json(interval.hi)}};
}

}  // namespace

void add_resampling(Functions& functions) {
  functions["jackknife_acceleration"] = [](const Json& args) {
    return Json{{"a", to_json(jackknife_acceleration(numbers(args, "x")))}};
  };
  functions["bootstrap_mean_ci"] = [](const Json& args) {
    return interval_json(bootstrap_mean_ci(numbers(args, "x"), options_of(args)));
  };
  functions["bootstrap_quantile_ci"] = [](const Json& args) {
    return interval_json(
        bootstrap_quantile_ci(numbers(args, "x"), number(args, "q"), options_of(args)));
  };
}

}  // namespace faceoff::stats::reference
