#include "trial_index.h"

#include <faceoff/base/digest.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace faceoff::store {
namespace {

constexpr std::uint64_t kFailed = 0;
// Set in the request of an answer that waits for a judge.
constexpr std::uint64_t kAwaits = 1;

// The first 64 bits of a SHA-256 in hexadecimal, the last one cleared; never 0, which stands for a
// failure.
std::uint64_t first_bits(std::string_view hex) {
  std::uint64_t bits = 0;
  std::from_chars(hex.data(), hex.data() + std::min<std::size_t>(hex.size(), 16), bits, 16);
  bits &= ~kAwaits;
  return bits == kFailed ? 2 : bits;
}

}  // namespace

std::uint64_t trial_hash(std::string_view case_id, std::int32_t repeat) {
  return first_bits(sha256_hex(fmt::format("{}\n{}", repeat, case_id)));
}

void TrialIndex::add(const Record& record) {
  const bool failed = record.outcome == score::Outcome::failed;
  by_backend_[record.backend].push_back(
      {.trial = trial_hash(record.case_id, record.repeat),
       .request = failed ? kFailed
                         : first_bits(request_digest(record.digest, record.params)) |
                               (record.awaits ? kAwaits : 0)});
}

void TrialIndex::seal() {
  for (auto& [name, entries] : by_backend_) {
    std::ranges::stable_sort(entries, {}, &Entry::trial);
    // Of equal ones the last stays.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i + 1 == entries.size() || entries[i + 1].trial != entries[i].trial) {
        entries[kept++] = entries[i];
      }
    }
    entries.resize(kept);
    entries.shrink_to_fit();
  }
}

const TrialIndex::Entry* TrialIndex::find(const TrialKey& key) const {
  const auto backend = by_backend_.find(key.backend);
  if (backend == by_backend_.end()) {
    return nullptr;
  }
  const std::uint64_t trial = trial_hash(key.case_id, key.repeat);
  const auto it = std::ranges::lower_bound(backend->second, trial, {}, &Entry::trial);
  return it != backend->second.end() && it->trial == trial ? &*it : nullptr;
}

bool TrialIndex::is_done(const TrialKey& key) const {
  const Entry* entry = find(key);
  return entry != nullptr && entry->request == first_bits(key.digest);
}

bool TrialIndex::awaits(const TrialKey& key) const {
  const Entry* entry = find(key);
  return entry != nullptr && entry->request == (first_bits(key.digest) | kAwaits);
}

bool TrialIndex::has_failed(const TrialKey& key) const {
  const Entry* entry = find(key);
  return entry != nullptr && entry->request == kFailed;
}

Kept TrialIndex::kept(std::string_view backend) const {
  const auto it = by_backend_.find(backend);
  if (it == by_backend_.end()) {
    return {};
  }
  Kept kept;
  for (const Entry& entry : it->second) {
    ++(entry.request == kFailed         ? kept.failed
       : (entry.request & kAwaits) != 0 ? kept.awaiting
                                        : kept.answered);
  }
  return kept;
}

}  // namespace faceoff::store
