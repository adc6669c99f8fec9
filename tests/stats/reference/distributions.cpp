#include "functions.h"

#include <faceoff/stats/distributions.h>

namespace faceoff::stats::reference {

void add_distributions(Functions& functions) {
  functions["normal_quantile"] = [](const Json& args) {
    return Json{{"x", normal_quantile(number(args, "p"))}};
  };
  functions["normal_cdf"] = [](const Json& args) {
    return Json{{"p", normal_cdf(number(args, "x"))}};
  };
  functions["t_quantile"] = [](const Json& args) {
    return Json{{"x", t_quantile(number(args, "p"), number(args, "df"))}};
  };
  functions["t_cdf"] = [](const Json& args) {
    return Json{{"p", t_cdf(number(args, "x"), number(args, "df"))}};
  };
  functions["beta_quantile"] = [](const Json& args) {
    return Json{{"x", beta_quantile(number(args, "p"), number(args, "a"), number(args, "b"))}};
  };
  functions["chi2_sf"] = [](const Json& args) {
    return Json{{"p", chi2_sf(number(args, "x"), number(args, "df"))}};
  };
}

}  // namespace faceoff::stats::reference
