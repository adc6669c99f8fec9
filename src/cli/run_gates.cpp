#include "run_gates.h"

#include "resume.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

Error useless(const store::Baseline& baseline, const std::string& why) {
  return {ErrorKind::usage,
          fmt::format("--baseline: '{}' cannot be compared with this run: {}", baseline.name, why)};
}

Status check_backends(const store::Baseline& baseline, const std::vector<backend::Spec>& specs) {
  const auto& entries = baseline.manifest.backends;
  for (const auto& spec : specs) {
    auto entry = std::ranges::find(entries, spec.name, &store::BackendEntry::name);
    if (entry == entries.end() && entries.size() == 1) {
      entry = entries.begin();
    }
    if (entry == entries.end()) {
      std::vector<std::string> names;
      for (const auto& each : entries) {
        names.push_back(each.name);
      }
      return tl::make_unexpected(
          useless(baseline,
                  fmt::format("it has no backend '{}', only {}; use the same names",
                              spec.name,
                              join(names, ", "))));
    }
    if (!spec.simulate.empty() && !entry->simulated) {
      return tl::make_unexpected(useless(
          baseline,
          fmt::format("'{}' is the stand-in endpoint, the baseline a real model", spec.name)));
    }
  }
  return {};
}

Status check_suite_of(const store::Baseline& baseline, const CheckedSuite& checked) {
  const std::string differ = scorers_differ(baseline.manifest.scorers, checked.scorers);
  if (!differ.empty()) {
    return tl::make_unexpected(useless(baseline, differ));
  }
  std::unordered_set<std::uint64_t> keys;
  for (const store::Record& record : baseline.records) {
    keys.insert(case_key(record.case_id, record.digest));
  }
  const auto shared = std::ranges::count_if(checked.selected_keys,
                                            [&](std::uint64_t key) { return keys.contains(key); });
  if (shared > 0 || checked.selected == 0) {
    return {};
  }
  return tl::make_unexpected(
      useless(baseline,
              fmt::format("no case of {} is in it with the same prompt and parameters; make a new "
                          "one with faceoff baseline set",
                          checked.suite->path().string())));
}

// The copy that the run to go on with has: "latest" meant another run when it was begun, and a name
// may have moved on.
std::optional<store::Baseline> begun_with(const Arguments& arguments,
                                          const std::vector<backend::Spec>& specs,
                                          const std::filesystem::path& results,
                                          const std::vector<CheckedSuite>& suites) {
  if (!arguments.has("resume")) {
    return std::nullopt;
  }
  std::filesystem::path folder = arguments.value("output").value_or("");
  if (folder.empty() && !suites.empty()) {
    folder = find_unfinished(results, suites.front().suite->name(), specs)
                 .value_or(std::filesystem::path());
  }
  if (folder.empty()) {
    return std::nullopt;
  }
  auto copy = store::read_baseline(folder / store::kBaselineCopy);
  return copy ? std::optional(*std::move(copy)) : std::nullopt;
}

}  // namespace

Status prepare_gates(const Arguments& arguments,
                     const std::vector<compare::Gate>& of_config,
                     const std::vector<backend::Spec>& specs,
                     const std::filesystem::path& results,
                     const Context& context,
                     std::vector<CheckedSuite>& suites) {
  FACEOFF_TRY_ASSIGN(const GateRequest request, read_gate_request(arguments));
  std::shared_ptr<const store::Baseline> baseline;
  if (request.baseline) {
    auto found = begun_with(arguments, specs, results, suites);
    if (!found) {
      FACEOFF_TRY_ASSIGN(found, find_baseline(results, *request.baseline, context.clock.utc_now()));
    }
    baseline = std::make_shared<const store::Baseline>(*std::move(found));
    FACEOFF_TRY(check_backends(*baseline, specs));
  }
  compare::GateScope scope;
  for (const auto& spec : specs) {
    scope.backends.push_back(spec.name);
  }
  scope.has_baseline = baseline != nullptr;
  for (CheckedSuite& checked : suites) {
    checked.gating = request;
    checked.baseline = baseline;
    if (request.of_files) {
      add_gates(checked.gating, of_config);
      add_gates(checked.gating, checked.gates);
    }
    if (checked.selected == 0) {
      continue;
    }
    if (baseline) {
      FACEOFF_TRY(check_suite_of(*baseline, checked));
    }
    checked.selected_keys = {};  // 8 bytes a case, for all of a long run
    scope.cases = checked.selected;
    scope.tags = checked.selected_tags;
    FACEOFF_TRY(check_request(checked.gating, scope, context));
  }
  return {};
}

}  // namespace faceoff::cli
