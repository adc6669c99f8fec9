#pragma once

#include "answerer.h"
#include "fault_picker.h"
#include "faults.h"
#include "http_request.h"
#include "limiter.h"
#include "reply.h"
#include "wire.h"

#include <faceoff/base/clock.h>
#include <faceoff/simulate/script.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faceoff::simulate {

// What the server knows at the moment of a request.
struct Moment {
  TimePoint now;
  UtcTime utc;
  std::int64_t busy_slots = 0;
};

// The key of `Authorization: Bearer`, x-api-key or api-key, or "".
[[nodiscard]] std::string presented_key(const HttpRequest& request);

// From a request to what is sent for it: the script's meaning, without sockets. One thread.
class Service {
 public:
  // With `keeps_notes` replies to chat requests say what the log shows of them.
  Service(Script script, TimePoint started, bool keeps_notes = false);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  [[nodiscard]] Reply handle(const HttpRequest& request, const Moment& moment);
  // The answer to bytes that are no sound request; the connection ends with it.
  [[nodiscard]] Reply refuse(int status, std::string_view reason) const;

  [[nodiscard]] std::optional<std::int64_t> slots() const noexcept { return script_.slots; }
  [[nodiscard]] std::uint64_t chats() const noexcept { return chats_; }
  [[nodiscard]] std::uint64_t faults() const noexcept { return faults_; }

 private:
  enum class Route : std::uint8_t;
  [[nodiscard]] static Route route_of(const HttpRequest& request);
  [[nodiscard]] Reply dispatch(const HttpRequest& request, Route route, const Moment& moment);
  [[nodiscard]] Reply key_error(const HttpRequest& request, Cause cause) const;
  [[nodiscard]] Reply chat(const HttpRequest& request, const Wire& wire, const Moment& moment);
  [[nodiscard]] Reply embeddings(const HttpRequest& request, const Wire& wire);
  [[nodiscard]] Reply answer(const HttpRequest& request,
                             const Wire& wire,
                             const ChatCall& call,
                             const Moment& moment);
  [[nodiscard]] Reply struck(const HttpRequest& request,
                             const Wire& wire,
                             const ChatCall& call,
                             const Moment& moment,
                             const Fault& fault);
  [[nodiscard]] ChatFacts facts_of(const ChatCall& call, const Moment& moment);
  [[nodiscard]] Reply streamed(const HttpRequest& request,
                               const Wire& wire,
                               const ChatFacts& facts,
                               const StruckAnswer* struck);
  [[nodiscard]] Reply unstreamed(const HttpRequest& request,
                                 const Wire& wire,
                                 const ChatFacts& facts,
                                 const StruckAnswer* struck);
  [[nodiscard]] std::optional<Reply> limited_rate(const HttpRequest& request,
                                                  const Wire& wire,
                                                  const ChatCall& call,
                                                  const Moment& moment);
  [[nodiscard]] std::optional<Cause> key_problem(const HttpRequest& request) const;
  [[nodiscard]] bool serves(std::string_view model) const;
  [[nodiscard]] std::string headers(const Wire& wire, Duration processing) const;
  [[nodiscard]] Reply error(const HttpRequest& request,
                            const Wire& wire,
                            ErrorFacts facts,
                            std::string_view extra = {}) const;
  [[nodiscard]] Reply page(const HttpRequest& request,
                           std::string_view body,
                           std::string_view type = "application/json; charset=utf-8") const;
  [[nodiscard]] const Wire& probe_wire(const HttpRequest& request) const;

  const Script script_;
  const TimePoint started_;
  const bool keeps_notes_;
  const Answerer answerer_;
  FaultPicker picker_;
  Limiter limiter_;
  std::uint64_t serial_ = 0;
  std::uint64_t chats_ = 0;
  std::uint64_t faults_ = 0;
};

}  // namespace faceoff::simulate
