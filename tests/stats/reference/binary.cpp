#include "functions.h"

#include <faceoff/stats/paired_binary.h>
#include <faceoff/stats/power.h>
#include <faceoff/stats/proportion.h>

namespace faceoff::stats::reference {
namespace {

Alternative alternative_of(const Json& args) {
  const auto name = args.value("alternative", std::string("two-sided"));
  if (name == "less") {
    return Alternative::less;
  }
  return name == "greater" ? Alternative::greater : Alternative::two_sided;
}

void add_proportions(Functions& functions) {
  functions["wilson_ci"] = [](const Json& args) {
    return to_json("est", wilson_ci(count(args, "x"), count(args, "n"), number(args, "conf")));
  };
  functions["clopper_pearson_ci"] = [](const Json& args) {
    return to_json("est",
                   clopper_pearson_ci(count(args, "x"), count(args, "n"), number(args, "conf")));
  };
  functions["jeffreys_ci"] = [](const Json& args) {
    return to_json("est", jeffreys_ci(count(args, "x"), count(args, "n"), number(args, "conf")));
  };
  functions["beta_credible_ci"] = [](const Json& args) {
    const BetaPrior prior{.a = number(args, "a"), .b = number(args, "b")};
    return to_json(
        "mean", beta_credible_ci(count(args, "x"), count(args, "n"), prior, number(args, "conf")));
  };
  functions["binom_test"] = [](const Json& args) {
    return Json{
        {"p",
         binomial_test(
             count(args, "x"), count(args, "n"), number(args, "p0"), alternative_of(args))}};
  };
  functions["newcombe_indep_ci"] = [](const Json& args) {
    return to_json("diff",
                   newcombe_independent_ci({.x = count(args, "xA"), .n = count(args, "nA")},
                                           {.x = count(args, "xB"), .n = count(args, "nB")},
                                           number(args, "conf")));
  };
}

}  // namespace

void add_binary(Functions& functions) {
  add_proportions(functions);
  functions["mcnemar"] = [](const Json& args) {
    const McNemar test = mcnemar(count(args, "n10"), count(args, "n01"));
    return Json{{"p_exact", test.p_exact},
                {"p_mid", test.p_mid},
                {"z", test.z},
                {"p_asymptotic", test.p_asymptotic},
                {"p_asymptotic_cc", test.p_asymptotic_cc}};
  };
  functions["tango_ci"] = [](const Json& args) {
    return to_json(
        "diff",
        tango_ci(count(args, "n10"), count(args, "n01"), count(args, "n"), number(args, "conf")));
  };
  functions["tango_test"] = [](const Json& args) {
    const ScoreTest test = tango_test(
        count(args, "n10"), count(args, "n01"), count(args, "n"), number(args, "delta0"));
    return Json{{"z", to_json(test.z)},
                {"p_greater", to_json(test.p_greater)},
                {"p_two_sided", to_json(test.p_two_sided)}};
  };
  functions["newcombe_paired_ci"] = [](const Json& args) {
    const PairedCounts counts{.n11 = count(args, "n11"),
                              .n10 = count(args, "n10"),
                              .n01 = count(args, "n01"),
                              .n00 = count(args, "n00")};
    return to_json("diff", newcombe_paired_ci(counts, number(args, "conf")));
  };
  functions["bonett_price_ci"] = [](const Json& args) {
    return to_json(
        "diff",
        bonett_price_ci(
            count(args, "n10"), count(args, "n01"), count(args, "n"), number(args, "conf")));
  };
  functions["prob_b_better"] = [](const Json& args) {
    return Json{
        {"p", prob_b_better(count(args, "n10"), count(args, "n01"), args.value("prior", 0.5))}};
  };
}

}  // namespace faceoff::stats::reference
