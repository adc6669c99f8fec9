#include "session.h"

#include <faceoff/score/scorer.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {

Result<CheckedSuite> check_suite(const std::filesystem::path& path,
                                 const RunOptions& options,
                                 doc::Diagnostics& diagnostics) {
  CheckedSuite checked;
  score::Compiler compiler;
  const suite::Inspector inspector{
      .item =
          [&](const suite::Case& item) { static_cast<void>(compiler.compile(item, diagnostics)); },
      .scorer = [&](const suite::ScorerSpecPtr& spec) { compiler.check(spec, diagnostics); }};
  FACEOFF_TRY_ASSIGN(checked.suite, suite::load(path, diagnostics, inspector));
  if (checked.suite == nullptr) {
    return checked;
  }
  if (const suite::RawPart part = checked.suite->gates(); part.node != nullptr) {
    checked.gates = compare::decode_gates(
        {.source = part.source, .area = "suite", .diagnostics = &diagnostics}, *part.node);
  }
  std::map<std::string, std::uint64_t> tags;
  const auto selects = make_filter(options.filters);
  std::set<std::string> scorers;
  const auto inspect = [&](const suite::Case& item) {
    static_cast<void>(compiler.compile(item, diagnostics));
    for (const auto& spec : item.scorers) {
      if (const score::Info* info = score::find(spec->name)) {
        scorers.insert(fmt::format("{}/{}", info->name, info->version));
      }
    }
    if ((selects && !selects(item)) || (options.limit != 0 && checked.selected >= options.limit)) {
      return;
    }
    const auto trials =
        static_cast<std::uint64_t>(options.repeat > 0 ? options.repeat : item.repeat);
    ++checked.selected;
    checked.selected_keys.push_back(case_key(item.id, item.digest));
    for (const std::string& tag : item.tags) {
      ++tags[tag];
    }
    checked.selected_trials += trials;
    checked.selected_local += item.local_only ? trials : 0;
  };
  FACEOFF_TRY_ASSIGN(checked.census, suite::check(*checked.suite, diagnostics, inspect));
  checked.selected_tags.assign(tags.begin(), tags.end());
  checked.scorers.assign(scorers.begin(), scorers.end());
  return checked;
}

void print_diagnostics(const doc::Diagnostics& diagnostics, const Context& context) {
  print_err(
      doc::render(diagnostics, {.colour = context.err.colour, .unicode = context.err.unicode}));
}

}  // namespace faceoff::cli
