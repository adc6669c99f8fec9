#include "dry_run.h"

#include <faceoff/backend/price_table.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/net/proxy.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

std::optional<std::int64_t> most_tokens(const Volume& volume, const chat::Params& under) {
  if (volume.limited == volume.trials) {
    return volume.max_tokens;
  }
  std::int64_t rest = 0;
  std::int64_t sum = 0;
  if (!under.max_tokens ||
      __builtin_mul_overflow(
          static_cast<std::int64_t>(volume.trials - volume.limited), *under.max_tokens, &rest) ||
      __builtin_add_overflow(volume.max_tokens, rest, &sum)) {
    return std::nullopt;
  }
  return sum;
}

std::string where(const Member& member, const Context& context) {
  if (member.backend == nullptr) {
    return member.spec.simulate.empty() ? "a llama-server that faceoff starts (this machine)"
                                        : "the stand-in endpoint (this machine, simulated)";
  }
  const std::string& url = member.backend->base_url();
  const auto proxy = net::proxy_for(url, context.environment);
  return fmt::format("{} ({}{})",
                     display_text(url),
                     member.backend->is_local() ? "this machine" : "leaves this machine",
                     proxy ? " through the proxy " + display_text(*proxy) : std::string());
}

std::string what(const Member& member) {
  const std::string model = member.spec.model.empty() ? member.spec.simulate : member.spec.model;
  return fmt::format("{} {}", member.spec.adapter, display_text(model));
}

struct Total {
  std::uint64_t requests = 0;
  Money low;
  std::optional<Money> high = Money{};
  bool priced = false;
};

void add(Total& total, const CostRange& range) {
  total.priced = true;
  total.low += range.low;
  if (total.high && range.high) {
    *total.high += *range.high;
  } else {
    total.high.reset();
  }
}

std::string describe_member(const Member& member,
                            const CheckedSuite& suite,
                            const RunOptions& options,
                            const Context& context,
                            Total& total) {
  const bool local = member.backend == nullptr || member.backend->is_local();
  const Volume& volume = volume_for(suite, local);
  const auto most = most_tokens(volume, member.spec.params);
  std::string out = fmt::format("  {}  {}\n    to {}: {} requests\n",
                                display_text(member.spec.name),
                                what(member),
                                where(member, context),
                                volume.trials);
  if (suite.volume.trials > volume.trials) {
    out += fmt::format("    {} local-only prompts are not sent there\n",
                       suite.volume.trials - volume.trials);
  }
  out += fmt::format("    about {} tokens in (4 characters a token), {}\n",
                     volume.prompt_tokens,
                     most ? fmt::format("at most {} out (max_tokens)", *most)
                          : std::string("any number out: not every case sets max_tokens"));
  total.requests += volume.trials;
  const auto price = Fleet::price_of(member, options.prices);
  const auto range = price ? cost_range(*price, volume, member.spec.params) : std::nullopt;
  if (!range) {
    return out + (price ? "    cost: more than can be told\n" : "    cost: no price set\n");
  }
  add(total, *range);
  return out + fmt::format("    cost: {}{}\n",
                           describe(*range),
                           price->as_of.empty() ? std::string()
                                                : "; prices of " + display_text(price->as_of));
}

std::string limits_text(const RunOptions& options, const Total& total) {
  if (!options.limits.cost) {
    return {};
  }
  const bool sure = total.high && *total.high <= *options.limits.cost;
  return fmt::format(
      "--max-cost {}: {}\n",
      format_money(*options.limits.cost),
      sure ? "is not reached unless answers are asked for again" : "may end the run early");
}

std::string describe_judge(const Member& member,
                           const JudgeDemand& demand,
                           std::size_t contestants,
                           std::size_t remote,
                           const RunOptions& options,
                           const Context& context,
                           Total& total) {
  const JudgeWorkload work = workload(demand, contestants, remote);
  const auto questions = static_cast<std::uint64_t>(work.questions + 0.5);
  const auto tokens = static_cast<std::int64_t>(work.prompt_tokens);
  std::string out = fmt::format("  {}  {}\n    {} to {}: about {} questions of scorers\n",
                                display_text(member.spec.name),
                                what(member),
                                demand.embeddings ? "embeds" : "judges",
                                where(member, context),
                                questions);
  out += fmt::format("    about {} tokens in and those of the answers, {}\n",
                     tokens,
                     work.max_tokens ? fmt::format("at most {:.0f} out", *work.max_tokens)
                                     : std::string("any number out"));
  total.requests += questions;
  const auto price = Fleet::price_of(member, options.prices);
  const auto low = price ? backend::cost_of_tokens(*price, tokens, 0) : std::nullopt;
  if (!low) {
    return out + "    cost: no price set\n";
  }
  CostRange range{.low = *low, .high = std::nullopt};
  add(total, range);
  return out + fmt::format("    cost: {}\n", describe(range));
}

// Every backend that scorers ask, also where it is a contestant.
std::string describe_judges(const Fleet& fleet,
                            const CheckedSuite& suite,
                            const RunOptions& options,
                            const Context& context,
                            Total& total) {
  std::size_t contestants = 0;
  std::size_t remote = 0;
  for (const auto& member : fleet.members()) {
    contestants += member.judges_only ? 0U : 1U;
    remote +=
        !member.judges_only && member.backend != nullptr && !member.backend->is_local() ? 1U : 0U;
  }
  std::string out;
  for (const auto& demand : suite.judges) {
    for (const auto& member : fleet.members()) {
      if (member.spec.name == demand.backend) {
        out += describe_judge(member, demand, contestants, remote, options, context, total);
      }
    }
  }
  return out;
}

Result<std::string> describe_run(std::span<const CheckedSuite> suites,
                                 const std::vector<backend::Spec>& specs,
                                 const std::vector<backend::Spec>& judges,
                                 const RunOptions& options,
                                 const Context& context) {
  FACEOFF_TRY_ASSIGN(const Fleet fleet, Fleet::plan(specs, options, context, {}, judges));
  FACEOFF_TRY(fleet.check_prices(options));
  std::string out = "dry run: nothing was sent, no folder was made\n";
  Total total;
  for (const auto& suite : suites) {
    out += fmt::format("{}: {} cases, {} trials per backend ({})\n",
                       display_text(suite.suite->name()),
                       suite.selected,
                       suite.selected_trials,
                       display_text(suite.suite->path().string()));
    for (const auto& member : fleet.members()) {
      if (!member.judges_only) {
        out += describe_member(member, suite, options, context, total);
      }
    }
    out += describe_judges(fleet, suite, options, context, total);
  }
  out += fmt::format("total: {} requests, retries not counted", total.requests);
  if (total.priced) {
    out += fmt::format("; {}", describe(CostRange{.low = total.low, .high = total.high}));
  }
  out += "\n" + limits_text(options, total);
  if (options.resume) {
    out += "--resume: answers that are recorded already are not asked for again\n";
  }
  return out;
}

}  // namespace

std::optional<CostRange> cost_range(const backend::Price& price,
                                    const Volume& volume,
                                    const chat::Params& under) {
  const auto low = backend::cost_of_tokens(price, volume.prompt_tokens, 0);
  if (!low) {
    return std::nullopt;
  }
  CostRange range{.low = *low, .high = std::nullopt};
  if (const auto most = most_tokens(volume, under)) {
    range.high = backend::cost_of_tokens(price, volume.prompt_tokens, *most);
  }
  return range;
}

std::string describe(const CostRange& range) {
  return range.high
             ? fmt::format("about {} (prompts only) to {} (max_tokens used up)",
                           format_money(range.low),
                           format_money(*range.high))
             : fmt::format("about {} for the prompts, and the answers", format_money(range.low));
}

std::string announce_costs(const Fleet& fleet,
                           const CheckedSuite& suite,
                           const RunOptions& options) {
  std::string out;
  for (const auto& member : fleet.members()) {
    if (member.judges_only) {
      continue;
    }
    const auto price = Fleet::price_of(member, options.prices);
    const auto& volume = volume_for(suite, member.backend->is_local());
    if (const auto range = price ? cost_range(*price, volume, member.spec.params) : std::nullopt) {
      out += fmt::format("  {}: {}\n", display_text(member.spec.name), describe(*range));
    }
  }
  const run::Limits& limits = options.limits;
  if (limits.cost || limits.time) {
    out += fmt::format("  ends {}{}{}\n",
                       limits.cost ? "at " + format_money(*limits.cost) : std::string(),
                       limits.cost && limits.time ? " or " : "",
                       limits.time ? "after " + format_duration(*limits.time) : std::string());
  }
  return out;
}

Exit dry_run(std::span<const CheckedSuite> suites,
             const std::vector<backend::Spec>& specs,
             const std::vector<backend::Spec>& judges,
             const RunOptions& options,
             const Context& context) {
  const auto is_text = [](const OutputFormat& f) { return f.name == "table" && !f.path; };
  if (!std::ranges::all_of(options.formats, is_text) || options.events) {
    return report_error({ErrorKind::usage,
                         "--dry-run prints text and writes no files; leave --format and --events "
                         "out"},
                        context);
  }
  const auto text = describe_run(suites, specs, judges, options, context);
  if (!text) {
    return report_error(text.error(), context);
  }
  const auto printed = print_out(*text);
  return printed ? Exit::ok : report_error(printed.error(), context);
}

}  // namespace faceoff::cli
