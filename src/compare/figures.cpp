#include <faceoff/chat/compat.h>
#include <faceoff/compare/figures.h>

namespace faceoff::compare {
namespace {

void add_all(const std::vector<double>& values, ValueSample& sample) {
  for (const double value : values) {
    sample.add(value);
  }
}

void put(std::vector<Figure>& out,
         std::string_view name,
         std::string_view unit,
         std::string_view tool,
         const ValueSample& sample) {
  if (sample.n() > 0) {
    out.push_back({.name = name, .unit = unit, .tool = tool, .values = sample.describe()});
  }
}

}  // namespace

void Figures::add(const chat::MetricValues& values,
                  const chat::Timing& timing,
                  const chat::Usage& usage,
                  Duration client_queue) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    samples_[i].add(values[i]);
  }
  token_events_ += timing.token_events;
  coalesced_ += timing.coalesced;
  kernel_stamps_ += timing.kernel_stamps;
  if (timing.events_ms.empty()) {
    return;
  }
  add_all(chat::gaps_of(timing), gaps_);
  add_all(chat::token_gaps_of(timing), token_gaps_);
  const auto input = chat::compat_input(timing, usage, client_queue);
  add_all(chat::vllm_figures(input).itl, vllm_itl_);
  add_all(chat::aiperf_figures(input).icl, aiperf_icl_);
}

void Figures::add(const store::Record& record) {
  if (record.cached || record.suspended || record.error || !record.completion.complete()) {
    return;
  }
  const chat::MetricValues values = chat::measure({.timing = record.timing,
                                                   .completion = record.completion,
                                                   .client_queue = record.client_queue,
                                                   .schedule_delay = std::nullopt});
  count_tokens(chat::count_output_tokens(record.completion, record.timing).source);
  if (record.attempts.size() > 1) {
    for (const auto metric : {chat::Metric::e2e_eventual, chat::Metric::throttled}) {
      samples_[static_cast<std::size_t>(metric)].add(chat::of(values, metric));
    }
    return;
  }
  add(values, record.timing, record.completion.usage, record.client_queue);
}

std::vector<Figure> Figures::figures() const {
  std::vector<Figure> out;
  for (const auto& row : chat::metric_table()) {
    put(out, row.name, row.unit, row.tool, of(row.id));
  }
  put(out, "gap", "ms", "", gaps_);
  put(out, "itl_tok", "ms/token", "", token_gaps_);
  put(out, "vllm_itl", "ms", "vllm", vllm_itl_);
  put(out, "aiperf_icl", "ms", "aiperf", aiperf_icl_);
  return out;
}

}  // namespace faceoff::compare
