#include "extraction.h"

#include <faceoff/base/text.h>
#include <faceoff/score/scorer.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

void report_unknown(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  std::vector<std::string_view> names;
  for (const Info& info : all()) {
    names.push_back(info.name);
  }
  const auto near = closest(spec.name, names);
  diagnostics.add(
      doc::Diagnostic{.code = "suite::unknown-scorer",
                      .message = fmt::format("unknown scorer '{}'", display_text(spec.name)),
                      .source = spec.source,
                      .span = spec.span,
                      .label = near ? fmt::format("did you mean '{}'?", *near) : std::string(),
                      .notes = {},
                      .help = fmt::format("scorers: {}", fmt::join(names, ", "))});
}

std::shared_ptr<const Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  const Info* info = find(spec.name);
  if (info == nullptr) {
    report_unknown(spec, diagnostics);
    return nullptr;
  }
  return create_with_extraction(spec, info->create, diagnostics);
}

// Whether `scorer` can judge `item`; says why not.
bool fits(const Scorer& scorer,
          const suite::ScorerSpec& spec,
          const suite::Case& item,
          doc::Diagnostics& diagnostics) {
  const bool lacks_target = item.targets.empty() && find(spec.name)->needs_target;
  const auto objection = lacks_target ? std::nullopt : scorer.objection(item);
  if (!lacks_target && !objection) {
    return true;
  }
  diagnostics.add(doc::Diagnostic{
      .code = lacks_target ? "suite::missing-target" : "suite::wrong-target",
      .message = lacks_target ? fmt::format("case '{}' has no target, and scorer '{}' needs one",
                                            display_text(item.id),
                                            spec.name)
                              : fmt::format("case '{}': {}", display_text(item.id), *objection),
      .source = item.source,
      .span = item.span,
      .label = {},
      .notes = {},
      .help = lacks_target ? "add 'target: ...' to the case" : ""});
  return false;
}

}  // namespace

const std::shared_ptr<const Scorer>& Compiler::compiled(const suite::ScorerSpecPtr& spec,
                                                        doc::Diagnostics& diagnostics) {
  if (compiled_.size() >= sweep_at_) {
    std::erase_if(compiled_, [](const auto& entry) { return entry.second.spec.expired(); });
    sweep_at_ = std::max<std::size_t>(64, 2 * compiled_.size());
  }
  const auto [it, added] = compiled_.try_emplace(spec.get());
  // The address may be that of an earlier spec which is gone.
  if (added || it->second.spec.lock() != spec) {
    it->second.spec = spec;
    it->second.scorer = create(*spec, diagnostics);
  }
  return it->second.scorer;
}

std::optional<std::vector<std::shared_ptr<const Scorer>>> Compiler::compile(
    const suite::Case& item, doc::Diagnostics& diagnostics) {
  std::vector<std::shared_ptr<const Scorer>> scorers;
  bool sound = true;
  for (const auto& spec : item.scorers) {
    const auto& scorer = compiled(spec, diagnostics);
    sound = scorer != nullptr && fits(*scorer, *spec, item, diagnostics) && sound;
    scorers.push_back(scorer);
  }
  return sound ? std::optional(std::move(scorers)) : std::nullopt;
}

}  // namespace faceoff::score
