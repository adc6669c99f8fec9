#include "session.h"

#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>
#include <faceoff/doc/fitted.h>
#include <faceoff/score/scorer.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::int64_t kCharactersPerToken = 4;

// a + b * c, or the greatest number there is: a suite may ask for any max_tokens.
std::int64_t add_product(std::int64_t a, std::int64_t b, std::int64_t c) {
  std::int64_t product = 0;
  std::int64_t sum = 0;
  const bool beyond =
      __builtin_mul_overflow(b, c, &product) || __builtin_add_overflow(a, product, &sum);
  return beyond ? std::numeric_limits<std::int64_t>::max() : sum;
}

void add_to(Volume& volume, const suite::Case& item, std::uint64_t trials) {
  std::int64_t characters = 0;
  for (const auto& message : item.messages) {
    characters += static_cast<std::int64_t>(count_code_points(message.text));
  }
  const auto count = static_cast<std::int64_t>(trials);
  volume.trials += trials;
  const std::int64_t tokens = (characters + kCharactersPerToken - 1) / kCharactersPerToken;
  volume.prompt_tokens = add_product(volume.prompt_tokens, count, tokens);
  if (item.params.max_tokens) {
    volume.limited += trials;
    volume.max_tokens = add_product(volume.max_tokens, count, *item.params.max_tokens);
  }
}

// `threshold: 0.8` is the gate that every backend scores at least so much.
void read_threshold(const doc::Context& context,
                    const doc::Node& node,
                    std::vector<compare::Gate>& gates) {
  const auto value = doc::as_number(context, node, "threshold");
  if (!value) {
    return;
  }
  auto gate = compare::parse_gate(fmt::format("score >= {}", node.text));
  if (*value <= 0.0 || *value > 1.0 || !gate) {
    context.error(
        node.span,
        "out-of-range",
        fmt::format("'threshold' must be more than 0 and at most 1, found '{}'", node.text));
    return;
  }
  gates.push_back(*std::move(gate));
}

}  // namespace

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
  if (const suite::RawPart part = checked.suite->threshold(); part.node != nullptr) {
    read_threshold({.source = part.source, .area = "suite", .diagnostics = &diagnostics},
                   *part.node,
                   checked.gates);
  }
  std::map<std::string, std::uint64_t> tags;
  const auto selects = make_filter(options.filters);
  std::set<std::string> scorers;
  const auto inspect = [&](const suite::Case& item) {
    const auto scorers_of_case = compiler.compile(item, diagnostics);
    if (scorers_of_case) {
      for (const auto& scorer : *scorers_of_case) {
        scorer->add_needs(checked.needs);
      }
    }
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
    add_to(checked.volume, item, trials);
    if (scorers_of_case) {
      add_demand(checked.judges, item, *scorers_of_case, trials);
    }
    if (!item.local_only) {
      add_to(checked.remote_volume, item, trials);
    }
  };
  FACEOFF_TRY_ASSIGN(checked.census, suite::check(*checked.suite, diagnostics, inspect));
  checked.selected_tags.assign(tags.begin(), tags.end());
  checked.scorers.assign(scorers.begin(), scorers.end());
  return checked;
}

void print_diagnostics(const doc::Diagnostics& diagnostics, const Context& context) {
  // A line that is quoted may hold a key that does not belong there.
  print_err(redactor().redact(
      doc::render_fitted(diagnostics,
                         {.colour = context.err.colour, .unicode = context.err.unicode},
                         context.err.tty ? context.err.width : 0)));
}

}  // namespace faceoff::cli
