#include "functions.h"

#include <faceoff/stats/power.h>
#include <faceoff/stats/sequential.h>

namespace faceoff::stats::reference {
namespace {

Plan plan_of(const Json& args) {
  return {.alpha = args.value("alpha", 0.05), .power = args.value("power", 0.8)};
}

Json size_json(const std::optional<SampleSize>& size) {
  if (!size) {
    return {{"n_raw", nullptr}, {"n", nullptr}};
  }
  return {{"n_raw", size->raw}, {"n", size->n}};
}

McNemarTest test_of(const std::string& name) {
  static const std::map<std::string, McNemarTest> kNames = {
      {"exact", McNemarTest::exact},
      {"midp", McNemarTest::mid_p},
      {"asymptotic", McNemarTest::asymptotic}};
  return kNames.at(name);
}

}  // namespace

void add_planning(Functions& functions) {
  functions["required_n_paired_binary"] = [](const Json& args) {
    return size_json(
        required_n_paired_binary(number(args, "p10"), number(args, "p01"), plan_of(args)));
  };
  functions["mde_paired_binary"] = [](const Json& args) {
    return Json{
        {"mde", to_json(mde_paired_binary(count(args, "n"), number(args, "psi"), plan_of(args)))}};
  };
  functions["required_n_paired_mean"] = [](const Json& args) {
    return size_json(
        required_n_paired_mean(number(args, "sd"), number(args, "delta"), plan_of(args)));
  };
  functions["mde_paired_mean"] = [](const Json& args) {
    return Json{
        {"mde", to_json(mde_paired_mean(count(args, "n"), number(args, "sd"), plan_of(args)))}};
  };
  functions["required_n_epochs"] = [](const Json& args) {
    const EpochVariance variance{.omega2 = number(args, "omega2"),
                                 .sigma2_a = number(args, "sigma2_a"),
                                 .sigma2_b = number(args, "sigma2_b"),
                                 .k_a = number(args, "k_a"),
                                 .k_b = number(args, "k_b")};
    return size_json(required_n_epochs(variance, number(args, "delta"), plan_of(args)));
  };
  functions["power_mcnemar"] = [](const Json& args) {
    return Json{{"power",
                 power_mcnemar(count(args, "n"),
                               number(args, "p10"),
                               number(args, "p01"),
                               number(args, "alpha"),
                               test_of(args.value("test", std::string("midp"))))}};
  };
  functions["evalue_sign"] = [](const Json& args) {
    const SignEvidence result = evalue_sign(count(args, "wins"), count(args, "losses"));
    return Json{{"log_e", result.log_e}, {"p_anytime", result.p_anytime}};
  };
  functions["msprt_ci"] = [](const Json& args) {
    const RunningMean sample{
        .n = count(args, "n"), .mean = number(args, "mean"), .sd = number(args, "sd")};
    const Interval result = msprt_ci(sample, number(args, "tau"), number(args, "conf"));
    return Json{{"lo", to_json(result.lo)}, {"hi", to_json(result.hi)}};
  };
}

}  // namespace faceoff::stats::reference
