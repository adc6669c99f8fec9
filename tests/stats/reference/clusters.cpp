#include "functions.h"

#include <faceoff/stats/cluster.h>
#include <faceoff/stats/repeats.h>

namespace faceoff::stats::reference {
namespace {

std::vector<std::size_t> labels_of(const Json& args) {
  std::map<std::string, std::size_t> known;
  std::vector<std::size_t> labels;
  for (const Json& label : args.at("cluster")) {
    labels.push_back(known.try_emplace(label.dump(), known.size()).first->second);
  }
  return labels;
}

}  // namespace

void add_clusters(Functions& functions) {
  functions["cluster_se"] = [](const Json& args) {
    const ClusterError result = cluster_error(numbers(args, "x"), labels_of(args));
    return Json{{"mean", to_json(result.mean)},
                {"n", result.n},
                {"clusters", result.clusters},
                {"se_iid", to_json(result.se_iid)},
                {"se_cr0", to_json(result.se_cr0)},
                {"se_cr1", to_json(result.se_cr1)},
                {"se_cr2", to_json(result.se_cr2)},
                {"df_cr2", to_json(result.df_cr2)},
                {"deff", to_json(result.deff)}};
  };
  functions["cluster_bounded_ci"] = [](const Json& args) {
    const ClusterInterval result =
        cluster_bounded_ci(numbers(args, "x"), labels_of(args), Range{}, number(args, "conf"));
    return Json{{"est", to_json(result.value)},
                {"n_eff", to_json(result.n_eff)},
                {"df", to_json(result.df)},
                {"lo", to_json(result.interval.lo)},
                {"hi", to_json(result.interval.hi)}};
  };
  functions["variance_components"] = [](const Json& args) {
    const VarianceComponents result = variance_components(rows(args, "scores"));
    return Json{{"mean", to_json(result.mean)},
                {"se", to_json(result.se)},
                {"var_within", to_json(result.var_within)},
                {"var_between", to_json(result.var_between)},
                {"se_rerun", to_json(result.se_rerun)},
                {"icc", to_json(result.icc)}};
  };
  functions["pass_at_k"] = [](const Json& args) {
    return Json{{"p", to_json(pass_at_k(count(args, "n"), count(args, "c"), count(args, "k")))}};
  };
  functions["pass_hat_k"] = [](const Json& args) {
    return Json{{"p", to_json(pass_hat_k(count(args, "n"), count(args, "c"), count(args, "k")))}};
  };
}

}  // namespace faceoff::stats::reference
