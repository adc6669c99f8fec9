#include "faults.h"

#include "json_text.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/random.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t kShareSalt = 0x5A4E;
// Prompts beyond these are not told apart any more: a client must not fill the memory.
constexpr std::size_t kMaxTrackedPrompts = 1'000'000;

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = (bits << 8U) | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= group.size() ? kDigits[(bits >> (18U - 6U * k)) & 0x3FU] : '=';
    }
  }
  return out;
}

std::string percent_encoded(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string error_body(const StruckAnswer& answer) {
  if (answer.error.cause != Cause::echo_key) {
    return answer.wire.error(answer.error);
  }
  ErrorFacts facts = answer.error;
  facts.message = fmt::format("Incorrect API key provided: {} ({}, {})",
                              answer.presented_key,
                              percent_encoded(answer.presented_key),
                              base64(answer.presented_key));
  return answer.wire.error(facts);
}

Reply error_reply(const StruckAnswer& answer) {
  std::string extra(answer.headers);
  if (!answer.fault.retry_after.empty()) {
    extra += "retry-after: " + answer.fault.retry_after + "\r\n";
  }
  const HeadFacts head{
      .status = answer.error.status, .content_type = answer.wire.body_type(), .extra = extra};
  return single_reply(whole_answer(head, error_body(answer), answer.end), answer.end);
}

Reply page_reply(const StruckAnswer& answer, std::string_view type, std::string_view body) {
  const HeadFacts head{.status = 200, .content_type = type, .extra = answer.headers};
  return single_reply(whole_answer(head, body, answer.end), answer.end);
}

Reply broken_head(std::string_view lines, std::string_view body) {
  return single_reply(
      fmt::format("HTTP/1.1 200 OK\r\nx-faceoff-simulated: 1\r\n{}\r\n{}", lines, body),
      End::close);
}

std::string many_headers() {
  constexpr int kLines = 100'000;
  std::string lines;
  for (int i = 0; i < kLines; ++i) {
    fmt::format_to(std::back_inserter(lines), "x-filler-{}: {}\r\n", i, i);
  }
  return lines;
}

constexpr std::string_view kLoginPage =
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
    "<body><h1>Sign in to the network</h1></body></html>\n";
constexpr std::size_t kBigHeader = 2UL * 1024 * 1024;

}  // namespace

FaultPicker::FaultPicker(const Script& script)
    : script_(script),
      needs_attempts_(std::ranges::any_of(script.faults,
                                          [](const Fault& fault) {
                                            return fault.attempts.has_value() ||
                                                   fault.share.has_value();
                                          })),
      counts_(script.faults.size()) {}

const Fault* FaultPicker::pick(std::string_view prompt) {
  std::int64_t attempt = 0;
  if (needs_attempts_) {
    const std::uint64_t hash = fnv1a(prompt);
    if (attempts_.size() < kMaxTrackedPrompts || attempts_.contains(hash)) {
      attempt = attempts_[hash]++;
    }
  }
  for (std::size_t i = 0; i < script_.faults.size(); ++i) {
    if (strikes(i, prompt, attempt)) {
      return &script_.faults[i];
    }
  }
  return nullptr;
}

bool FaultPicker::strikes(std::size_t index, std::string_view prompt, std::int64_t attempt) {
  const Fault& fault = script_.faults[index];
  Count& count = counts_[index];
  if (fault.times && count.strikes >= *fault.times) {
    return false;
  }
  if (prompt.find(fault.match) == std::string_view::npos) {
    return false;
  }
  if (fault.attempts && attempt >= *fault.attempts) {
    return false;
  }
  if (fault.share) {
    Random random(script_.seed ^ kShareSalt ^ fnv1a(prompt));
    Random draw(random.next() + static_cast<std::uint64_t>(attempt) * 31 + index * 1'000'003);
    if (draw.uniform() >= *fault.share) {
      return false;
    }
  }
  ++count.candidates;
  if (fault.every && count.candidates % *fault.every != 0) {
    return false;
  }
  ++count.strikes;
  return true;
}

std::optional<Reply> whole_fault(const StruckAnswer& answer) {
  switch (answer.fault.kind) {
    case FaultKind::status:
      return error_reply(answer);
    case FaultKind::redirect: {
      const std::string extra = "location: " + answer.fault.location + "\r\n";
      const HeadFacts head{.status = 307, .content_type = "text/plain", .extra = extra};
      return single_reply(whole_answer(head, "", answer.end), answer.end);
    }
    case FaultKind::reset_before:
      return Reply{.steps = fixed_steps({}), .end = End::reset, .takes_slot = false};
    case FaultKind::empty:
      return Reply{.steps = fixed_steps({}), .end = End::close, .takes_slot = false};
    case FaultKind::html:
      return page_reply(answer, "text/html; charset=utf-8", kLoginPage);
    case FaultKind::garbage:
      return single_reply(std::string("\x16\x03\x01\x02 no HTTP at all \x00\xff\xfe\n"sv),
                          End::close);
    case FaultKind::nul_header:
      return broken_head("x-nul: a\0b\r\ncontent-length: 2\r\n"sv, "{}");
    case FaultKind::big_header:
      return broken_head("x-big: " + std::string(kBigHeader, 'b') + "\r\ncontent-length: 2\r\n",
                         "{}");
    case FaultKind::many_headers:
      return broken_head(many_headers() + "content-length: 2\r\n", "{}");
    case FaultKind::two_lengths:
      return broken_head(
          "content-type: application/json\r\ncontent-length: 2\r\n"
          "content-length: 5\r\n",
          "{}   ");
    case FaultKind::endless: {
      const HeadFacts head{.status = 200, .content_type = "text/plain", .extra = answer.headers};
      return Reply{.steps = endless_steps(stream_head(head, false, End::close)),
                   .end = End::close,
                   .takes_slot = false};
    }
    default:
      return std::nullopt;
  }
}

End bend_stream(const StruckAnswer& answer, StreamPlan& plan) {
  const Fault& fault = answer.fault;
  Frames& frames = plan.frames;
  const auto framed = [&plan](std::string_view frame) {
    return frame.empty() ? std::string() : plan.chunked ? as_chunk(frame) : std::string(frame);
  };
  switch (fault.kind) {
    case FaultKind::reset:
      plan.cut_after = fault.after_tokens;
      return End::reset;
    case FaultKind::close:
      plan.cut_after = fault.after_tokens;
      return End::close;
    case FaultKind::bad_chunk:
      plan.cut_after = fault.after_tokens;
      plan.cut_bytes = "zz\r\ndata: {}\n\n\r\n";
      return End::close;
    case FaultKind::stall:
      if (fault.duration) {
        plan.schedule.pause_after = fault.after_tokens;
        plan.schedule.pause = *fault.duration;
        return answer.end;
      }
      plan.cut_after = fault.after_tokens;
      return End::hold;
    case FaultKind::stream_error:
      plan.cut_after = fault.after_tokens;
      plan.cut_bytes = framed(answer.wire.error_frame(answer.error)) + framed(frames.done) +
                       std::string(plan.chunked ? kLastChunk : std::string_view());
      return answer.end;
    case FaultKind::no_done:
      (frames.done.empty() ? frames.finish : frames.done).clear();
      return answer.end;
    case FaultKind::no_finish:
      frames.finish.clear();
      frames.usage.clear();
      return answer.end;
    case FaultKind::no_length:
      if (fault.after_tokens > 0) {
        plan.cut_after = fault.after_tokens;
      }
      return End::close;
    case FaultKind::not_json:
      plan.cut_after = fault.after_tokens;
      plan.cut_bytes = framed("data: {\"choices\":[{oops\n\n") + framed(frames.done) +
                       std::string(plan.chunked ? kLastChunk : std::string_view());
      return answer.end;
    case FaultKind::keepalive_comments:
      // A blank line is what NDJSON has for a comment.
      plan.comment = answer.wire.shape() == ChatShape::ollama ? "\n" : ": keep-alive\n\n";
      if (fault.duration) {
        plan.comment_every = fault.interval;
        plan.schedule.first = std::max(plan.schedule.first, *fault.duration);
      }
      return answer.end;
    case FaultKind::drop_keep_alive:
      return End::close;
    default:
      return answer.end;
  }
}

Reply bend_whole(const StruckAnswer& answer, std::string bytes, Duration at) {
  const Fault& fault = answer.fault;
  const std::size_t head_end = bytes.find("\r\n\r\n") + 4;
  const std::string half = bytes.substr(0, head_end + (bytes.size() - head_end) / 2);
  switch (fault.kind) {
    case FaultKind::reset:
      return single_reply(half, End::reset, at);
    case FaultKind::close:
      return single_reply(half, End::close, at);
    case FaultKind::bad_chunk: {
      const HeadFacts head{
          .status = 200, .content_type = answer.wire.body_type(), .extra = answer.headers};
      return single_reply(stream_head(head, true, answer.end) + "zz\r\n{}\r\n", End::close, at);
    }
    case FaultKind::stall: {
      if (!fault.duration) {
        return single_reply(half, End::hold, at);
      }
      std::vector<Step> steps;
      steps.push_back({.at = at, .bytes = half});
      steps.push_back({.at = at + *fault.duration, .bytes = bytes.substr(half.size())});
      return {.steps = fixed_steps(std::move(steps)), .end = answer.end, .takes_slot = true};
    }
    case FaultKind::stream_error:
      return error_reply(answer);
    case FaultKind::not_json:
      return page_reply(answer, answer.wire.body_type(), "{\"choices\":[{oops");
    case FaultKind::no_length: {
      const HeadFacts head{
          .status = 200, .content_type = answer.wire.body_type(), .extra = answer.headers};
      return single_reply(
          stream_head(head, false, End::close) + bytes.substr(head_end), End::close, at);
    }
    case FaultKind::drop_keep_alive:
      return single_reply(std::move(bytes), End::close, at);
    default:
      return single_reply(std::move(bytes), answer.end, at);
  }
}

}  // namespace faceoff::simulate
