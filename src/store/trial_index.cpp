#include "trial_index.h"

#include <faceoff/base/digest.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace faceoff::store {
namespace {

// The first 64 bits of a SHA-256 in hexadecimal; never 0, which stands for a failure.
std::uint64_t first_bits(std::string_view hex) {
  std::uint64_t bits = 0;
  std::from_chars(hex.data(), hex.data() + std::min<std::size_t>(hex.size(), 16), bits, 16);
  return bits == 0 ? 1 : bits;
}

}  // namespace

std::uint64_t trial_hash(std::string_view case_id, std::int32_t repeat) {
  return first_bits(sha256_hex(fmt::format("{}\n{}", repeat, case_id)));
}

void TrialIndex::add(const Record& record) {
  const bool failed = record.outcome == score::Outcome::failed;
  by_backend_[record.backend].push_back(
      {.trial = trial_hash(record.case_id, record.repeat),
       .request = failed ? 0 : first_bits(request_digest(record.digest, record.params))});
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

bool TrialIndex::has_failed(const TrialKey& key) const {
  const Entry* entry = find(key);
  return entry != nullptr && entry->request == 0;
}

Kept TrialIndex::kept(std::string_view backend) const {
  const auto it = by_backend_.find(backend);
  if (it == by_backend_.end()) {
    return {};
  }
  const auto failed = std::ranges::count(it->second, std::uint64_t{0}, &Entry::request);
  return {.answered = it->second.size() - static_cast<std::uint64_t>(failed),
          .failed = static_cast<std::uint64_t>(failed)};
}

}  // namespace faceoff::store
