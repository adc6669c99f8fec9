#pragma once

#include <faceoff/stats/interval.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

// The functions of tests/data/stats-cases/SCHEMA.md in terms of faceoff::stats: the arguments of a
// case in, an object with at least its expected keys out.
namespace faceoff::stats::reference {

using Json = nlohmann::json;
using Function = std::function<Json(const Json& args)>;
using Functions = std::map<std::string, Function>;

void add_distributions(Functions& functions);
void add_binary(Functions& functions);
void add_means(Functions& functions);
void add_ranks(Functions& functions);
void add_clusters(Functions& functions);
void add_models(Functions& functions);
void add_planning(Functions& functions);
void add_resampling(Functions& functions);
void add_judging(Functions& functions);

[[nodiscard]] inline Json to_json(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}
[[nodiscard]] inline Json to_json(const std::optional<std::size_t>& value) {
  return value ? Json(*value) : Json();
}
// {"<name>", "lo", "hi"}
[[nodiscard]] inline Json to_json(const std::string& name, const Estimate& estimate) {
  return {{name, to_json(estimate.value)},
          {"lo", to_json(estimate.interval.lo)},
          {"hi", to_json(estimate.interval.hi)}};
}
[[nodiscard]] inline std::size_t count(const Json& args, const char* name) {
  return args.at(name).get<std::size_t>();
}
[[nodiscard]] inline double number(const Json& args, const char* name) {
  return args.at(name).get<double>();
}
[[nodiscard]] inline std::vector<double> numbers(const Json& args, const char* name) {
  return args.at(name).get<std::vector<double>>();
}
[[nodiscard]] inline std::vector<std::vector<double>> rows(const Json& args, const char* name) {
  return args.at(name).get<std::vector<std::vector<double>>>();
}

}  // namespace faceoff::stats::reference
