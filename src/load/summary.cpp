#include <faceoff/load/summary.h>
#include <faceoff/stats/quantile.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::load {
namespace {

// Of the output in the last tenth, and of the pauses without length: it was not streamed. Either
// alone says little: a short answer after a long wait for its first token ends in a burst too.
constexpr double kBurst = 0.9;
constexpr double kUnstreamedPart = 0.5;  // of the answers
constexpr double kCachedPart = 0.5;      // of the prompt tokens

bool is_measured(const Sample& sample) {
  return sample.phase != Phase::warmup;
}

struct Span {
  TimePoint from = kNever;
  TimePoint to{};
};

class Summarising {
 public:
  Summarising(const Stage& stage,
              const StageResult& result,
              std::size_t target,
              std::span<const Slo> slos)
      : stage_(stage), result_(result), target_(target), slos_(slos) {
    out_.slo_undefined.resize(slos.size());
  }

  StageSummary run() {
    for (const Sample& sample : result_.samples) {
      if (sample.target == target_) {
        take(sample);
      }
    }
    finish_rates();
    count_in_flight();
    warn();
    return std::move(out_);
  }

 private:
  void take(const Sample& sample) {
    if (!is_measured(sample)) {
      ++out_.warmup;
      return;
    }
    ++out_.issued;
    out_.drained += sample.phase == Phase::drain ? 1U : 0U;
    ++out_.by_status[static_cast<std::size_t>(sample.status)];
    out_.simulated = out_.simulated || sample.simulated;
    if (sample.ready) {
      whole_.from = std::min(whole_.from, *sample.ready);
      steady_to_ = std::max(steady_to_, *sample.ready);
    }
    if (sample.status != AnswerStatus::ok) {
      if (out_.first_failure.empty()) {
        out_.first_failure = sample.message;
      }
      return;
    }
    take_answer(sample);
  }

  void take_answer(const Sample& sample) {
    whole_.to = std::max(whole_.to, sample.last);
    out_.cut_by_length += sample.length ? 1U : 0U;
    out_.usage_missing += sample.tokens.source > chat::TokenSource::server_timing ? 1U : 0U;
    out_.figures.add(sample.values, sample.timing, sample.usage, sample.client_queue);
    out_.figures.count_tokens(sample.tokens.source);
    for (std::size_t i = 0; i < slos_.size(); ++i) {
      out_.slo_undefined[i] += chat::of(sample.values, slos_[i].metric) ? 0U : 1U;
    }
    const bool good = meets_all(sample.values, slos_);
    out_.good += good ? 1U : 0U;
    const std::int64_t n = sample.tokens.n.value_or(0);
    tokens_ += n;
    if (sample.last <= steady_limit()) {
      ++steady_answers_;
      steady_tokens_ += n;
      steady_good_ += good ? 1U : 0U;
    }
    const auto& at = sample.timing.events_ms;
    if (n > 1 && at.size() > 1 && at.back() > at.front()) {
      decode_tokens_ += static_cast<double>(n - 1);
      decode_ms_ += at.back() - at.front();
    }
    out_.prompt_tokens += sample.usage.prompt_tokens.value_or(0);
    out_.cached_tokens += sample.usage.cached_tokens.value_or(0);
    unstreamed_ += is_burst(sample) ? 1U : 0U;
  }

  static bool is_burst(const Sample& sample) {
    const chat::Timing& timing = sample.timing;
    const auto& at = timing.events_ms;
    if (!timing.streamed || sample.tokens.n.value_or(0) <= 1 || at.empty()) {
      return false;
    }
    const double gaps = static_cast<double>(timing.token_events) - 1.0;
    return at.back() <= at.front() || (timing.burst_index.value_or(0.0) >= kBurst &&
                                       static_cast<double>(timing.coalesced) >= kBurst * gaps);
  }

  // The start of the last measured request.
  [[nodiscard]] TimePoint steady_limit() {
    if (!steady_known_) {
      for (const Sample& sample : result_.samples) {
        if (sample.target == target_ && is_measured(sample) && sample.ready) {
          steady_to_ = std::max(steady_to_, *sample.ready);
        }
      }
      steady_known_ = true;
    }
    return steady_to_;
  }

  void finish_rates() {
    const auto ok = static_cast<double>(out_.count(AnswerStatus::ok));
    out_.good_share =
        out_.issued == 0 ? 0.0 : static_cast<double>(out_.good) / static_cast<double>(out_.issued);
    if (whole_.to > whole_.from) {
      const double s = to_seconds(whole_.to - whole_.from);
      out_.whole = {
          s, ok / s, static_cast<double>(tokens_) / s, static_cast<double>(out_.good) / s};
    }
    if (whole_.from != kNever && steady_to_ > whole_.from) {
      const double s = to_seconds(steady_to_ - whole_.from);
      out_.steady = {s,
                     static_cast<double>(steady_answers_) / s,
                     static_cast<double>(steady_tokens_) / s,
                     static_cast<double>(steady_good_) / s};
    }
    if (decode_ms_ > 0.0) {
      constexpr double kMsPerSecond = 1000.0;
      out_.decode_tok_s = kMsPerSecond * decode_tokens_ / decode_ms_;
    }
  }

  // A sweep over [t_ready, t_last) of every request of the target.
  void count_in_flight() {
    std::vector<std::pair<TimePoint, int>> steps;
    for (const Sample& sample : result_.samples) {
      if (sample.target == target_ && sample.ready && sample.last > *sample.ready) {
        steps.emplace_back(*sample.ready, +1);
        steps.emplace_back(sample.last, -1);
      }
    }
    std::ranges::sort(steps);
    std::int64_t now = 0;
    double area = 0.0;
    TimePoint since = whole_.from;
    for (const auto& [at, change] : steps) {
      const TimePoint until =
          std::clamp(at, std::min(since, whole_.to), std::max(since, whole_.to));
      area += static_cast<double>(now) * to_seconds(until - std::min(since, until));
      since = std::max(since, until);
      now += change;
      out_.concurrency_max = std::max(out_.concurrency_max, now);
    }
    if (out_.whole.window_s > 0.0) {
      out_.concurrency_mean = area / out_.whole.window_s;
    }
  }

  void warn() {
    const auto answers = out_.count(AnswerStatus::ok);
    if (answers > 0 &&
        static_cast<double>(unstreamed_) >= kUnstreamedPart * static_cast<double>(answers)) {
      out_.warnings.push_back(fmt::format(
          "{} of {} answers came in one burst: the server (or a proxy before it) does not stream; "
          "ttft and tpot are not the model's",
          unstreamed_,
          answers));
    }
    if (const auto share = delayed_ack_share(out_.figures.gaps().values())) {
      out_.warnings.push_back(
          fmt::format("{:.1f}% of the pauses between tokens are steps of about 40 ms: the server "
                      "waits for delayed ACKs (it should set TCP_NODELAY)",
                      *share * 100));
    }
    if (out_.prompt_tokens > 0 && static_cast<double>(out_.cached_tokens) >
                                      kCachedPart * static_cast<double>(out_.prompt_tokens)) {
      out_.warnings.push_back(
          fmt::format("{:.0f}% of the prompt tokens came from the server's cache: ttft is that of "
                      "a warm cache (--prompt-cache cold or nonce avoids it)",
                      100.0 * static_cast<double>(out_.cached_tokens) /
                          static_cast<double>(out_.prompt_tokens)));
    }
    if (out_.usage_missing > 0) {
      out_.warnings.push_back(
          fmt::format("{} answers came without a token count; theirs is counted otherwise",
                      out_.usage_missing));
    }
    if (stage_.mode == Mode::open && out_.concurrency_max >= stage_.max_in_flight) {
      out_.warnings.push_back(
          fmt::format("{} requests were in flight, as many as there may be: later ones left late",
                      stage_.max_in_flight));
    }
  }

  const Stage& stage_;
  const StageResult& result_;
  std::size_t target_;
  std::span<const Slo> slos_;
  StageSummary out_;
  Span whole_;
  TimePoint steady_to_{};
  bool steady_known_ = false;
  std::int64_t tokens_ = 0;
  std::int64_t steady_tokens_ = 0;
  std::uint64_t steady_answers_ = 0;
  std::uint64_t steady_good_ = 0;
  std::uint64_t unstreamed_ = 0;
  double decode_tokens_ = 0.0;
  double decode_ms_ = 0.0;
};

}  // namespace

StageSummary summarise(const Stage& stage,
                       const StageResult& result,
                       std::size_t target,
                       std::span<const Slo> slos) {
  return Summarising(stage, result, target, slos).run();
}

std::optional<double> delayed_ack_share(std::span<const double> gaps_ms) {
  // Linux delays an ACK by 40 ms; the step is that plus what the network takes.
  constexpr double kFrom = 39.0;
  constexpr double kTo = 45.0;
  constexpr double kFar = 12.0;
  constexpr double kLeast = 0.02;
  constexpr double kTimes = 4.0;
  const auto within = [&](double from, double to) {
    return static_cast<double>(
        std::ranges::count_if(gaps_ms, [&](double gap) { return gap >= from && gap < to; }));
  };
  const auto median = stats::quantile(gaps_ms, 0.5);
  if (!median || (*median > kFrom - kFar && *median < kTo + kFar)) {
    return std::nullopt;
  }
  const double step = within(kFrom, kTo);
  const double beside =
      (within(kFrom - kFar, kFrom) + within(kTo, kTo + kFar)) * (kTo - kFrom) / (2.0 * kFar);
  const double share = step / static_cast<double>(gaps_ms.size());
  return share >= kLeast && step >= kTimes * beside ? std::optional(share) : std::nullopt;
}

Break find_break(std::vector<SweepPoint> points, double wanted) {
  std::ranges::sort(points, {}, &SweepPoint::load);
  Break out;
  for (const SweepPoint& point : points) {
    if (point.good_share < wanted) {
      out.breaks = point.load;
      break;
    }
    out.holds = point.load;
  }
  return out;
}

}  // namespace faceoff::load
