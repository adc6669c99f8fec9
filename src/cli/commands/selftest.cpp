#include "bench_report.h"
#include "fleet.h"
#include "plain_table.h"
#include "process_setup.h"
#include "scratch_folder.h"
#include "signals.h"

#include <faceoff/base/cpu.h>
#include <faceoff/base/files.h>
#include <faceoff/base/text.h>
#include <faceoff/load/clock_error.h>
#include <faceoff/load/summary.h>
#include <faceoff/net/curl_transport.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace faceoff::cli {
namespace {

using Json = nlohmann::ordered_json;
using chat::StampSource;

constexpr std::array kFlags{
    Flag{.name = "streams",
         .value = "N,N,...",
         .help = "answers under way at a time (default: 1,64,512)"},
    Flag{.name = "tokens", .value = "N", .help = "tokens of an answer (default: 50)"},
    Flag{.name = "pace", .value = "TIME", .help = "between two tokens (default: 20ms)"},
    Flag{.name = "lock-step", .help = "start all streams at once instead of one after the other"},
    Flag{.name = "json", .help = "as one JSON document"},
};

struct Settings {
  std::vector<std::int64_t> streams{1, 64, 512};
  std::int64_t tokens = 50;
  Duration pace = std::chrono::milliseconds(20);
  bool lock_step = false;
  bool json = false;
};

// What was measured with one kind of stamp and so many streams.
struct Line {
  std::int64_t streams = 0;
  StampSource stamps = StampSource::none;
  load::ClockErrors errors;
  load::ClientVerdict client;
  double busy = 0.0;
  double cpu_us_per_token = 0.0;
  double tokens_per_second = 0.0;
};

Result<Settings> read_settings(const Arguments& arguments) {
  Settings settings;
  if (const auto text = arguments.value("streams")) {
    settings.streams.clear();
    for (const auto word : split(*text, ',')) {
      const auto n = parse_int(trim(word));
      constexpr std::int64_t kMost = 4096;
      if (!n || *n < 1 || *n > kMost) {
        return fail(ErrorKind::usage,
                    fmt::format("--streams: '{}' is no whole number from 1 to {}", word, kMost));
      }
      settings.streams.push_back(*n);
    }
  }
  FACEOFF_TRY_ASSIGN(const auto tokens, arguments.integer("tokens", 2));
  settings.tokens = tokens.value_or(settings.tokens);
  FACEOFF_TRY_ASSIGN(const auto pace, arguments.duration("pace"));
  settings.pace = pace.value_or(settings.pace);
  settings.lock_step = arguments.has("lock-step");
  settings.json = arguments.has("json");
  return settings;
}

load::Stage stage_of(const Settings& settings, std::int64_t streams) {
  load::Stage stage;
  stage.warmup = static_cast<std::uint64_t>(streams);
  stage.requests = std::max<std::uint64_t>(2 * static_cast<std::uint64_t>(streams), 4);
  if (settings.lock_step) {
    stage.mode = load::Mode::closed;
    stage.concurrency = streams;
    return stage;
  }
  // Started one after the other over the length of an answer, so many are under way.
  stage.mode = load::Mode::open;
  stage.arrival = load::Arrival::constant;
  stage.rate = static_cast<double>(streams) / to_seconds(settings.pace * (settings.tokens + 1));
  return stage;
}

class SelfTest {
 public:
  SelfTest(const Settings& settings, Context& context) : settings_(settings), context_(context) {}

  Result<Exit> go() {
    FACEOFF_TRY_ASSIGN(const auto folder, ScratchFolder::create());
    FACEOFF_TRY_ASSIGN(Fleet fleet, start(folder->path()));
    for (const std::int64_t streams : settings_.streams) {
      for (const auto stamps : {StampSource::kernel, StampSource::loop, StampSource::callback}) {
        FACEOFF_TRY_ASSIGN(const bool whole, measure(fleet, streams, stamps));
        if (!whole) {
          return Exit::interrupted;
        }
      }
    }
    FACEOFF_TRY(print_out(settings_.json ? json() : text()));
    const bool lost =
        std::ranges::any_of(lines_, [](const Line& line) { return line.errors.lost() > 0; });
    return lost ? Exit::backend : Exit::ok;
  }

 private:
  // The stand-in is a process of its own, as a server would be.
  Result<Fleet> start(const std::filesystem::path& folder) {
    const auto script = folder / "clock.yaml";
    const std::string pace = fmt::format("{}us", settings_.pace / std::chrono::microseconds(1));
    FACEOFF_TRY(write_file_atomic(
        script,
        fmt::format("default: clock\nlatency: {{first_token: {}, per_token: {}}}\n", pace, pace)));
    FACEOFF_TRY_ASSIGN(auto spec,
                       backend::parse_short_spec("stand-in=simulate:" + script.string()));
    std::vector<backend::Spec> specs;
    specs.push_back(std::move(spec));
    FACEOFF_TRY_ASSIGN(Fleet fleet, Fleet::plan(std::move(specs), options_, context_));
    FACEOFF_TRY(fleet.start(folder, context_));
    FACEOFF_TRY_ASSIGN(const auto transport, net::make_curl_transport(context_.clock, {}));
    run::StopSignal stop;
    FACEOFF_TRY(fleet.identify(options_, *transport, context_.clock, stop));
    return fleet;
  }

  // False: the user stopped it.
  Result<bool> measure(const Fleet& fleet, std::int64_t streams, StampSource stamps) {
    static_cast<void>(descriptors_for_connections());
    net::CurlOptions curl;
    curl.best_stamps = stamps;
    curl.max_connections = static_cast<std::size_t>(2 * streams + 16);
    FACEOFF_TRY_ASSIGN(const auto transport, net::make_curl_transport(context_.clock, curl));
    if (transport->stamp_source() != stamps) {
      return true;  // this system has none of these
    }
    run::StopSignal stop;
    const SignalGuard signals(stop, *transport);
    const run::Lane lane = fleet.lanes(options_).front();
    load::PromptSource prompts;
    prompts.requests = load::synthetic_prompts(1, 16, 0);
    prompts.requests.front().params.max_tokens = settings_.tokens;
    Line line;
    line.streams = streams;
    line.stamps = stamps;
    const auto on_answer = [&](const load::Sample& sample, const chat::Completion& completion) {
      if (sample.phase != load::Phase::warmup) {
        line.errors.add(sample, completion.text);
      }
    };
    const Duration cpu = thread_cpu_time();
    const TimePoint began = context_.clock.now();
    FACEOFF_TRY_ASSIGN(load::StageResult result,
                       load::run_stage(stage_of(settings_, streams),
                                       {{.backend = lane.backend,
                                         .params = lane.params,
                                         .deadlines = lane.deadlines,
                                         .reach = lane.reach}},
                                       prompts,
                                       *transport,
                                       context_.clock,
                                       stop,
                                       on_answer));
    result.signs.wall = context_.clock.now() - began;
    const double used = to_seconds(thread_cpu_time() - cpu);
    const double wall = to_seconds(result.signs.wall);
    const auto tokens = static_cast<double>(std::max<std::uint64_t>(1, result.signs.token_events));
    constexpr double kMicro = 1e6;
    result.signs.loop_busy = used / wall;
    line.busy = used / wall;
    line.cpu_us_per_token = kMicro * used / tokens;
    line.tokens_per_second = tokens / wall;
    line.client = load::judge_client(result.signs);
    lines_.push_back(std::move(line));
    return !result.stopped;
  }

  [[nodiscard]] std::string text() const {
    // What a narrow terminal goes without: lost, in one read, lag, CPU, delays.
    static const std::vector<std::size_t> kExpendable{12, 11, 10, 9, 4, 5};
    const auto us = [](const std::optional<double>& value) {
      return value ? fmt::format("{:.3g}", *value) : std::string("-");
    };
    std::vector<std::vector<std::string>> rows{{"streams",
                                                "stamps",
                                                "gap error p50",
                                                "p99",
                                                "token delay p50",
                                                "p99",
                                                "first token error p50",
                                                "p99",
                                                "busy",
                                                "us/token",
                                                "loop lag p99",
                                                "in one read",
                                                "lost"}};
    for (const Line& line : lines_) {
      const auto gap = line.errors.gap().describe();
      const auto delay = line.errors.delay().describe();
      const auto first = line.errors.first_token().describe();
      rows.push_back({std::to_string(line.streams),
                      std::string(chat::to_string(line.stamps)),
                      us(gap.p50),
                      us(gap.p99),
                      us(delay.p50),
                      us(delay.p99),
                      us(first.p50),
                      us(first.p99),
                      fmt::format("{:.0f}%", line.busy * 100),
                      fmt::format("{:.1f}", line.cpu_us_per_token),
                      us(to_ms(line.client.loop_lag_p99) * 1000),
                      fmt::format("{:.1f}%", line.client.coalesced_share * 100),
                      std::to_string(line.errors.lost())});
    }
    return fmt::format(
               "This machine's error budget against the stand-in on loopback: a token every {} "
               "for each stream; times in microseconds\n\n",
               format_duration(settings_.pace)) +
           fitted_table(rows, kExpendable, context_.out.width);
  }

  [[nodiscard]] std::string json() const {
    const auto quantiles = [](const compare::ValueSample& sample) {
      const auto d = sample.describe();
      const auto value = [](const std::optional<double>& v) {
        return v ? Json(*v) : Json(nullptr);
      };
      return Json{{"n", d.n}, {"p50", value(d.p50)}, {"p99", value(d.p99)}, {"max", value(d.max)}};
    };
    Json rows = Json::array();
    for (const Line& line : lines_) {
      rows.push_back({{"streams", line.streams},
                      {"stamp_source", chat::to_string(line.stamps)},
                      {"gap_error_us", quantiles(line.errors.gap())},
                      {"token_delay_us", quantiles(line.errors.delay())},
                      {"first_token_error_us", quantiles(line.errors.first_token())},
                      {"loop_busy", line.busy},
                      {"cpu_us_per_token", line.cpu_us_per_token},
                      {"tokens_per_second", line.tokens_per_second},
                      {"loop_lag_p99_us", to_ms(line.client.loop_lag_p99) * 1000},
                      {"loop_lag_max_us", to_ms(line.client.loop_lag_max) * 1000},
                      {"coalesced_share", line.client.coalesced_share},
                      {"kernel_share", line.client.kernel_share},
                      {"client_bound", line.client.bound},
                      {"tokens", line.errors.tokens()},
                      {"lost_answers", line.errors.lost()}});
    }
    const Json out{{"schema", "faceoff.selftest/1"},
                   {"pace_ms", to_ms(settings_.pace)},
                   {"tokens", settings_.tokens},
                   {"lock_step", settings_.lock_step},
                   {"rows", std::move(rows)}};
    return out.dump(2) + "\n";
  }

  const Settings& settings_;
  Context& context_;
  RunOptions options_;
  std::vector<Line> lines_;
};

Exit execute(const Arguments& arguments, Context& context) {
  const auto settings = read_settings(arguments);
  if (!settings) {
    return report_error(settings.error(), context);
  }
  const auto exit = SelfTest(*settings, context).go();
  return exit ? *exit : report_error(exit.error(), context);
}

}  // namespace

extern const Command selftest_command;
const Command selftest_command{
    .name = "selftest",
    .summary = "how far this machine's own measurements are off, against the stand-in",
    .positional = {},
    .flags = kFlags,
    .examples =
        "faceoff selftest\n"
        "faceoff selftest --streams 64,512 --lock-step --json",
    .run = execute};

}  // namespace faceoff::cli
