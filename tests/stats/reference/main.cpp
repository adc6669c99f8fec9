// Compares faceoff::stats with reference values. Reads the case files named in the environment
// variable FACEOFF_STATS_CASES (colon separated), by default the project's own; their form and the
// pass rule are in tests/data/stats-cases/SCHEMA.md. Exit code 0 when every case holds.
#include "functions.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

namespace faceoff::stats::reference {
namespace {

struct Tally {
  std::size_t passed = 0;
  std::size_t failed = 0;
};

bool same_number(const Json& rule, double got, double expected) {
  const double distance = std::abs(got - expected);
  const double tolerance = rule.at("tol").get<double>();
  const bool absolute = rule.value("tol_mode", std::string()) == "abs";
  const double allowed = tolerance * (absolute ? 1.0 : std::max(1.0, std::abs(expected)));
  if (!(distance <= allowed)) {
    return false;
  }
  return !rule.contains("rtol") || distance <= rule.at("rtol").get<double>() * std::abs(expected);
}

bool same(const Json& rule, const Json& got, const Json& expected) {
  if (expected.is_array()) {
    return got.is_array() &&
           std::equal(got.begin(),
                      got.end(),
                      expected.begin(),
                      expected.end(),
                      [&](const Json& one, const Json& other) { return same(rule, one, other); });
  }
  if (expected.is_number() && got.is_number()) {
    return same_number(rule, got.get<double>(), expected.get<double>());
  }
  return got == expected;
}

// An object of the expected values that were missed; empty when the case holds.
Json misses(const Functions& functions, const Json& rule) {
  const auto function = functions.find(rule.at("fn").get<std::string>());
  if (function == functions.end()) {
    return "no function of this name";
  }
  const Json got = function->second(rule.at("args"));
  Json missed = Json::object();
  for (const auto& [key, expected] : rule.at("expected").items()) {
    const Json value = got.value(key, Json("missing"));
    if (!same(rule, value, expected)) {
      missed[key] = {{"got", value}, {"expected", expected}};
    }
  }
  return missed;
}

void run_case(const Functions& functions, const Json& rule, Tally& tally) {
  Json missed;
  try {
    missed = misses(functions, rule);
  } catch (const std::exception& error) {
    missed = error.what();
  }
  if (missed.is_object() && missed.empty()) {
    ++tally.passed;
    return;
  }
  ++tally.failed;
  std::cout << "FAIL " << rule.value("id", std::string("?")) << ' ' << missed.dump() << '\n';
}

void run_file(const Functions& functions, const std::string& path, Tally& tally) {
  std::ifstream file(path);
  const Json cases = Json::parse(file, nullptr, false);
  if (!cases.is_array() || cases.empty()) {
    std::cout << "FAIL " << path << ": not a list of cases\n";
    ++tally.failed;
    return;
  }
  for (const Json& rule : cases) {
    run_case(functions, rule, tally);
  }
}

int run() {
  Functions functions;
  for (const auto add : {add_distributions,
                         add_binary,
                         add_means,
                         add_ranks,
                         add_clusters,
                         add_models,
                         add_planning,
                         add_resampling,
                         add_judging}) {
    add(functions);
  }
  const char* const named = std::getenv("FACEOFF_STATS_CASES");
  std::istringstream paths(
      named != nullptr && *named != '\0' ? named : FACEOFF_TEST_DATA "/stats-cases/public.json");
  Tally tally;
  for (std::string path; std::getline(paths, path, ':');) {
    if (!path.empty()) {
      run_file(functions, path, tally);
    }
  }
  std::cout << "pass " << tally.passed << " fail " << tally.failed << " of " << functions.size()
            << " functions\n";
  return tally.failed == 0 && tally.passed > 0 ? 0 : 1;
}

}  // namespace
}  // namespace faceoff::stats::reference

int main() {
  return faceoff::stats::reference::run();
}
