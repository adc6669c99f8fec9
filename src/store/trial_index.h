#pragma once

// What a run has recorded, in 16 bytes a trial. Private to store.

#include <faceoff/store/record.h>
#include <faceoff/store/run_folder.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::store {

// 64 bits of a hash of case and repeat: a million trials are mixed up with a probability of 3 in
// 100 million.
[[nodiscard]] std::uint64_t trial_hash(std::string_view case_id, std::int32_t repeat);

// Filled with add() in file order, then seal(); the last record of a trial counts.
class TrialIndex {
 public:
  void add(const Record& record);
  void seal();
  [[nodiscard]] bool is_done(const TrialKey& key) const;
  [[nodiscard]] bool awaits(const TrialKey& key) const;
  [[nodiscard]] bool has_failed(const TrialKey& key) const;
  [[nodiscard]] Kept kept(std::string_view backend) const;

 private:
  struct Entry {
    std::uint64_t trial = 0;
    std::uint64_t request = 0;  // of the request digest; 0: it failed, odd: it awaits a judge
  };
  [[nodiscard]] const Entry* find(const TrialKey& key) const;

  std::map<std::string, std::vector<Entry>, std::less<>> by_backend_;
};

}  // namespace faceoff::store
