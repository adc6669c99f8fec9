#include "run_options.h"

#include "shared_flags.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::array kRunFlags{
    Flag{.name = "backend",
         .letter = 'b',
         .value = "NAME",
         .help =
             "a backend of faceoff.yaml, or NAME=ADAPTER:MODEL[@URL]; the first is the reference",
         .repeats = true},
    Flag{.name = "judge",
         .value = "NAME=ADAPTER:MODEL[@URL]",
         .help = "a backend that scorers ask by this name and that is not compared",
         .repeats = true},
    Flag{.name = "output",
         .letter = 'o',
         .value = "DIR",
         .help = "the run folder to write (default: a new one below results)"},
    Flag{.name = "resume",
         .help = "go on with the run in -o DIR, or with the last unfinished one of this suite"},
    Flag{.name = "concurrency",
         .letter = 'j',
         .value = "N",
         .help = "requests in flight per backend (default: 4, at most the server's slots)"},
    Flag{.name = "rate",
         .value = "N/min",
         .help = "requests a minute per backend, evenly spread; also N/s (default: no limit)"},
    kFilterFlag,
    Flag{.name = "limit", .value = "N", .help = "at most N cases"},
    Flag{.name = "repeat", .value = "N", .help = "ask every case N times"},
    Flag{.name = "seed", .value = "N", .help = "seed of everything drawn by chance (default: 0)"},
    Flag{.name = "stop-when-sure",
         .help = "ask in random order and end once it is clear which backend is better"},
    kTimeoutFlag,
    kFirstTokenTimeoutFlag,
    kStallTimeoutFlag,
    kConnectTimeoutFlag,
    Flag{.name = "start-timeout",
         .value = "TIME",
         .help = "for a server that loads its model (default: 5m)"},
    Flag{.name = "max-retries",
         .value = "N",
         .help = "further attempts of a failed request (default: 3)"},
    Flag{.name = "max-retry-time",
         .value = "TIME",
         .help = "all waits of one case together (default: 2m)"},
    Flag{.name = "max-error-rate",
         .value = "P%",
         .help = "exit 4 when more of a backend's requests failed (default: 5%)"},
    Flag{.name = "max-cost",
         .value = "USD",
         .help = "end the run when so much is spent, e.g. '$2'; needs prices (default: no limit)"},
    Flag{.name = "max-time",
         .value = "TIME",
         .help = "end the run after so long, e.g. 10m (default: no limit)"},
    Flag{.name = "dry-run",
         .letter = 'n',
         .help = "say what would be sent to whom and what it may cost; sends nothing"},
    Flag{.name = "prices",
         .value = "PATH",
         .help = "a file of prices, over those known (list prices)"},
    kKeyFileFlag,
    kAllowHostFlag,
    Flag{.name = "cache",
         .value = "USE",
         .help = "off, read, write or rw: keep complete answers and take them instead of asking "
                 "(default: off)"},
    Flag{.name = "cache-dir",
         .value = "DIR",
         .help = "where they are kept (default: faceoff in $XDG_CACHE_HOME or ~/.cache)"},
    Flag{.name = "gate",
         .value = "EXPR",
         .help = "a condition on the run, e.g. alarm, 'score(llama) >= 80%', 'not-worse 3pp'",
         .repeats = true},
    kFailOnFlag,
    kMaxDropFlag,
    kMaxSlowdownFlag,
    Flag{.name = "baseline",
         .value = "NAME",
         .help = "hold every backend against its namesake in a baseline, its file, or a run"},
    kInconclusiveFlag,
    kAlphaFlag,
    Flag{.name = "no-gates", .help = "leave out the gates of the suite and of faceoff.yaml"},
    Flag{.name = "allow-code-execution",
         .help = "let code/... scorers run the code of answers, in a sandbox"},
    Flag{.name = "allow-exec", .help = "let exec scorers start the programs that the suite names"},
    Flag{.name = "local-only", .help = "refuse every backend that is not on this machine"},
    kFormatFlag,
    kJsonFlag,
    kJunitLevelFlag,
    kMarkerFlag,
    kCsvRawFlag,
    Flag{.name = "events",
         .value = "PATH",
         .help = "write what happens as it happens, one JSON object a line, to PATH, fd:N or - "
                 "(standard output)"},
    Flag{.name = "progress", .value = "WHEN", .help = "auto, bar, plain or none (default: auto)"},
};

Result<double> parse_share(std::string_view text) {
  const auto number = parse_double(text.ends_with('%') ? text.substr(0, text.size() - 1) : "");
  if (!number || *number < 0 || *number > 100) {
    return fail(ErrorKind::usage,
                fmt::format("--max-error-rate: '{}' is no share; write e.g. 5%", text));
  }
  return *number / 100;
}

Status read_cache(const Arguments& arguments, RunOptions& options) {
  const std::string use = arguments.value("cache").value_or("off");
  constexpr std::array<std::string_view, 4> kUses{"off", "read", "write", "rw"};
  if (std::ranges::find(kUses, use) == kUses.end()) {
    return fail(ErrorKind::usage,
                fmt::format("--cache: '{}' is none of off, read, write, rw", use));
  }
  options.cache.read = use == "read" || use == "rw";
  options.cache.write = use == "write" || use == "rw";
  if (const auto folder = arguments.value("cache-dir")) {
    options.cache.folder = *folder;
  }
  return {};
}

// "60/min", "2/s"; requests a minute.
Result<std::int64_t> parse_rate(std::string_view text) {
  constexpr std::int64_t kMax = 1'000'000;
  constexpr std::int64_t kSecondsAMinute = 60;
  const auto slash = text.find('/');
  const auto unit = slash == std::string_view::npos ? "min" : text.substr(slash + 1);
  const auto number = parse_int(text.substr(0, slash));
  const bool known = unit == "min" || unit == "m" || unit == "s";
  if (!number || !known || *number < 1 || *number > kMax) {
    return fail(ErrorKind::usage,
                fmt::format("--rate: '{}' is no rate; write e.g. 60/min or 2/s", text));
  }
  return unit == "s" ? *number * kSecondsAMinute : *number;
}

Status read_durations(const Arguments& arguments, RunOptions& options) {
  const std::array<std::pair<std::string_view, Duration*>, 6> table{{
      {"timeout", &options.deadlines.total},
      {"first-token-timeout", &options.deadlines.first_token},
      {"stall-timeout", &options.deadlines.idle},
      {"connect-timeout", &options.deadlines.connect},
      {"start-timeout", &options.deadlines.start_up},
      {"max-retry-time", &options.retry.max_time},
  }};
  for (const auto& [flag, target] : table) {
    FACEOFF_TRY_ASSIGN(const auto value, arguments.duration(flag));
    *target = value.value_or(*target);
  }
  return {};
}

Status read_numbers(const Arguments& arguments, RunOptions& options) {
  FACEOFF_TRY_ASSIGN(options.concurrency, arguments.integer("concurrency", 1));
  FACEOFF_TRY_ASSIGN(const auto limit, arguments.integer("limit", 1));
  FACEOFF_TRY_ASSIGN(const auto repeat, arguments.integer("repeat", 1));
  FACEOFF_TRY_ASSIGN(const auto seed, arguments.integer("seed", 0));
  FACEOFF_TRY_ASSIGN(const auto retries, arguments.integer("max-retries", 0));
  constexpr std::int64_t kMaxConcurrency = 4096;
  constexpr std::int64_t kMaxRepeat = 10'000;
  if (options.concurrency.value_or(1) > kMaxConcurrency) {
    return fail(ErrorKind::usage, fmt::format("--concurrency: at most {}", kMaxConcurrency));
  }
  if (repeat.value_or(1) > kMaxRepeat) {
    return fail(ErrorKind::usage, fmt::format("--repeat: at most {}", kMaxRepeat));
  }
  options.limit = static_cast<std::uint64_t>(limit.value_or(0));
  options.repeat = static_cast<std::int32_t>(repeat.value_or(0));
  options.seed = static_cast<std::uint64_t>(seed.value_or(0));
  options.retry.max_retries = retries.value_or(options.retry.max_retries);
  if (const auto rate = arguments.value("rate")) {
    FACEOFF_TRY_ASSIGN(options.rate, parse_rate(*rate));
  }
  if (const auto share = arguments.value("max-error-rate")) {
    FACEOFF_TRY_ASSIGN(options.max_error_rate, parse_share(*share));
  }
  return {};
}

Status read_limits(const Arguments& arguments, RunOptions& options) {
  FACEOFF_TRY_ASSIGN(options.limits.time, arguments.duration("max-time"));
  if (options.limits.time && *options.limits.time <= Duration{0}) {
    return fail(ErrorKind::usage, "--max-time: must be more than 0");
  }
  if (const auto text = arguments.value("max-cost")) {
    const auto amount = parse_dollars(*text);
    if (!amount || amount->picodollars <= 0) {
      return fail(
          ErrorKind::usage,
          fmt::format("--max-cost: '{}' is no amount in dollars; write e.g. '$2' or 0.50", *text));
    }
    options.limits.cost = *amount;
  }
  return {};
}

bool satisfies(const suite::Case& item, std::string_view filter) {
  if (filter.starts_with("not ")) {
    return !satisfies(item, trim(filter.substr(4)));
  }
  if (filter.starts_with("tag:")) {
    return std::ranges::find(item.tags, filter.substr(4)) != item.tags.end();
  }
  return fits(filter, item.id);
}

}  // namespace

bool fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++p;
      ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

std::span<const Flag> run_flags() {
  return kRunFlags;
}

Result<RunOptions> read_run_options(const Arguments& arguments) {
  RunOptions options;
  for (const auto& word : arguments.positionals()) {
    options.suites.emplace_back(word);
  }
  if (const auto folder = arguments.value("output")) {
    options.output = *folder;
  }
  options.resume = arguments.has("resume");
  options.stop_when_sure = arguments.has("stop-when-sure");
  options.local_only = arguments.has("local-only");
  options.allow_code = arguments.has("allow-code-execution");
  options.allow_exec = arguments.has("allow-exec");
  options.filters = arguments.values("filter");
  options.quiet = arguments.has("quiet");
  options.progress = arguments.value("progress").value_or("auto");
  constexpr std::array<std::string_view, 4> kProgress{"auto", "bar", "plain", "none"};
  if (std::ranges::find(kProgress, options.progress) == kProgress.end()) {
    return fail(
        ErrorKind::usage,
        fmt::format("--progress: '{}' is none of auto, bar, plain, none", options.progress));
  }
  if (options.output && options.suites.size() > 1) {
    return fail(ErrorKind::usage,
                "-o names one run folder, but there are several suites; run them one by one");
  }
  FACEOFF_TRY(read_cache(arguments, options));
  FACEOFF_TRY(read_durations(arguments, options));
  FACEOFF_TRY(read_numbers(arguments, options));
  FACEOFF_TRY(read_limits(arguments, options));
  options.dry_run = arguments.has("dry-run");
  FACEOFF_TRY_ASSIGN(options.formats, read_formats(arguments));
  FACEOFF_TRY(check_shared(options.formats, options.suites.size()));
  options.events = arguments.value("events");
  const auto to_stdout = [](const OutputFormat& format) { return !format.path; };
  if (options.events == "-" && std::ranges::any_of(options.formats, to_stdout)) {
    return fail(ErrorKind::usage,
                "--events -: standard output is taken by the events; write FMT:PATH");
  }
  return options;
}

std::function<bool(const suite::Case&)> make_filter(std::vector<std::string> filters) {
  if (filters.empty()) {
    return {};
  }
  return [filters = std::move(filters)](const suite::Case& item) {
    return std::ranges::all_of(filters,
                               [&item](const std::string& f) { return satisfies(item, f); });
  };
}

}  // namespace faceoff::cli
