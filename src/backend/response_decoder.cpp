#include "response_decoder.h"

#include "error_body.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

// Of an error body or a web page: enough for every message.
constexpr std::size_t kMaxErrorBody = 64UL * 1024;

bool is_success(int status) {
  return status >= 200 && status < 300;
}

bool is_page(std::string_view content_type) {
  const std::string lower = ascii_lower(content_type);
  return lower.starts_with("text/html") || lower.starts_with("application/xhtml");
}

Failure make_failure(FailureKind kind, Retry retry, int status, std::string message) {
  Failure failure;
  failure.kind = kind;
  failure.retry = retry;
  failure.http_status = status;
  failure.message = std::move(message);
  return failure;
}

}  // namespace

void ResponseDecoder::on_headers(int status, const net::HeaderList& headers) {
  status_ = status;
  headers_ = headers;
  content_type_ = net::find_header(headers, "content-type").value_or("");
  simulated_ = net::find_header(headers, "x-faceoff-simulated").has_value();
  if (const auto processing = net::find_header(headers, "openai-processing-ms")) {
    const auto ms = parse_double(*processing);
    if (ms && *ms >= 0.0) {
      answer_.completion().server.processing_ms = *ms;
    }
  }
  // Fireworks, in seconds.
  for (const auto* name : {"fireworks-server-time-to-first-token", "server-time-to-first-token"}) {
    const auto seconds = parse_double(net::find_header(headers, name).value_or(""));
    if (seconds && *seconds >= 0.0) {
      constexpr double kMsPerSecond = 1000.0;
      answer_.completion().server.ttft_ms = *seconds * kMsPerSecond;
    }
  }
  if (!is_success(status) || is_page(content_type_)) {
    body_ = Body::page;
  }
}

void ResponseDecoder::on_bytes(std::string_view bytes,
                               TimePoint at,
                               std::vector<chat::StreamEvent>& events) {
  any_bytes_ = any_bytes_ || !bytes.empty();
  answer_.begin(at, &events);
  switch (body_) {
    case Body::unknown:
      sniff(bytes);
      break;
    case Body::stream:
      take_stream(bytes);
      break;
    case Body::whole:
      kept_ += bytes;
      break;
    case Body::page:
      keep(bytes);
      break;
  }
  answer_.begin(at, nullptr);
}

// Headers lie: the first visible byte tells what the body is.
void ResponseDecoder::sniff(std::string_view bytes) {
  kept_ += bytes;
  std::string_view visible = kept_;
  static constexpr std::string_view kBom = "\xEF\xBB\xBF";
  if (visible.starts_with(kBom)) {
    visible.remove_prefix(kBom.size());
  } else if (kBom.starts_with(visible)) {
    return;
  }
  visible = trim(visible);
  if (visible.empty()) {
    return;
  }
  if (visible.front() == '<') {
    body_ = Body::page;
    return;
  }
  if ((visible.front() == '{' || visible.front() == '[') && is_whole(content_type_)) {
    body_ = Body::whole;
    kept_ = std::string(visible);
    return;
  }
  body_ = Body::stream;
  const std::string begun = std::exchange(kept_, {});
  take_stream(begun);
}

void ResponseDecoder::keep(std::string_view bytes) {
  kept_ += bytes.substr(0, kMaxErrorBody - std::min(kMaxErrorBody, kept_.size()));
}

void ResponseDecoder::take_stream(std::string_view bytes) {
  if (const Status status = feed(bytes); !status) {
    // The parsers give up on nothing but lines and events beyond their size.
    fail(make_failure(FailureKind::too_large, Retry::no, status_, status.error().message));
  }
}

void ResponseDecoder::fail(Failure failure) {
  if (answer_.stopped()) {
    answer_.warn(fmt::format("an error after the finish reason was ignored: {}", failure.message));
    return;
  }
  answer_.event(chat::EventClass::error);
  if (!failure_) {
    failure.http_status = status_;
    failure_ = std::move(failure);
  }
}

void ResponseDecoder::fail_malformed(std::string_view frame) {
  if (ending_) {
    cut_frame_ = true;
    return;
  }
  fail(make_failure(FailureKind::stream_error,
                    Retry::yes,
                    status_,
                    compose_message("the stream holds a frame that cannot be read", frame, "")));
}

void ResponseDecoder::set_unstreamed() {
  streamed_ = false;
  answer_.warn("one JSON body came although a stream was asked for: no first-token time");
}

void ResponseDecoder::end_body(bool transport_failed) {
  ending_ = true;
  if (body_ == Body::stream) {
    if (const Status status = end(); !status) {
      cut_frame_ = true;
    }
  } else if (body_ == Body::whole && !transport_failed) {
    set_unstreamed();
    read_whole(kept_);
  }
}

Reply ResponseDecoder::finish(const std::optional<Failure>& transport_failure,
                              TimePoint at,
                              UtcTime now,
                              std::vector<chat::StreamEvent>& events) {
  answer_.begin(at, &events);
  end_body(transport_failure.has_value());
  Reply reply;
  reply.failure = decide(transport_failure, now);
  reply.completion = answer_.take();
  reply.warnings = answer_.take_warnings();
  reply.streamed = streamed_;
  reply.simulated = simulated_;
  reply.rates = parse_rate_limits(headers_, now);
  answer_.begin(at, nullptr);
  return reply;
}

std::optional<Failure> ResponseDecoder::decide(const std::optional<Failure>& transport_failure,
                                               UtcTime now) {
  if (status_ != 0 && !is_success(status_)) {
    return classify_http(status_, headers_, kept_, now);
  }
  if (failure_) {
    return std::move(failure_);
  }
  if (!answer_.stopped()) {
    return without_finish(transport_failure);
  }
  if (transport_failure) {
    answer_.warn(fmt::format("the connection failed after the finish reason ({})",
                             to_string(transport_failure->kind)));
  } else if (cut_frame_) {
    answer_.warn("the last frame of the stream was cut");
  } else if (streamed_ && !missing_end().empty()) {
    answer_.warn(missing_end());
  }
  return std::nullopt;
}

Failure ResponseDecoder::without_finish(const std::optional<Failure>& transport_failure) const {
  if (transport_failure) {
    Failure failure = *transport_failure;
    // A connection lost inside an answer is a cut answer, whatever the socket called it.
    if (status_ != 0 && failure.kind == FailureKind::reset) {
      failure.kind = FailureKind::truncated;
    }
    failure.http_status = status_;
    return failure;
  }
  if (status_ == 204 || status_ == 205) {
    return make_failure(FailureKind::empty_reply,
                        Retry::no,
                        status_,
                        fmt::format("the server answered {} without an answer", status_));
  }
  const bool foreign =
      body_ == Body::page || (body_ == Body::stream && frames_ == 0 && !content_type_.empty() &&
                              !ascii_lower(content_type_).starts_with("text/event-stream"));
  if (foreign) {
    return make_failure(
        FailureKind::bad_content_type,
        Retry::no,
        status_,
        compose_message(fmt::format("the server sent '{}' instead of an answer", content_type_),
                        read_error_body(kept_).message,
                        "check base_url; a proxy or a login page may stand in between"));
  }
  if (body_ == Body::whole) {
    return make_failure(FailureKind::truncated,
                        Retry::yes,
                        status_,
                        "the answer ended inside its JSON body or without a finish reason");
  }
  return make_failure(FailureKind::truncated,
                      Retry::yes,
                      status_,
                      any_bytes_ ? "the stream ended before the model said why it stopped"
                                 : "the server sent an empty answer");
}

}  // namespace faceoff::backend
