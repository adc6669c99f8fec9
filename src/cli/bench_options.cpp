#include "bench_options.h"

#include "shared_flags.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::int64_t kDefaultTokens = 128;
constexpr std::int64_t kMostInFlight = 100'000;

constexpr std::array kFlags{
    Flag{.name = "backend",
         .letter = 'b',
         .value = "NAME",
         .help = "a backend of faceoff.yaml, or NAME=ADAPTER:MODEL[@URL]",
         .repeats = true},
    Flag{.name = "concurrency",
         .letter = 'j',
         .value = "N,N,...",
         .help = "closed loop: so many requests in flight; several numbers are a sweep"},
    Flag{.name = "rate",
         .value = "R/s,...",
         .help = "open loop: requests a second (or /min) on a schedule; several are a sweep"},
    Flag{.name = "arrival", .value = "KIND", .help = "poisson or constant (default: poisson)"},
    Flag{.name = "requests",
         .value = "N",
         .help = "measured at each load and backend (default: 64; with --duration no limit)"},
    Flag{.name = "duration", .value = "TIME", .help = "start requests for so long at each load"},
    Flag{.name = "warmup",
         .value = "N",
         .help = "requests before the measured ones (default: as many as are in flight)"},
    Flag{.name = "prompt-tokens",
         .value = "N",
         .help = "length of made-up prompts, without a suite (default: 128)"},
    Flag{.name = "max-tokens",
         .value = "N",
         .help = "longest answer (default: the suite's; 128 without one)"},
    Flag{.name = "prompt-cache",
         .value = "HOW",
         .help = "as-is, cold, warm or nonce (default: as-is)"},
    Flag{.name = "slo",
         .value = "EXPR",
         .help = "what a good answer is, e.g. 'ttft<500ms', 'tpot<40ms'; all must hold",
         .repeats = true},
    Flag{.name = "slo-share",
         .value = "P%",
         .help = "share of the requests that must be good (default: 95%)"},
    Flag{.name = "limit", .value = "N", .help = "use at most N cases of the suite"},
    kFilterFlag,
    Flag{.name = "seed", .value = "N", .help = "seed of the schedule and the prompts (default: 0)"},
    kTimeoutFlag,
    kFirstTokenTimeoutFlag,
    kStallTimeoutFlag,
    kConnectTimeoutFlag,
    kKeyFileFlag,
    kAllowHostFlag,
    Flag{.name = "local-only", .help = "refuse every backend that is not on this machine"},
    Flag{.name = "dry-run", .letter = 'n', .help = "say what would be sent to whom; sends nothing"},
    Flag{.name = "all-figures", .help = "print every figure of docs/metrics.md"},
    Flag{.name = "compat", .help = "print also what vLLM bench, GuideLLM, AIPerf, llmperf would"},
    Flag{.name = "records", .value = "PATH", .help = "write every request, a JSON line each"},
    Flag{.name = "json", .help = "as one JSON document"},
};

// "1,2,4/s": the unit of the last one is that of all.
Result<std::vector<double>> read_rates(const std::string& text) {
  std::string_view numbers = text;
  double per_second = 0.0;
  constexpr double kSecondsPerMinute = 60.0;
  for (const auto& [unit, factor] :
       {std::pair("/s", 1.0), std::pair("/min", 1.0 / kSecondsPerMinute)}) {
    if (numbers.ends_with(unit)) {
      numbers.remove_suffix(std::string_view(unit).size());
      per_second = factor;
    }
  }
  if (per_second == 0.0) {
    return fail(ErrorKind::usage,
                fmt::format("--rate: '{}' has no unit; write {}/s or {}/min", text, text, text));
  }
  std::vector<double> rates;
  for (std::string_view word : split(numbers, ',')) {
    for (const std::string_view unit : {"/s", "/min"}) {
      word.remove_suffix(word.ends_with(unit) ? unit.size() : 0);
    }
    auto rate = parse_double(trim(word));
    if (!rate || *rate <= 0.0) {
      return fail(ErrorKind::usage,
                  fmt::format("--rate: '{}' is no rate above 0, such as 5/s", word));
    }
    rates.push_back(*rate * per_second);
  }
  return rates;
}

Result<std::vector<double>> read_concurrencies(const std::string& text) {
  std::vector<double> out;
  for (const std::string_view word : split(text, ',')) {
    const auto n = parse_int(trim(word));
    if (!n || *n < 1 || *n > kMostInFlight) {
      return fail(
          ErrorKind::usage,
          fmt::format("--concurrency: '{}' is no whole number from 1 to {}", word, kMostInFlight));
    }
    out.push_back(static_cast<double>(*n));
  }
  return out;
}

Status read_load(const Arguments& arguments, BenchOptions& options) {
  const auto rate = arguments.value("rate");
  const auto concurrency = arguments.value("concurrency");
  load::Stage& stage = options.stage;
  if (rate && concurrency) {
    return fail(ErrorKind::usage,
                "--rate and --concurrency exclude each other: an open loop sends on its schedule, "
                "whatever is in flight");
  }
  if (rate) {
    stage.mode = load::Mode::open;
    FACEOFF_TRY_ASSIGN(options.loads, read_rates(*rate));
  } else if (concurrency) {
    stage.mode = load::Mode::closed;
    FACEOFF_TRY_ASSIGN(options.loads, read_concurrencies(*concurrency));
  } else {
    stage.mode = load::Mode::serial;
    options.loads = {1.0};
  }
  if (const auto arrival = arguments.value("arrival")) {
    if (*arrival != "poisson" && *arrival != "constant") {
      return fail(ErrorKind::usage,
                  fmt::format("--arrival: '{}' is neither poisson nor constant", *arrival));
    }
    stage.arrival = *arrival == "constant" ? load::Arrival::constant : load::Arrival::poisson;
  }
  return {};
}

Status read_extent(const Arguments& arguments, BenchOptions& options) {
  load::Stage& stage = options.stage;
  FACEOFF_TRY_ASSIGN(stage.duration, arguments.duration("duration"));
  FACEOFF_TRY_ASSIGN(const auto requests, arguments.integer("requests", 1));
  constexpr std::uint64_t kNoLimit = 100'000'000;
  stage.requests = requests ? static_cast<std::uint64_t>(*requests)
                            : (stage.duration ? kNoLimit : stage.requests);
  FACEOFF_TRY_ASSIGN(const auto warmup, arguments.integer("warmup", 0));
  stage.warmup = static_cast<std::uint64_t>(warmup.value_or(-1));
  FACEOFF_TRY_ASSIGN(const auto seed, arguments.integer("seed", 0));
  stage.seed = static_cast<std::uint64_t>(seed.value_or(0));
  return {};
}

Status read_prompts(const Arguments& arguments, BenchOptions& options) {
  if (!arguments.positionals().empty()) {
    options.suite = arguments.positionals().front();
  }
  FACEOFF_TRY_ASSIGN(const auto prompt_tokens, arguments.integer("prompt-tokens", 1));
  if (prompt_tokens && options.suite) {
    return fail(ErrorKind::usage, "--prompt-tokens: the prompts are those of the suite");
  }
  options.prompt_tokens = prompt_tokens.value_or(kDefaultTokens);
  FACEOFF_TRY_ASSIGN(options.max_tokens, arguments.integer("max-tokens", 1));
  if (!options.max_tokens && !options.suite) {
    options.max_tokens = kDefaultTokens;
  }
  const std::string cache = arguments.value("prompt-cache").value_or("as-is");
  constexpr std::array kCaches{std::pair("as-is", load::PromptCache::as_is),
                               std::pair("cold", load::PromptCache::cold),
                               std::pair("warm", load::PromptCache::warm),
                               std::pair("nonce", load::PromptCache::nonce)};
  const auto* found =
      std::ranges::find_if(kCaches, [&](const auto& row) { return row.first == cache; });
  if (found == kCaches.end()) {
    return fail(ErrorKind::usage,
                fmt::format("--prompt-cache: '{}' is none of as-is, cold, warm, nonce", cache));
  }
  options.cache = found->second;
  return {};
}

Status read_slos(const Arguments& arguments, BenchOptions& options) {
  for (const auto& words : arguments.values("slo")) {
    for (const std::string_view text : split(words, ',')) {
      auto slo = load::parse_slo(trim(text));
      if (!slo) {
        return tl::make_unexpected(with_context(std::move(slo).error(), "--slo"));
      }
      options.slos.push_back(*std::move(slo));
    }
  }
  if (const auto text = arguments.value("slo-share")) {
    constexpr double kPercent = 100.0;
    const auto percent = text->ends_with('%')
                             ? parse_double(std::string_view(*text).substr(0, text->size() - 1))
                             : Result<double>(fail(ErrorKind::usage, ""));
    if (!percent || *percent <= 0.0 || *percent > kPercent) {
      return fail(ErrorKind::usage,
                  fmt::format("--slo-share: '{}' is no percentage, such as 95%", *text));
    }
    options.slo_share = *percent / kPercent;
  }
  return {};
}

Status read_limits(const Arguments& arguments, RunOptions& run) {
  const auto time = [&](std::string_view flag, Duration& target) -> Status {
    FACEOFF_TRY_ASSIGN(const auto given, arguments.duration(flag));
    target = given.value_or(target);
    return {};
  };
  FACEOFF_TRY(time("timeout", run.deadlines.total));
  FACEOFF_TRY(time("first-token-timeout", run.deadlines.first_token));
  FACEOFF_TRY(time("stall-timeout", run.deadlines.idle));
  FACEOFF_TRY(time("connect-timeout", run.deadlines.connect));
  FACEOFF_TRY_ASSIGN(const auto limit, arguments.integer("limit", 1));
  run.limit = static_cast<std::uint64_t>(limit.value_or(0));
  run.filters = arguments.values("filter");
  run.local_only = arguments.has("local-only");
  return {};
}

}  // namespace

std::span<const Flag> bench_flags() {
  return kFlags;
}

Result<BenchOptions> read_bench_options(const Arguments& arguments) {
  BenchOptions options;
  FACEOFF_TRY(read_load(arguments, options));
  FACEOFF_TRY(read_extent(arguments, options));
  FACEOFF_TRY(read_prompts(arguments, options));
  FACEOFF_TRY(read_slos(arguments, options));
  FACEOFF_TRY(read_limits(arguments, options.run));
  options.dry_run = arguments.has("dry-run");
  options.json = arguments.has("json");
  options.all_figures = arguments.has("all-figures");
  options.other_tools = arguments.has("compat");
  options.quiet = arguments.has("quiet");
  if (const auto path = arguments.value("records")) {
    options.records = *path;
  }
  return options;
}

load::Stage stage_at(const BenchOptions& options, double load) {
  load::Stage stage = options.stage;
  std::uint64_t warmup = 1;
  if (stage.mode == load::Mode::closed) {
    stage.concurrency = static_cast<std::int64_t>(load);
    warmup = static_cast<std::uint64_t>(load);
  } else if (stage.mode == load::Mode::open) {
    stage.rate = load;
    warmup = static_cast<std::uint64_t>(std::max(1.0, load));
  }
  const bool given = stage.warmup != static_cast<std::uint64_t>(-1);
  stage.warmup = given ? stage.warmup : warmup;
  return stage;
}

std::string load_text(load::Mode mode, double load) {
  switch (mode) {
    case load::Mode::serial:
      return "one at a time";
    case load::Mode::closed:
      return fmt::format("{:.0f} in flight", load);
    case load::Mode::open:
      return fmt::format("{:.4g}/s", load);
  }
  return {};
}

}  // namespace faceoff::cli
