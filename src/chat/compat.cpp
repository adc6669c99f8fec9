#include <faceoff/chat/compat.h>

namespace faceoff::chat {
namespace {

constexpr double kMsPerSecond = 1000.0;

bool has_choices(const EventMark& mark) noexcept {
  return is_token(mark.what) || mark.what == EventClass::role || mark.what == EventClass::empty;
}

bool is_iteration(const EventMark& mark) noexcept {
  return mark.what == EventClass::reasoning || mark.what == EventClass::content ||
         mark.what == EventClass::tool;
}

bool is_text(const EventMark& mark) noexcept {
  return mark.what == EventClass::reasoning || mark.what == EventClass::content;
}

bool is_content(const EventMark& mark) noexcept {
  return mark.what == EventClass::content;
}

// Times since the start, of the frames for which `fits` holds of one of their events.
template <class Fits>
std::vector<double> times(const CompatInput& input, Fits fits) {
  std::vector<double> out;
  bool taken = false;  // of the present frame
  for (const EventMark& mark : input.marks) {
    taken = taken && mark.joined;
    if (!taken && fits(mark)) {
      out.push_back(mark.ms + input.start_ms);
      taken = true;
    }
  }
  return out;
}

std::vector<double> gaps_between(const std::vector<double>& at) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < at.size(); ++i) {
    gaps.push_back(at[i] - at[i - 1]);
  }
  return gaps;
}

std::optional<double> first_of(const std::vector<double>& at) {
  return at.empty() ? std::nullopt : std::optional(at.front());
}

std::optional<double> since_start(const CompatInput& input) {
  return input.end_ms ? std::optional(*input.end_ms + input.start_ms) : std::nullopt;
}

std::optional<double> per_token_after_first(double span, std::int64_t n) {
  return n > 1 ? std::optional(span / static_cast<double>(n - 1)) : std::nullopt;
}

}  // namespace

CompatInput compat_input(const Timing& timing, const Usage& usage, Duration client_queue) {
  CompatInput input;
  input.marks = marks_of(timing);
  input.start_ms = to_ms(client_queue + timing.connect.value_or(Duration{0}));
  if (timing.e2e) {
    input.end_ms = to_ms(*timing.e2e + timing.tail.value_or(Duration{0}));
  }
  if (usage.source == "usage") {
    input.completion_tokens = usage.completion_tokens;
    input.prompt_tokens = usage.prompt_tokens;
  }
  return input;
}

VllmFigures vllm_figures(const CompatInput& input) {
  VllmFigures out;
  const auto at = times(input, has_choices);
  if (at.empty()) {
    return out;
  }
  out.ttft = at.front();
  out.e2el = at.back();
  out.itl = gaps_between(at);
  if (input.completion_tokens) {
    out.tpot = per_token_after_first(at.back() - at.front(), *input.completion_tokens);
  }
  return out;
}

GuidellmFigures guidellm_figures(const CompatInput& input) {
  GuidellmFigures out;
  const auto at = times(input, is_iteration);
  if (at.empty()) {
    return out;
  }
  const auto n = input.completion_tokens.value_or(static_cast<std::int64_t>(at.size()));
  out.ttft = at.front();
  out.ttfot = first_of(times(input, [](const EventMark& mark) {
    return is_iteration(mark) && mark.what != EventClass::reasoning;
  }));
  out.itl = per_token_after_first(at.back() - at.front(), n);
  if (n > 0) {
    out.tpot = at.back() / static_cast<double>(n);
    const auto end = since_start(input);
    if (end && *end > 0.0) {
      out.tok_s = kMsPerSecond * static_cast<double>(n) / *end;
    }
  }
  return out;
}

AiperfFigures aiperf_figures(const CompatInput& input) {
  AiperfFigures out;
  const auto at = times(input, is_text);
  if (at.empty()) {
    return out;
  }
  out.ttft = at.front();
  out.ttfo = first_of(times(input, is_content));
  out.icl = gaps_between(at);
  if (!out.icl.empty()) {
    out.ttst = out.icl.front();
  }
  out.latency = at.back();
  if (input.completion_tokens) {
    out.itl = per_token_after_first(*out.latency - *out.ttft, *input.completion_tokens);
  }
  if (out.itl && *out.itl > 0.0) {
    out.tok_s_user = kMsPerSecond / *out.itl;
  }
  if (input.prompt_tokens && *out.ttft > 0.0) {
    out.prefill_tok_s = kMsPerSecond * static_cast<double>(*input.prompt_tokens) / *out.ttft;
  }
  return out;
}

LlmperfFigures llmperf_figures(const CompatInput& input) {
  LlmperfFigures out;
  const auto at = times(input, is_content);
  const auto chunks = times(input, [](const EventMark& mark) {
    return has_choices(mark) || mark.what == EventClass::usage;
  });
  out.ttft = first_of(at);
  if (!at.empty()) {
    // The first token's time and the gaps after it add up to the last one's.
    out.itl = at.back() / static_cast<double>(chunks.size());
    out.e2e = since_start(input);
  }
  return out;
}

}  // namespace faceoff::chat
