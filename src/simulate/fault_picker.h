#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/simulate/script.h>

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace faceoff::simulate {

// What a fault's conditions look at.
struct Asked {
  std::string_view prompt;
  std::string_view case_id{};  // empty: no case of the script's suite
  Duration since_start{};
};

// Decides which chat requests are struck. What depends on the prompt alone (share, match, case,
// attempts) comes out the same in whatever order requests arrive; `every`, `times`, `from_request`
// and `to_request` count arrivals, `from` and `until` go by the clock. `script` must outlive it.
class FaultPicker {
 public:
  explicit FaultPicker(const Script& script);
  // The fault that strikes this request, or nullptr. Counts the request.
  [[nodiscard]] const Fault* pick(const Asked& asked);

 private:
  struct Count {
    std::int64_t candidates = 0;
    std::int64_t strikes = 0;
  };
  [[nodiscard]] bool strikes(std::size_t index, const Asked& asked, std::int64_t attempt);

  const Script& script_;
  bool needs_attempts_;
  std::int64_t requests_ = 0;
  std::vector<Count> counts_;
  std::unordered_map<std::uint64_t, std::int64_t> attempts_;
};

// Whether `text` is `pattern`, in which * stands for any text.
[[nodiscard]] bool fits(std::string_view text, std::string_view pattern) noexcept;

}  // namespace faceoff::simulate
