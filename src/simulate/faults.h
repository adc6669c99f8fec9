#pragma once

#include "reply.h"
#include "stream.h"
#include "wire.h"

#include <faceoff/simulate/script.h>

#include <optional>
#include <string>
#include <string_view>

namespace faceoff::simulate {

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

// Whether a client that waits long enough gets the whole of an answer all the same.
[[nodiscard]] bool leaves_an_answer(const Fault& fault, bool streamed) noexcept;

}  // namespace faceoff::simulate
