#pragma once

#include <faceoff/chat/metrics.h>
#include <faceoff/compare/distribution.h>
#include <faceoff/store/record.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace faceoff::compare {

// One figure of docs/metrics.md over the answers of a backend.
struct Figure {
  std::string_view name;
  std::string_view unit;
  std::string_view tool;  // empty, or whose definition it is
  Distribution values;
};

// Every figure of the glossary over many answers: those of one answer each, and the pauses between
// tokens of all answers together (gap, itl_tok, vllm_itl, aiperf_icl).
class Figures {
 public:
  // An answer of the latency statistics: it came whole, over the wire, at the first attempt.
  void add(const chat::MetricValues& values,
           const chat::Timing& timing,
           const chat::Usage& usage,
           Duration client_queue);
  void count_tokens(chat::TokenSource source) noexcept {
    ++sources_[static_cast<std::size_t>(source)];
  }
  // Adds the answer of a record where it may; a retried one has e2e_eventual and throttled only.
  void add(const store::Record& record);

  // In the order of chat::metric_table(), the pooled ones behind it; those that no answer has are
  // left out.
  [[nodiscard]] std::vector<Figure> figures() const;
  [[nodiscard]] const ValueSample& of(chat::Metric metric) const {
    return samples_[static_cast<std::size_t>(metric)];
  }
  [[nodiscard]] const ValueSample& gaps() const noexcept { return gaps_; }
  [[nodiscard]] std::uint64_t token_events() const noexcept { return token_events_; }
  [[nodiscard]] std::uint64_t coalesced() const noexcept { return coalesced_; }
  [[nodiscard]] std::uint64_t kernel_stamps() const noexcept { return kernel_stamps_; }
  // Answers by where their token count comes from, best source first.
  using Sources = std::array<std::uint64_t, 6>;
  [[nodiscard]] const Sources& token_sources() const noexcept { return sources_; }

 private:
  static constexpr std::size_t kPooled = 65536;

  std::array<ValueSample, chat::kMetrics> samples_{};
  ValueSample gaps_{kPooled};
  ValueSample token_gaps_{kPooled};
  ValueSample vllm_itl_{kPooled};
  ValueSample aiperf_icl_{kPooled};
  Sources sources_{};
  std::uint64_t token_events_ = 0;
  std::uint64_t coalesced_ = 0;
  std::uint64_t kernel_stamps_ = 0;
};

}  // namespace faceoff::compare
