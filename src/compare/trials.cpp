#include <faceoff/compare/trials.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace faceoff::compare {
namespace {

using backend::FailureKind;

// flags: outcome + 1 in 3 bits, error + 1 in 6, then one bit or two each.
constexpr unsigned kErrorShift = 3;
constexpr unsigned kErrorMask = 0x3F;
constexpr unsigned kOutcomeMask = 0x7;
constexpr unsigned kSimulated = 1U << 9U;
constexpr unsigned kCached = 1U << 10U;
constexpr unsigned kValueShift = 11;
enum ValueCode : unsigned { kNoValue, kZero, kOne, kOther };

constexpr std::uint16_t kNoTokens = 0xFFFF;
constexpr std::uint16_t kWideTokens = 0xFFFE;
constexpr std::int32_t kNoStart = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kNoCost = std::numeric_limits<std::int64_t>::min();
constexpr std::size_t kMessages = 32;        // kept of one kind of failure
constexpr std::size_t kMessageBytes = 1000;  // of each

// A time as a count of 1 ns, 100 ns, 10 us or 1 ms, as fine as fits: exact up to a second, to seven
// digits up to twelve days.
constexpr std::uint32_t kNoTime = 0xFFFFFFFF;
constexpr std::uint32_t kInfinite = 0xFFFFFFFE;
constexpr unsigned kUnitShift = 30;
constexpr std::uint32_t kCountMask = (1U << kUnitShift) - 1;
constexpr std::array<double, 4> kUnits{1e9, 1e7, 1e5, 1e3};  // a second

std::uint32_t pack_time(double seconds) noexcept {
  if (std::isinf(seconds)) {
    return kInfinite;
  }
  for (std::uint32_t unit = 0; unit < kUnits.size(); ++unit) {
    const double count = std::round(seconds * kUnits[unit]);
    // The last count of the last unit is taken.
    if (count >= 0 && count < kCountMask - 1) {
      return (unit << kUnitShift) | static_cast<std::uint32_t>(count);
    }
  }
  return seconds < 0 ? 0 : kInfinite - 2;
}

std::optional<double> unpack_time(std::uint32_t packed) noexcept {
  if (packed == kNoTime) {
    return std::nullopt;
  }
  if (packed == kInfinite) {
    return std::numeric_limits<double>::infinity();
  }
  return (packed & kCountMask) / kUnits[packed >> kUnitShift];
}

template <typename T>
void set_cell(std::unique_ptr<T>& cells,
              std::size_t cell,
              typename T::value_type value,
              typename T::value_type absent) {
  if (!cells) {
    if (value == absent) {
      return;
    }
    cells = std::make_unique<T>();
    cells->fill(absent);
  }
  (*cells)[cell] = value;
}

template <typename Side>
std::uint16_t pack_tokens(std::optional<std::int64_t> tokens,
                          const typename Side::key_type& place,
                          Side& wide) {
  if (tokens && *tokens >= 0 && *tokens < kWideTokens) {
    wide.erase(place);
    return static_cast<std::uint16_t>(*tokens);
  }
  if (!tokens) {
    wide.erase(place);
    return kNoTokens;
  }
  wide[place] = *tokens;
  return kWideTokens;
}

template <typename Side>
std::optional<std::int64_t> unpack_tokens(std::uint16_t packed,
                                          const typename Side::key_type& place,
                                          const Side& wide) {
  if (packed == kNoTokens) {
    return std::nullopt;
  }
  return packed == kWideTokens ? wide.at(place) : packed;
}

unsigned flags_of(const Trial& trial) noexcept {
  unsigned flags = static_cast<unsigned>(trial.outcome) + 1;
  if (trial.error) {
    flags |= (static_cast<unsigned>(*trial.error) + 1) << kErrorShift;
  }
  flags |= (trial.simulated ? kSimulated : 0) | (trial.cached ? kCached : 0);
  if (trial.value) {
    const unsigned code = *trial.value == 0.0 ? kZero : *trial.value == 1.0 ? kOne : kOther;
    flags |= code << kValueShift;
  }
  return flags;
}

}  // namespace

Trials::Chunk& Trials::chunk_for(CaseIndex item, std::int32_t repeat) {
  Plane& plane = planes_[repeat];
  const std::size_t at = item / kChunk;
  if (plane.size() <= at) {
    plane.resize(at + 1);
  }
  if (!plane[at]) {
    plane[at] = std::make_unique<Chunk>();
  }
  return *plane[at];
}

std::uint16_t Trials::history_of(const Trial& trial) {
  constexpr std::size_t kMost = 0xFFFF;
  History history{trial.retries, trial.prompts_sent};
  if (histories_.size() == kMost && history_numbers_.find(history) == history_numbers_.end()) {
    // More patterns than numbers: none of a run's length has been seen; counted as not retried.
    history = {};
  }
  const auto [at, fresh] = history_numbers_.try_emplace(
      std::move(history), static_cast<std::uint16_t>(histories_.size()));
  if (fresh) {
    histories_.push_back(&at->first);
  }
  return at->second;
}

void Trials::put_times(const Trial& trial, Chunk& chunk, std::size_t cell) {
  for (std::size_t i = 0; i < chunk.times.size(); ++i) {
    const auto& seconds = trial.seconds(static_cast<Time>(i));
    set_cell(chunk.times[i], cell, seconds ? pack_time(*seconds) : kNoTime, kNoTime);
  }
  std::int32_t started = kNoStart;
  if (trial.started) {
    const auto ms = static_cast<std::int64_t>(std::round(*trial.started * 1000.0));
    epoch_ms_ = epoch_ms_.value_or(ms);
    constexpr std::int64_t kReach = std::numeric_limits<std::int32_t>::max();
    started = static_cast<std::int32_t>(std::clamp(ms - *epoch_ms_, -kReach, kReach));
  }
  set_cell(chunk.started, cell, started, kNoStart);
  if (trial.ended) {
    last_end_ = std::max(last_end_.value_or(*trial.ended), *trial.ended);
  }
}

void Trials::put_message(const Trial& trial) {
  const std::pair<std::string, std::int32_t> place{trial.case_id, trial.repeat};
  for (auto& [kind, examples] : messages_) {
    examples.erase(place);
  }
  if (!trial.error) {
    return;
  }
  auto& examples = messages_[*trial.error];
  if (examples.size() < kMessages || place < std::prev(examples.end())->first) {
    examples[place] = trial.error_message.substr(0, kMessageBytes);
    if (examples.size() > kMessages) {
      examples.erase(std::prev(examples.end()));
    }
  }
}

void Trials::put(const Trial& trial) {
  const CaseIndex item = cases_->add(trial.case_id, trial.digest, trial.tags, trial.cluster);
  Chunk& chunk = chunk_for(item, trial.repeat);
  const std::size_t cell = item % kChunk;
  const unsigned before = chunk.flags[cell];
  size_ += before == 0 ? 1 : 0;
  simulated_ -= (before & kSimulated) != 0 ? 1 : 0;
  simulated_ += trial.simulated ? 1 : 0;
  const unsigned flags = flags_of(trial);
  chunk.flags[cell] = static_cast<std::uint16_t>(flags);
  chunk.history[cell] = history_of(trial);
  const bool plain = flags >> kValueShift != kOther;
  set_cell(chunk.values, cell, plain ? 0.0 : *trial.value, 0.0);
  put_times(trial, chunk, cell);
  const Side::key_type place{item, trial.repeat};
  set_cell(
      chunk.prompt_tokens, cell, pack_tokens(trial.prompt_tokens, place, wide_prompts_), kNoTokens);
  set_cell(chunk.completion_tokens,
           cell,
           pack_tokens(trial.completion_tokens, place, wide_completions_),
           kNoTokens);
  set_cell(chunk.cost, cell, trial.cost ? trial.cost->picodollars : kNoCost, kNoCost);
  if (trial.error || before != 0) {
    put_message(trial);
  }
  book_.put(item, trial.case_id, trial.repeat, trial.said);
}

bool Trials::has(CaseIndex item) const noexcept {
  const std::size_t at = item / kChunk;
  return std::any_of(planes_.begin(), planes_.end(), [&](const auto& entry) {
    const Plane& plane = entry.second;
    return at < plane.size() && plane[at] && plane[at]->flags[item % kChunk] != 0;
  });
}

std::optional<Trials::Ref> Trials::find(CaseIndex item, std::int32_t repeat) const noexcept {
  const auto plane = planes_.find(repeat);
  const std::size_t at = item / kChunk;
  if (plane == planes_.end() || at >= plane->second.size() || !plane->second[at] ||
      plane->second[at]->flags[item % kChunk] == 0) {
    return std::nullopt;
  }
  return Ref(*this, *plane->second[at], item, repeat);
}

Trials::Example Trials::example(FailureKind kind) const {
  const auto kept = messages_.find(kind);
  if (kept != messages_.end() && !kept->second.empty()) {
    return {kept->second.begin()->first.first, kept->second.begin()->second};
  }
  Example example;
  bool any = false;
  all([&](const Ref& trial) {
    if (trial.error() == kind && (!any || cases_->id(trial.item()) < example.case_id)) {
      example.case_id = std::string(cases_->id(trial.item()));
      any = true;
    }
  });
  return example;
}

score::Outcome Trials::Ref::outcome() const noexcept {
  return static_cast<score::Outcome>((chunk_->flags[cell()] & kOutcomeMask) - 1);
}

std::optional<double> Trials::Ref::value() const noexcept {
  switch (chunk_->flags[cell()] >> kValueShift) {
    case kZero:
      return 0.0;
    case kOne:
      return 1.0;
    case kOther:
      return (*chunk_->values)[cell()];
    default:
      return std::nullopt;
  }
}

std::optional<FailureKind> Trials::Ref::error() const noexcept {
  const unsigned code = (chunk_->flags[cell()] >> kErrorShift) & kErrorMask;
  return code == 0 ? std::nullopt : std::optional(static_cast<FailureKind>(code - 1));
}

bool Trials::Ref::simulated() const noexcept {
  return (chunk_->flags[cell()] & kSimulated) != 0;
}

bool Trials::Ref::cached() const noexcept {
  return (chunk_->flags[cell()] & kCached) != 0;
}

std::optional<double> Trials::Ref::seconds(Time time) const noexcept {
  const auto& times = chunk_->times[static_cast<std::size_t>(time)];
  return times ? unpack_time((*times)[cell()]) : std::nullopt;
}

std::optional<std::int64_t> Trials::Ref::prompt_tokens() const {
  const auto packed = chunk_->prompt_tokens ? (*chunk_->prompt_tokens)[cell()] : kNoTokens;
  return unpack_tokens(packed, {item_, repeat_}, trials_->wide_prompts_);
}

std::optional<std::int64_t> Trials::Ref::completion_tokens() const {
  const auto packed = chunk_->completion_tokens ? (*chunk_->completion_tokens)[cell()] : kNoTokens;
  return unpack_tokens(packed, {item_, repeat_}, trials_->wide_completions_);
}

std::optional<double> Trials::Ref::started() const noexcept {
  const std::int32_t ms = chunk_->started ? (*chunk_->started)[cell()] : kNoStart;
  if (ms == kNoStart) {
    return std::nullopt;
  }
  return static_cast<double>(*trials_->epoch_ms_ + ms) / 1000.0;
}

std::optional<Money> Trials::Ref::cost() const noexcept {
  const std::int64_t cost = chunk_->cost ? (*chunk_->cost)[cell()] : kNoCost;
  return cost == kNoCost ? std::nullopt : std::optional(Money{cost});
}

const std::vector<FailureKind>& Trials::Ref::retries() const noexcept {
  return trials_->histories_[chunk_->history[cell()]]->retries;
}

std::uint32_t Trials::Ref::prompts_sent() const noexcept {
  return trials_->histories_[chunk_->history[cell()]]->prompts_sent;
}

}  // namespace faceoff::compare
