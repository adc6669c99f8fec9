#include <faceoff/base/units.h>
#include <faceoff/run/runner.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::run {
namespace {

using backend::FailureKind;
using backend::Probe;

constexpr Duration kProbeLimit = std::chrono::seconds(15);
constexpr Duration kFirstPause = std::chrono::milliseconds(20);
constexpr Duration kLongestPause = std::chrono::milliseconds(500);

struct Reply {
  int status = 0;
  net::HeaderList headers;
  std::string body;
  std::optional<net::Failed> failed;
};

// One request at a time over a transport that nobody else uses meanwhile.
class Asker {
 public:
  Asker(net::Transport& transport, const Clock& clock, const StopSignal& stop)
      : transport_(transport), clock_(clock), stop_(stop) {}

  Reply ask(net::HttpRequest request, Duration limit) {
    const net::TransferId id = next_id_++;
    const TimePoint until = clock_.now() + limit;
    Reply reply;
    transport_.start(id, std::move(request));
    while (clock_.now() < until && !stopped()) {
      for (const auto& event : transport_.poll(until)) {
        if (event.id == id && take(event, reply)) {
          return reply;
        }
      }
    }
    transport_.cancel(id);
    reply.failed = net::Failed{.fault = net::Fault::connect_timeout,
                               .message = "no answer within " + format_duration(limit)};
    return reply;
  }

  void pause(Duration duration) {
    const TimePoint until = clock_.now() + duration;
    while (clock_.now() < until && !stopped()) {
      static_cast<void>(transport_.poll(until));
    }
  }

  [[nodiscard]] bool stopped() const { return stop_.drain.load() || stop_.cancel.load(); }

 private:
  // True when the event was the last.
  static bool take(const net::Event& event, Reply& reply) {
    if (const auto* headers = std::get_if<net::Headers>(&event.what)) {
      reply.status = headers->status;
      reply.headers = headers->headers;
    } else if (const auto* bytes = std::get_if<net::Bytes>(&event.what)) {
      reply.body += bytes->data;
    } else if (const auto* failed = std::get_if<net::Failed>(&event.what)) {
      reply.failed = *failed;
      return true;
    }
    return std::holds_alternative<net::Finished>(event.what);
  }

  net::Transport& transport_;
  const Clock& clock_;
  const StopSignal& stop_;
  // Above every trial's id.
  net::TransferId next_id_ = net::TransferId{1} << 62U;
};

std::optional<backend::Failure> failure_of(const Reply& reply, const Clock& clock) {
  if (reply.failed) {
    return backend::from_fault(*reply.failed);
  }
  if (reply.status >= 200 && reply.status < 300) {
    return std::nullopt;
  }
  return backend::classify_http(reply.status, reply.headers, reply.body, clock.utc_now());
}

Error to_error(const Lane& lane, const backend::Failure& failure) {
  const bool refused = failure.retry == backend::Retry::stop_backend;
  return {refused ? ErrorKind::rejected : ErrorKind::transport,
          fmt::format("{}: {}", lane.backend->name(), failure.message)};
}

// A server that is starting refuses connections first and says 503 then.
bool is_starting(const Lane& lane, const backend::Failure& failure) {
  return failure.retry == backend::Retry::when_ready ||
         (lane.managed &&
          (failure.kind == FailureKind::refused || failure.kind == FailureKind::reset ||
           failure.kind == FailureKind::empty_reply));
}

struct Answer {
  Reply reply;
  std::optional<backend::Failure> failure;
};

// Asks again while the server is starting; what it says then, good or bad, is returned.
Result<Answer> ask_when_up(const Lane& lane, const Probe& probe, Asker& asker, const Clock& clock) {
  const TimePoint limit = clock.now() + lane.deadlines.start_up;
  // A readiness probe may be what makes the server load its model.
  const Duration patience =
      probe.purpose == Probe::Purpose::ready ? lane.deadlines.start_up : kProbeLimit;
  Duration pause = kFirstPause;
  net::HttpRequest request = probe.request;
  if (lane.reach == net::Reach::loopback) {
    request.reach = net::Reach::loopback;
  }
  while (true) {
    Answer answer{.reply = asker.ask(request, patience), .failure = std::nullopt};
    answer.failure = failure_of(answer.reply, clock);
    if (!answer.failure || !is_starting(lane, *answer.failure)) {
      return answer;
    }
    if (const auto why = lane.post_mortem ? lane.post_mortem() : std::nullopt) {
      return fail(ErrorKind::transport, fmt::format("{}: {}", lane.backend->name(), *why));
    }
    if (asker.stopped()) {
      return fail(ErrorKind::cancelled, "stopped while waiting for " + lane.backend->name());
    }
    if (clock.now() >= limit) {
      return fail(ErrorKind::transport,
                  fmt::format("{}: still not ready after {}: {}",
                              lane.backend->name(),
                              format_duration(lane.deadlines.start_up),
                              answer.failure->message));
    }
    asker.pause(pause);
    pause = std::min(pause * 2, kLongestPause);
  }
}

Result<backend::Identity> identify_one(const Lane& lane, Asker& asker, const Clock& clock) {
  backend::Identity identity;
  for (const Probe& probe : lane.backend->probes()) {
    FACEOFF_TRY_ASSIGN(const Answer answer, ask_when_up(lane, probe, asker, clock));
    // A model for embeddings is ready when its server says that it cannot generate.
    const bool only_embeds =
        answer.reply.body.find("does not support generate") != std::string::npos;
    if (answer.failure && !(lane.judges_only && only_embeds)) {
      const bool is_needed = probe.purpose == Probe::Purpose::ready || answer.reply.failed ||
                             answer.failure->kind == FailureKind::auth;
      if (is_needed) {
        return tl::make_unexpected(to_error(lane, *answer.failure));
      }
    }
    // Many compatible servers lack the page that tells who they are; the run does not need it.
    if (probe.purpose == Probe::Purpose::identity) {
      lane.backend->read_identity(probe, answer.reply.status, answer.reply.body, identity);
    }
  }
  return identity;
}

}  // namespace

std::vector<Result<backend::Identity>> identify(const std::vector<Lane>& lanes,
                                                net::Transport& transport,
                                                const Clock& clock,
                                                const StopSignal& stop) {
  Asker asker(transport, clock, stop);
  std::vector<Result<backend::Identity>> identities;
  identities.reserve(lanes.size());
  for (const Lane& lane : lanes) {
    identities.push_back(identify_one(lane, asker, clock));
  }
  return identities;
}

}  // namespace faceoff::run
