#include "judges.h"

#include "session.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/text.h>
#include <faceoff/net/url.h>
#include <faceoff/score/asking.h>

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr double kCharactersPerToken = 4.0;

JudgeDemand& demand_of(std::vector<JudgeDemand>& demands,
                       const std::string& backend,
                       const suite::ScorerSpecPtr& spec) {
  const auto it = std::ranges::find(demands, backend, &JudgeDemand::backend);
  if (it != demands.end()) {
    return *it;
  }
  JudgeDemand& demand = demands.emplace_back();
  demand.backend = backend;
  demand.asked_by = spec;
  return demand;
}

void report_unknown(const JudgeDemand& demand,
                    const std::vector<std::string_view>& names,
                    doc::Diagnostics& diagnostics) {
  const auto near = closest(demand.backend, names);
  diagnostics.add(doc::Diagnostic{
      .code = "suite::unknown-judge",
      .message = fmt::format("scorer '{}' asks the backend '{}', which nobody defines",
                             demand.asked_by->name,
                             display_text(demand.backend)),
      .source = demand.asked_by->source,
      .span = demand.asked_by->span,
      .label = near ? fmt::format("did you mean '{}'?", *near) : std::string(),
      .notes = {},
      .help = fmt::format("define it in faceoff.yaml, or with --judge {}=ADAPTER:MODEL",
                          shell_word(demand.backend))});
}

void report_local_case(const JudgeDemand& demand, doc::Diagnostics& diagnostics) {
  diagnostics.add(doc::Diagnostic{
      .code = "suite::local-only-judge",
      .message = fmt::format("case '{}' is local-only, and its scorer '{}' would send its answer "
                             "to '{}', which is not "
                             "this machine",
                             display_text(demand.local_case),
                             demand.asked_by->name,
                             display_text(demand.backend)),
      .source = demand.local_source,
      .span = demand.local_span,
      .label = {},
      .notes = {},
      .help = "judge it by a model on this machine, or give the case other scorers"});
}

}  // namespace

void add_demand(std::vector<JudgeDemand>& demands,
                const suite::Case& item,
                std::span<const std::shared_ptr<const score::Scorer>> scorers,
                std::uint64_t trials) {
  std::size_t characters = 0;
  for (const auto& message : item.messages) {
    characters += count_code_points(message.text);
  }
  for (const auto& target : item.targets) {
    characters += count_code_points(target);
  }
  const auto count = static_cast<double>(trials);
  for (std::size_t i = 0; i < scorers.size(); ++i) {
    const auto* asking = scorers[i]->asking();
    const auto* pairing = scorers[i]->pairing();
    if (asking == nullptr && pairing == nullptr) {
      continue;
    }
    for (const auto& asks : asking != nullptr ? asking->asks() : pairing->asks()) {
      JudgeDemand& demand = demand_of(demands, asks.backend, item.scorers[i]);
      demand.embeddings = demand.embeddings || asks.embeddings;
      if (item.local_only && demand.local_case.empty()) {
        demand.local_case = item.id;
        demand.local_source = item.source;
        demand.local_span = item.span;
      }
      auto& volume =
          (asking != nullptr ? demand.answers : demand.pairs).at(item.local_only ? 1 : 0);
      const double questions = asks.questions * count;
      volume.questions += questions;
      volume.prompt_tokens += questions * (static_cast<double>(asks.own_tokens) +
                                           static_cast<double>(characters) / kCharactersPerToken);
      volume.max_tokens += questions * static_cast<double>(asks.max_tokens.value_or(0));
      volume.unlimited = volume.unlimited || !asks.max_tokens;
    }
  }
}

JudgeWorkload workload(const JudgeDemand& demand, std::size_t contestants, std::size_t remote) {
  JudgeWorkload work;
  const auto add = [&work](const JudgeDemand::Volume& volume, std::size_t times) {
    const auto factor = static_cast<double>(times);
    work.questions += volume.questions * factor;
    work.prompt_tokens += volume.prompt_tokens * factor;
    if (volume.unlimited) {
      work.max_tokens.reset();
    } else if (work.max_tokens) {
      *work.max_tokens += volume.max_tokens * factor;
    }
  };
  const auto pairs = [](std::size_t n) { return n < 2 ? 0 : n * (n - 1) / 2; };
  const std::size_t local = contestants - remote;
  add(demand.answers[0], contestants);
  add(demand.answers[1], local);
  add(demand.pairs[0], pairs(contestants));
  add(demand.pairs[1], pairs(local));
  return work;
}

bool stays_here(const backend::Spec& spec, const Context& context) {
  if (!spec.simulate.empty() || (spec.model.ends_with(".gguf") && !spec.base_url)) {
    return true;
  }
  const backend::Info* info = backend::find(spec.adapter);
  std::string address = spec.base_url.value_or("");
  if (address.empty() && info != nullptr && !info->base_url_env.empty()) {
    address = context.environment(info->base_url_env).value_or("");
  }
  if (address.empty() && info != nullptr) {
    address = info->default_base_url;
  }
  if (address.empty()) {
    // A server without an address of its own is one of this machine.
    return spec.adapter == "llama-server";
  }
  if (address.find("://") == std::string::npos) {
    address = "http://" + address;
  }
  const auto url = net::parse_url(address);
  return url && net::is_loopback_name(url->host);
}

void leave_out_judges(const Arguments& arguments,
                      std::span<const CheckedSuite> suites,
                      std::vector<backend::Spec>& contestants) {
  if (arguments.has("backend")) {
    return;
  }
  const auto judges = [suites](const backend::Spec& spec) {
    return std::ranges::any_of(suites, [&spec](const CheckedSuite& suite) {
      return std::ranges::find(suite.judges, spec.name, &JudgeDemand::backend) !=
             suite.judges.end();
    });
  };
  if (!std::ranges::all_of(contestants, judges)) {
    std::erase_if(contestants, judges);
  }
}

Result<std::vector<backend::Spec>> choose_judges(const Arguments& arguments,
                                                 const Config& config,
                                                 const std::vector<backend::Spec>& contestants,
                                                 std::span<const CheckedSuite> suites,
                                                 const Context& context,
                                                 doc::Diagnostics& diagnostics) {
  std::vector<backend::Spec> known;
  for (const auto& word : arguments.values("judge")) {
    if (word.find('=') == std::string::npos) {
      return fail(
          ErrorKind::usage,
          fmt::format("--judge: '{}' has no name; write NAME=ADAPTER:MODEL[@URL], where NAME "
                      "is what the suite's scorer calls it (judge, unless it says otherwise)",
                      word));
    }
    FACEOFF_TRY_ASSIGN(auto spec, backend::parse_short_spec(word));
    spec.allow_hosts = config.allow_hosts;
    for (auto& host : arguments.values("allow-host")) {
      spec.allow_hosts.push_back(std::move(host));
    }
    known.push_back(std::move(spec));
  }
  const std::size_t of_flags = known.size();
  std::ranges::copy(contestants, std::back_inserter(known));
  for (auto spec : config.backends) {
    spec.allow_hosts = config.allow_hosts;
    known.push_back(std::move(spec));
  }
  std::vector<std::string_view> names;
  for (const auto& spec : known) {
    names.push_back(spec.name);
  }
  std::set<std::string, std::less<>> used;
  std::vector<backend::Spec> judges;
  for (const auto& suite : suites) {
    for (const auto& demand : suite.judges) {
      const auto spec = std::ranges::find(known, demand.backend, &backend::Spec::name);
      used.insert(demand.backend);
      if (spec == known.end() || spec->adapter == "replay") {
        report_unknown(demand, names, diagnostics);
        continue;
      }
      if (!demand.local_case.empty() && !stays_here(*spec, context)) {
        report_local_case(demand, diagnostics);
      }
      const auto is_same = [&](const backend::Spec& s) { return s.name == demand.backend; };
      if (std::ranges::none_of(contestants, is_same) && std::ranges::none_of(judges, is_same)) {
        judges.push_back(*spec);
      }
    }
  }
  for (std::size_t i = 0; i < of_flags; ++i) {
    const bool twice = std::ranges::count(names, known[i].name) > 1 &&
                       std::ranges::any_of(contestants, [&](const backend::Spec& s) {
                         return s.name == known[i].name;
                       });
    if (!used.contains(known[i].name) || twice) {
      return fail(ErrorKind::usage,
                  twice ? fmt::format("--judge: '{}' is also a backend of the run; give the judge "
                                      "another name",
                                      known[i].name)
                        : fmt::format("--judge: no scorer of the suite asks '{}'", known[i].name));
    }
  }
  return judges;
}

}  // namespace faceoff::cli
