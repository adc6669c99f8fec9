#include "faults.h"

#include <faceoff/base/base64.h>
#include <faceoff/base/digest.h>
#include <faceoff/base/random.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include <zlib.h>

namespace faceoff::simulate {
namespace {

using namespace std::string_view_literals;

// Every byte as %XX, or only those that a URL cannot hold.
std::string percent_encoded(std::string_view bytes, bool all) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || "-_.~"sv.find(c) != std::string_view::npos;
    if (plain && !all) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", byte);
    }
  }
  return out;
}

// As PHP's and some other encoders write it: the slash too.
std::string json_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += "\"\\/"sv.find(c) != std::string_view::npos ? "\\" : "";
    out += c;
  }
  return out;
}

// A key may hold anything; a header line must stay one line.
std::string header_safe(std::string text) {
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return text;
}

struct Echo {
  std::string_view name;
  std::string value;
};

// What a careless server makes of the key that it was sent.
std::vector<Echo> echoes(std::string_view key) {
  const std::string credentials = fmt::format("Bearer {}", key);
  return {{"raw", std::string(key)},
          {"authorization", credentials},
          {"percent", percent_encoded(key, false)},
          {"percent-all", percent_encoded(key, true)},
          {"base64", to_base64(key)},
          {"authorization-base64", to_base64(credentials)},
          {"json", json_encoded(key)}};
}

std::string error_body(const StruckAnswer& answer) {
  if (answer.error.cause != Cause::echo_key) {
    return answer.wire.error(answer.error);
  }
  ErrorFacts facts = answer.error;
  facts.message = "Incorrect API key provided:";
  for (const Echo& echo : echoes(answer.presented_key)) {
    fmt::format_to(std::back_inserter(facts.message), " {}={}", echo.name, echo.value);
  }
  return answer.wire.error(facts);
}

Reply error_reply(const StruckAnswer& answer) {
  std::string extra(answer.headers);
  if (!answer.fault.retry_after.empty()) {
    extra += "retry-after: " + answer.fault.retry_after + "\r\n";
  }
  if (answer.error.cause == Cause::echo_key) {
    for (const Echo& echo : echoes(answer.presented_key)) {
      fmt::format_to(
          std::back_inserter(extra), "x-echo-{}: {}\r\n", echo.name, header_safe(echo.value));
    }
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

// A 204 has neither a body nor a length.
std::string no_content(const StruckAnswer& answer) {
  return fmt::format("HTTP/1.1 204 {}\r\nx-faceoff-simulated: 1\r\nconnection: {}\r\n{}\r\n",
                     reason_phrase(204),
                     answer.end == End::close ? "close" : "keep-alive",
                     answer.headers);
}

// One block of zeros, packed so that it can stand any number of times in a row (RFC 1951: a full
// flush ends at a byte and refers to nothing before it).
std::string packed_block(std::string& zeros) {
  constexpr int kRaw = -15;  // zlib: the largest window, no header
  std::string out(zeros.size() / 256, '\0');
  z_stream stream{};
  if (::deflateInit2(
          &stream, Z_BEST_COMPRESSION, Z_DEFLATED, kRaw, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    return {};
  }
  stream.next_in = static_cast<Bytef*>(static_cast<void*>(zeros.data()));
  stream.avail_in = static_cast<uInt>(zeros.size());
  stream.next_out = static_cast<Bytef*>(static_cast<void*>(out.data()));
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FULL_FLUSH);
  out.resize(out.size() - stream.avail_out);
  ::deflateEnd(&stream);
  return out;
}

std::string little_endian(std::uint32_t value) {
  std::string out;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    out += static_cast<char>((value >> shift) & 0xFFU);
  }
  return out;
}

// 200 MB of zeros as gzip (RFC 1952).
std::string packed_zeros() {
  constexpr std::uint32_t kBlock = 1024U * 1024;
  constexpr std::uint32_t kBlocks = 200;
  std::string zeros(kBlock, '\0');
  const std::string block = packed_block(zeros);
  const std::uint32_t block_crc = faceoff::crc32(zeros);
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff"sv);
  std::uint32_t crc = 0;
  for (std::uint32_t i = 0; i < kBlocks; ++i) {
    out += block;
    crc = static_cast<std::uint32_t>(::crc32_combine(crc, block_crc, kBlock));
  }
  // An empty last block.
  return out + "\x03" + '\0' + little_endian(crc) + little_endian(kBlock * kBlocks);
}

std::string gzip_bomb(const StruckAnswer& answer) {
  const std::string extra = std::string(answer.headers) + "content-encoding: gzip\r\n";
  const HeadFacts head{.status = 200, .content_type = answer.wire.body_type(), .extra = extra};
  return whole_answer(head, packed_zeros(), answer.end);
}

// alert(21), TLS 1.2, two bytes: fatal(2), protocol_version(70)
constexpr std::string_view kTlsAlert = "\x15\x03\x03\x00\x02\x02\x46"sv;
constexpr std::string_view kLoginPage =
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
    "<body><h1>Sign in to the network</h1></body></html>\n";
constexpr std::size_t kBigHeader = 2UL * 1024 * 1024;

}  // namespace

std::optional<Reply> whole_fault(const StruckAnswer& answer) {
  switch (answer.fault.kind) {
    case FaultKind::status:
      return error_reply(answer);
    case FaultKind::outage:
      return Reply{.steps = fixed_steps({}), .end = End::reset, .outage = answer.fault.duration};
    case FaultKind::redirect: {
      const std::string extra = "location: " + answer.fault.location + "\r\n";
      const int status = answer.fault.status / 100 == 3 ? answer.fault.status : 307;
      const HeadFacts head{.status = status, .content_type = "text/plain", .extra = extra};
      return single_reply(whole_answer(head, "", answer.end), answer.end);
    }
    case FaultKind::reset_before:
      return Reply{.steps = fixed_steps({}), .end = End::reset, .takes_slot = false};
    case FaultKind::empty:
      return Reply{.steps = fixed_steps({}), .end = End::close, .takes_slot = false};
    case FaultKind::no_content:
      return single_reply(no_content(answer), answer.end);
    case FaultKind::html:
      return page_reply(answer, "text/html; charset=utf-8", kLoginPage);
    case FaultKind::garbage:
      return single_reply(std::string("\x01\x02\x03 no HTTP at all \x00\xff\xfe\n"sv), End::close);
    case FaultKind::http09:
      return single_reply("The answer is 42.\n", End::close);
    case FaultKind::tls_bytes:
      return single_reply(std::string(kTlsAlert), End::close);
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
    case FaultKind::gzip_bomb:
      return single_reply(gzip_bomb(answer), answer.end);
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
      if (!fault.done) {
        frames.done.clear();
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
    case FaultKind::short_length:
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

bool leaves_an_answer(const Fault& fault, bool streamed) noexcept {
  switch (fault.kind) {
    case FaultKind::no_done:
    case FaultKind::slow_header:
    case FaultKind::drip:
    case FaultKind::keepalive_comments:
    case FaultKind::drop_keep_alive:
    case FaultKind::whole_json:
      return true;
    case FaultKind::stall:
      return fault.duration.has_value();
    case FaultKind::no_length:
      return !streamed || fault.after_tokens == 0;
    case FaultKind::no_finish:
      return !streamed;
    default:
      return false;
  }
}

}  // namespace faceoff::simulate
