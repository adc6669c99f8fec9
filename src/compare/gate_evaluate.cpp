#include "gate_draft.h"
#include "gate_math.h"

#include <faceoff/compare/gate_check.h>
#include <faceoff/stats/adjust.h>

#include <algorithm>
#include <utility>

namespace faceoff::compare {
namespace {

// The backends that a gate is about: the one it names, else every candidate. Where nothing is
// compared, every backend is one.
std::vector<const GateSubject*> subjects_of(const Gate& gate,
                                            std::span<const GateSubject> subjects) {
  std::vector<const GateSubject*> chosen;
  const bool any_pair = std::ranges::any_of(subjects, [](const GateSubject& s) {
    return s.pair != nullptr || !s.not_comparable.empty();
  });
  for (const GateSubject& subject : subjects) {
    const bool candidate = !any_pair || subject.pair != nullptr || !subject.not_comparable.empty();
    if (gate.backend.empty() ? candidate : subject.name == gate.backend) {
      chosen.push_back(&subject);
    }
  }
  return chosen;
}

// A gate on every tag becomes one on each.
std::vector<Gate> spread(const Gate& gate, const GateSubject& subject) {
  if (gate.tag != "*") {
    return {gate};
  }
  std::vector<Gate> gates;
  for (const Slice& slice : subject.summary->tags) {
    gates.push_back(gate);
    gates.back().tag = slice.tag;
  }
  return gates;
}

struct Task {
  Gate gate;
  const GateSubject* subject;
  bool of_every_tag;
};

std::uint64_t cases_of(const Task& task) {
  const auto& tags = task.subject->summary->tags;
  const auto at = std::ranges::find(tags, task.gate.tag, &Slice::tag);
  return at == tags.end() ? 0 : at->cases;
}

std::vector<Task> tasks_of(std::span<const Gate> gates,
                           std::span<const GateSubject> subjects,
                           const GateOptions& options) {
  std::vector<Task> tasks;
  for (const Gate& gate : gates) {
    for (const GateSubject* subject : subjects_of(gate, subjects)) {
      for (Gate& each : spread(gate, *subject)) {
        tasks.push_back({std::move(each), subject, gate.tag == "*"});
      }
    }
  }
  // Tags that are too small to gate were named at the start; they must not weaken the others.
  const std::size_t tests = tasks.size();
  std::erase_if(tasks, [&](const Task& task) {
    return task.of_every_tag && cases_of(task) < least_cases(task.gate, tests, options);
  });
  return tasks;
}

void adjust(std::vector<GateDraft>& drafts) {
  std::vector<GateResult*> family;
  std::vector<double> p;
  for (GateDraft& draft : drafts) {
    if (draft.result.p) {
      family.push_back(&draft.result);
      p.push_back(*draft.result.p);
    }
  }
  if (family.size() < 2) {
    return;
  }
  const std::vector<double> adjusted = stats::adjust_p(p, stats::Adjustment::holm);
  for (std::size_t i = 0; i < family.size(); ++i) {
    family[i]->p_adjusted = adjusted[i];
    family[i]->family_size = family.size();
  }
}

GateState state_of(const GateDraft& draft, std::uint64_t least, const GateOptions& options) {
  const GateResult& result = draft.result;
  if (!result.comparable) {
    return GateState::inconclusive;
  }
  if (draft.passes) {
    return GateState::pass;
  }
  if (!is_tested(result.gate.kind)) {
    return GateState::fail;
  }
  const auto& p = result.p_adjusted ? result.p_adjusted : result.p;
  if (p && *p <= options.alpha && draft.may_fail) {
    return GateState::fail;
  }
  // An alarm is silent unless something is shown, but one that could not ring proves nothing.
  const bool silent = result.gate.kind == GateKind::alarm && result.n >= least && p;
  return silent ? GateState::pass : GateState::inconclusive;
}

std::vector<Warning> warnings_of(const GateResult& result) {
  std::vector<Warning> warnings;
  if (result.gate.kind == GateKind::quantile && result.comparable && !(result.lo && result.hi)) {
    warnings.push_back(Warning::quantile_unbounded);
  }
  if (result.needs_cases && *result.needs_cases > result.n) {
    warnings.push_back(Warning::underpowered_gate);
  }
  return warnings;
}

}  // namespace

std::string_view to_string(GateState state) noexcept {
  switch (state) {
    case GateState::pass:
      return "pass";
    case GateState::fail:
      return "fail";
    case GateState::inconclusive:
      break;
  }
  return "inconclusive";
}

std::vector<GateResult> evaluate_gates(std::span<const Gate> gates,
                                       std::span<const GateSubject> subjects,
                                       const GateOptions& options) {
  const std::vector<Task> tasks = tasks_of(gates, subjects, options);
  const auto tests = static_cast<std::size_t>(
      std::ranges::count_if(tasks, [](const Task& task) { return is_tested(task.gate.kind); }));
  std::vector<GateDraft> drafts;
  std::vector<std::uint64_t> least;
  for (const Task& task : tasks) {
    least.push_back(least_cases(task.gate, tests, options));
    drafts.push_back(measure(task.gate, *task.subject, least.back(), options));
  }
  adjust(drafts);
  std::vector<GateResult> results;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    GateDraft& draft = drafts[i];
    draft.result.state = state_of(draft, least[i], options);
    if (draft.result.state != GateState::inconclusive || !draft.result.comparable) {
      draft.result.needs_cases.reset();
    }
    draft.result.message = message_of(draft);
    draft.result.warnings = warnings_of(draft.result);
    results.push_back(std::move(draft.result));
  }
  return results;
}

}  // namespace faceoff::compare
