#include "fault_picker.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/random.h>

#include <algorithm>

namespace faceoff::simulate {
namespace {

constexpr std::uint64_t kShareSalt = 0x5A4E;
// Prompts beyond these are not told apart any more: a client must not fill the memory.
constexpr std::size_t kMaxTrackedPrompts = 1'000'000;

// What is decided by the request alone.
bool concerns(const Fault& fault, const Asked& asked) {
  if (asked.prompt.find(fault.match) == std::string_view::npos) {
    return false;
  }
  if (fault.regex) {
    const auto match = fault.regex->match(asked.prompt);
    if (!match || !match->has_value()) {
      return false;
    }
  }
  return fault.case_pattern.empty() || fits(asked.case_id, fault.case_pattern);
}

bool is_time_for(const Fault& fault, std::int64_t request, Duration since_start) {
  return request >= fault.from_request.value_or(request) &&
         request <= fault.to_request.value_or(request) &&
         since_start >= fault.from.value_or(since_start) &&
         (!fault.until || since_start < *fault.until);
}

}  // namespace

bool fits(std::string_view text, std::string_view pattern) noexcept {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

FaultPicker::FaultPicker(const Script& script)
    : script_(script),
      needs_attempts_(std::ranges::any_of(script.faults,
                                          [](const Fault& fault) {
                                            return fault.attempts.has_value() ||
                                                   fault.share.has_value();
                                          })),
      counts_(script.faults.size()) {}

const Fault* FaultPicker::pick(const Asked& asked) {
  ++requests_;
  std::int64_t attempt = 0;
  if (needs_attempts_) {
    const std::uint64_t hash = fnv1a(asked.prompt);
    if (attempts_.size() < kMaxTrackedPrompts || attempts_.contains(hash)) {
      attempt = attempts_[hash]++;
    }
  }
  for (std::size_t i = 0; i < script_.faults.size(); ++i) {
    if (strikes(i, asked, attempt)) {
      return &script_.faults[i];
    }
  }
  return nullptr;
}

bool FaultPicker::strikes(std::size_t index, const Asked& asked, std::int64_t attempt) {
  const Fault& fault = script_.faults[index];
  Count& count = counts_[index];
  if ((fault.times && count.strikes >= *fault.times) ||
      (fault.attempts && attempt >= *fault.attempts) ||
      !is_time_for(fault, requests_, asked.since_start) || !concerns(fault, asked)) {
    return false;
  }
  if (fault.share) {
    Random random(script_.seed ^ kShareSalt ^ fnv1a(asked.prompt));
    Random draw(random.next() + static_cast<std::uint64_t>(attempt) * 31 + index * 1'000'003);
    if (draw.uniform() >= *fault.share) {
      return false;
    }
  }
  ++count.candidates;
  if (fault.every && count.candidates % *fault.every != 0) {
    return false;
  }
  ++count.strikes;
  return true;
}

}  // namespace faceoff::simulate
