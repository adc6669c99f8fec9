#pragma once

#include <faceoff/compare/distribution.h>
#include <faceoff/load/stage.h>

#include <cstdint>
#include <string_view>

namespace faceoff::load {

// How wrong a client's times are, told by a server on the same machine whose tokens are readings of
// the monotonic clock (a script with `default: clock`, docs/simulate.md). Microseconds.
class ClockErrors {
 public:
  // `text`: a blank and 19 digits for when the request had been read, then for each token the same
  // for when it was handed to the socket. What is no such text counts as lost.
  void add(const Sample& sample, std::string_view text);

  // |client's gap - server's gap| of two neighbouring tokens.
  [[nodiscard]] const compare::ValueSample& gap() const noexcept { return gap_; }
  // Client's time of a token - server's: what network, kernel and client add.
  [[nodiscard]] const compare::ValueSample& delay() const noexcept { return delay_; }
  // |client's time to the first token - server's|.
  [[nodiscard]] const compare::ValueSample& first_token() const noexcept { return first_token_; }
  [[nodiscard]] std::uint64_t tokens() const noexcept { return tokens_; }
  // Answers whose tokens did not all come, one by one.
  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

 private:
  compare::ValueSample gap_{1U << 18U};
  compare::ValueSample delay_{1U << 18U};
  compare::ValueSample first_token_{1U << 18U};
  std::uint64_t tokens_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace faceoff::load
