#pragma once

#include "reply.h"
#include "stream.h"
#include "wire.h"

#include <faceoff/simulate/script.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace faceoff::simulate {

// Decides which chat requests are struck. What depends on the prompt alone (share, match, attempts)
// comes out the same in whatever order requests arrive; `every` and `times` count arrivals.
class FaultPicker {
 public:
  explicit FaultPicker(const Script& script);
  // The fault that strikes this request, or nullptr. Counts the request.
  [[nodiscard]] const Fault* pick(std::string_view prompt);

 private:
  struct Count {
    std::int64_t candidates = 0;
    std::int64_t strikes = 0;
  };
  [[nodiscard]] bool strikes(std::size_t index, std::string_view prompt, std::int64_t attempt);

  const Script& script_;
  bool needs_attempts_;
  std::vector<Count> counts_;
  std::unordered_map<std::uint64_t, std::int64_t> attempts_;
};

// What a struck answer is made of.
struct StruckAnswer {
  const Fault& fault;
  const Wire& wire;
  const ErrorFacts& error;   // for faults that send one
  std::string_view headers;  // the dialect's header lines
  std::string_view presented_key;
  End end = End::keep_alive;  // of a connection that survives
};

// The answer of a fault that does not depend on what would have been answered; nullopt for the
// others.
[[nodiscard]] std::optional<Reply> whole_fault(const StruckAnswer& answer);

// Bends a stream; returns what then becomes of the connection.
[[nodiscard]] End bend_stream(const StruckAnswer& answer, StreamPlan& plan);

// The unstreamed counterpart: `bytes` is the sound answer, which leaves `at`.
[[nodiscard]] Reply bend_whole(const StruckAnswer& answer, std::string bytes, Duration at);

}  // namespace faceoff::simulate
