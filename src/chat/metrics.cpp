#include <faceoff/chat/compat.h>
#include <faceoff/chat/metrics.h>

#include <algorithm>
#include <utility>

namespace faceoff::chat {
namespace {

constexpr double kMsPerSecond = 1000.0;

constexpr std::array<MetricInfo, kMetrics> kTable{{
    {Metric::schedule_delay, "schedule_delay", "ms", ""},
    {Metric::client_queue, "client_queue", "ms", ""},
    {Metric::connect, "connect", "ms", ""},
    {Metric::dns, "dns", "ms", ""},
    {Metric::tls, "tls", "ms", ""},
    {Metric::ttfb, "ttfb", "ms", ""},
    {Metric::ttft, "ttft", "ms", ""},
    {Metric::ttfo, "ttfo", "ms", ""},
    {Metric::ttfc, "ttfc", "ms", ""},
    {Metric::ttft_incl_setup, "ttft_incl_setup", "ms", ""},
    {Metric::ttft_sched, "ttft_sched", "ms", ""},
    {Metric::thinking_time, "thinking_time", "ms", ""},
    {Metric::e2e, "e2e", "ms", ""},
    {Metric::e2e_sched, "e2e_sched", "ms", ""},
    {Metric::e2e_eventual, "e2e_eventual", "ms", ""},
    {Metric::throttled, "throttled", "ms", ""},
    {Metric::tail, "tail", "ms", ""},
    {Metric::max_gap, "max_gap", "ms", ""},
    {Metric::tpot, "tpot", "ms/token", ""},
    {Metric::ntpot, "ntpot", "ms/token", ""},
    {Metric::tok_s_user, "tok_s_user", "tok/s", ""},
    {Metric::visible_tok_s, "visible_tok_s", "tok/s", ""},
    {Metric::prefill_tok_s, "prefill_tok_s", "tok/s", ""},
    {Metric::char_s, "char_s", "char/s", ""},
    {Metric::burst_index, "burst_index", "share", ""},
    {Metric::server_queue, "server_queue", "ms", ""},
    {Metric::server_ttft, "server_ttft", "ms", ""},
    {Metric::server_prefill, "server_prefill", "ms", ""},
    {Metric::server_decode, "server_decode", "ms", ""},
    {Metric::server_processing, "server_processing", "ms", ""},
    {Metric::net_overhead, "net_overhead", "ms", ""},
    {Metric::vllm_ttft, "vllm_ttft", "ms", "vllm"},
    {Metric::vllm_tpot, "vllm_tpot", "ms/token", "vllm"},
    {Metric::vllm_e2el, "vllm_e2el", "ms", "vllm"},
    {Metric::guidellm_ttft, "guidellm_ttft", "ms", "guidellm"},
    {Metric::guidellm_ttfot, "guidellm_ttfot", "ms", "guidellm"},
    {Metric::guidellm_itl, "guidellm_itl", "ms/token", "guidellm"},
    {Metric::guidellm_tpot, "guidellm_tpot", "ms/token", "guidellm"},
    {Metric::guidellm_tok_s, "guidellm_tok_s", "tok/s", "guidellm"},
    {Metric::aiperf_ttft, "aiperf_ttft", "ms", "aiperf"},
    {Metric::aiperf_ttfo, "aiperf_ttfo", "ms", "aiperf"},
    {Metric::aiperf_ttst, "aiperf_ttst", "ms", "aiperf"},
    {Metric::aiperf_itl, "aiperf_itl", "ms/token", "aiperf"},
    {Metric::aiperf_latency, "aiperf_latency", "ms", "aiperf"},
    {Metric::aiperf_tok_s_user, "aiperf_tok_s_user", "tok/s", "aiperf"},
    {Metric::aiperf_prefill_tok_s, "aiperf_prefill_tok_s", "tok/s", "aiperf"},
    {Metric::llmperf_ttft, "llmperf_ttft", "ms", "llmperf"},
    {Metric::llmperf_itl, "llmperf_itl", "ms/token", "llmperf"},
    {Metric::llmperf_e2e, "llmperf_e2e", "ms", "llmperf"},
}};

std::optional<double> ms(const std::optional<Duration>& d) {
  return d ? std::optional(to_ms(*d)) : std::nullopt;
}

template <class... Terms>
std::optional<double> sum(const Terms&... terms) {
  return (terms && ...) ? std::optional((*terms + ...)) : std::nullopt;
}

std::optional<double> difference(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b ? std::optional(*a - *b) : std::nullopt;
}

std::optional<double> per_second(double count, const std::optional<double>& span_ms) {
  return span_ms && *span_ms > 0.0 && count > 0.0 ? std::optional(kMsPerSecond * count / *span_ms)
                                                  : std::nullopt;
}

class Measuring {
 public:
  explicit Measuring(const Measured& answer)
      : in_(answer), tokens_(count_output_tokens(answer.completion, answer.timing)) {}

  MetricValues values() {
    times();
    rates();
    server();
    others();
    return values_;
  }

 private:
  void set(Metric metric, std::optional<double> value) {
    values_[static_cast<std::size_t>(metric)] = value;
  }
  [[nodiscard]] const std::optional<double>& get(Metric metric) const {
    return of(values_, metric);
  }

  void times() {
    const Timing& t = in_.timing;
    const auto delay = ms(in_.schedule_delay);
    set(Metric::schedule_delay, delay);
    set(Metric::client_queue, to_ms(in_.client_queue));
    set(Metric::connect, ms(t.connect));
    set(Metric::dns, ms(t.dns));
    set(Metric::tls, ms(t.tls));
    set(Metric::ttfb, ms(t.ttfb));
    set(Metric::ttft, ms(t.ttft));
    set(Metric::ttfo, ms(t.ttfo));
    set(Metric::ttfc, first_choice());
    set(Metric::ttft_incl_setup,
        sum(ms(t.ttft), std::optional(to_ms(in_.client_queue + t.connect.value_or(Duration{0})))));
    set(Metric::ttft_sched, sum(ms(t.ttft), delay));
    set(Metric::thinking_time, difference(ms(t.ttfo), ms(t.ttft)));
    set(Metric::e2e, ms(t.e2e));
    set(Metric::e2e_sched, sum(ms(t.e2e), delay));
    set(Metric::e2e_eventual, ms(t.eventual ? t.eventual : t.e2e));
    set(Metric::throttled, ms(t.throttled));
    set(Metric::tail, ms(t.tail));
    set(Metric::max_gap, ms(t.max_gap));
    set(Metric::char_s, t.characters_per_second);
    set(Metric::burst_index, t.burst_index);
  }

  void rates() {
    const Timing& t = in_.timing;
    const Usage& usage = in_.completion.usage;
    const double n = static_cast<double>(tokens_.n.value_or(0));
    if (n > 1.0 && t.events_ms.size() > 1 && t.events_ms.back() > t.events_ms.front()) {
      set(Metric::tpot, (t.events_ms.back() - t.events_ms.front()) / (n - 1.0));
    } else {
      set(Metric::tpot, ms(t.tpot));
    }
    if (n > 0.0 && t.e2e) {
      set(Metric::ntpot, to_ms(*t.e2e) / n);
    }
    set(Metric::tok_s_user, per_second(1.0, get(Metric::tpot)));
    if (t.ttfo && t.e2e && tokens_.source <= TokenSource::logprobs) {
      const double visible = n - static_cast<double>(usage.reasoning_tokens.value_or(0));
      set(Metric::visible_tok_s, per_second(visible - 1.0, to_ms(*t.e2e - *t.ttfo)));
    }
    if (usage.prompt_tokens) {
      const std::int64_t fresh = *usage.prompt_tokens - usage.cached_tokens.value_or(0);
      set(Metric::prefill_tok_s, per_second(static_cast<double>(fresh), get(Metric::ttft)));
    }
  }

  void server() {
    const ServerTiming& s = in_.completion.server;
    set(Metric::server_queue, s.queue_ms);
    set(Metric::server_prefill, s.prompt_ms);
    set(Metric::server_decode, s.predicted_ms);
    set(Metric::server_processing, s.processing_ms);
    // llama-server and Ollama name the parts, vLLM the whole.
    set(Metric::server_ttft, s.ttft_ms);
    if (!s.ttft_ms && s.prompt_ms) {
      set(Metric::server_ttft, *s.prompt_ms + s.load_ms.value_or(0.0));
    }
    const auto server_side = sum(get(Metric::server_ttft), std::optional(s.queue_ms.value_or(0.0)));
    set(Metric::net_overhead, difference(get(Metric::ttft), server_side));
  }

  void others() {
    if (!in_.timing.streamed) {
      return;
    }
    const CompatInput input = compat_input(in_.timing, in_.completion.usage, in_.client_queue);
    const VllmFigures vllm = vllm_figures(input);
    set(Metric::vllm_ttft, vllm.ttft);
    set(Metric::vllm_tpot, vllm.tpot);
    set(Metric::vllm_e2el, vllm.e2el);
    const GuidellmFigures guidellm = guidellm_figures(input);
    set(Metric::guidellm_ttft, guidellm.ttft);
    set(Metric::guidellm_ttfot, guidellm.ttfot);
    set(Metric::guidellm_itl, guidellm.itl);
    set(Metric::guidellm_tpot, guidellm.tpot);
    set(Metric::guidellm_tok_s, guidellm.tok_s);
    const AiperfFigures aiperf = aiperf_figures(input);
    set(Metric::aiperf_ttft, aiperf.ttft);
    set(Metric::aiperf_ttfo, aiperf.ttfo);
    set(Metric::aiperf_ttst, aiperf.ttst);
    set(Metric::aiperf_itl, aiperf.itl);
    set(Metric::aiperf_latency, aiperf.latency);
    set(Metric::aiperf_tok_s_user, aiperf.tok_s_user);
    set(Metric::aiperf_prefill_tok_s, aiperf.prefill_tok_s);
    const LlmperfFigures llmperf = llmperf_figures(input);
    set(Metric::llmperf_ttft, llmperf.ttft);
    set(Metric::llmperf_itl, llmperf.itl);
    set(Metric::llmperf_e2e, llmperf.e2e);
  }

  [[nodiscard]] std::optional<double> first_choice() const {
    for (const EventMark& mark : marks_of(in_.timing)) {
      if (is_token(mark.what) || mark.what == EventClass::role || mark.what == EventClass::empty) {
        return mark.ms;
      }
    }
    return std::nullopt;
  }

  const Measured& in_;
  TokenCount tokens_;
  MetricValues values_{};
};

}  // namespace

std::span<const MetricInfo, kMetrics> metric_table() noexcept {
  return kTable;
}

const MetricInfo& info(Metric metric) noexcept {
  return kTable[static_cast<std::size_t>(metric)];
}

std::optional<Metric> parse_metric(std::string_view name) noexcept {
  const auto* it = std::ranges::find(kTable, name, &MetricInfo::name);
  return it == kTable.end() ? std::nullopt : std::optional(it->id);
}

std::string_view to_string(TokenSource source) noexcept {
  constexpr std::array<std::string_view, 6> kNames{
      "usage", "server_timing", "logprobs", "events", "chars", "none"};
  return kNames[static_cast<std::size_t>(source)];
}

TokenCount count_output_tokens(const Completion& completion, const Timing& timing) {
  const Usage& usage = completion.usage;
  if (usage.completion_tokens) {
    return {usage.completion_tokens,
            usage.source == "usage" ? TokenSource::usage : TokenSource::server_timing};
  }
  if (!timing.event_tokens.empty()) {
    std::int64_t n = 0;
    for (const std::uint32_t tokens : timing.event_tokens) {
      n += tokens;
    }
    return {n, TokenSource::logprobs};
  }
  if (timing.token_events > 0) {
    return {timing.token_events, TokenSource::events};
  }
  constexpr std::size_t kBytesPerToken = 4;
  const std::size_t bytes = completion.text.size() + completion.reasoning.size();
  if (bytes > 0) {
    return {static_cast<std::int64_t>((bytes + kBytesPerToken - 1) / kBytesPerToken),
            TokenSource::chars};
  }
  return {};
}

MetricValues measure(const Measured& answer) {
  return Measuring(answer).values();
}

}  // namespace faceoff::chat
