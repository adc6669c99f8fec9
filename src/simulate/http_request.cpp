#include "http_request.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace faceoff::simulate {
namespace {

constexpr std::size_t kMaxChunkLine = 1024;
constexpr std::size_t kMaxHeaders = 200;

bool is_token(std::string_view text) noexcept {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool has_control(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
  });
}

std::optional<std::size_t> parse_size(std::string_view digits, int base) noexcept {
  std::size_t value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || result.ec != std::errc{} || result.ptr != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<std::string_view> HttpRequest::header(std::string_view name) const noexcept {
  const auto found = std::ranges::find(headers, name, &HttpHeader::name);
  if (found == headers.end()) {
    return std::nullopt;
  }
  return found->value;
}

RequestParser::State RequestParser::refuse(int status, std::string reason) {
  phase_ = Phase::bad;
  bad_status_ = status;
  bad_reason_ = std::move(reason);
  return State::bad;
}

RequestParser::State RequestParser::parse(std::string& buffer) {
  switch (phase_) {
    case Phase::head:
      return parse_head(buffer);
    case Phase::body:
      return parse_body(buffer);
    case Phase::chunk_size:
    case Phase::chunk_data:
    case Phase::trailer:
      return parse_chunks(buffer);
    case Phase::bad:
      break;
  }
  return State::bad;
}

HttpRequest RequestParser::take() {
  phase_ = Phase::head;
  scanned_ = 0;
  remaining_ = 0;
  trailer_bytes_ = 0;
  continue_ = false;
  return std::exchange(request_, HttpRequest{});
}

bool RequestParser::take_continue() noexcept {
  return std::exchange(continue_, false);
}

RequestParser::State RequestParser::parse_head(std::string& buffer) {
  if (scanned_ == 0) {
    // Blank lines in front of a request line are skipped (RFC 9112, 2.2).
    buffer.erase(0, std::min(buffer.find_first_not_of("\r\n"), buffer.size()));
  }
  const std::size_t from = scanned_ < 3 ? 0 : scanned_ - 3;
  const std::size_t end = buffer.find("\r\n\r\n", from);
  if (end == std::string::npos || end + 4 > kMaxHeadBytes) {
    scanned_ = buffer.size();
    if (end != std::string::npos || buffer.size() > kMaxHeadBytes) {
      return refuse(431, "the request head is larger than 64 KiB");
    }
    // A client that speaks another protocol, TLS for one, would otherwise wait for ever.
    if (!buffer.empty() && !is_token(std::string_view(buffer).substr(0, 1))) {
      return refuse(400, "this is not HTTP");
    }
    return State::more;
  }
  const std::string head = buffer.substr(0, end);
  buffer.erase(0, end + 4);
  if (const State state = parse_lines(head); state == State::bad) {
    return state;
  }
  if (const State state = choose_body(); state != State::more) {
    return state;
  }
  return parse(buffer);
}

RequestParser::State RequestParser::parse_lines(std::string_view head) {
  bool first = true;
  while (first || !head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const bool sound = first ? parse_request_line(line) : parse_header_line(line);
    if (!sound) {
      return phase_ == Phase::bad ? State::bad : refuse(400, "malformed request");
    }
    first = false;
  }
  return State::more;
}

bool RequestParser::parse_request_line(std::string_view line) {
  const auto parts = split(line, ' ');
  if (parts.size() != 3 || !is_token(parts[0]) || parts[1].empty() || has_control(parts[1])) {
    return false;
  }
  if (parts[2] != "HTTP/1.1" && parts[2] != "HTTP/1.0") {
    if (parts[2].starts_with("HTTP/")) {
      refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    }
    return false;
  }
  request_.method = parts[0];
  request_.minor_version = parts[2].back() == '1' ? 1 : 0;
  request_.keep_alive = request_.minor_version == 1;
  std::string_view target = parts[1];
  if (target.starts_with("http://")) {
    target.remove_prefix(7);
    target.remove_prefix(std::min(target.find('/'), target.size()));
  }
  const std::size_t query = std::min(target.find('?'), target.size());
  request_.path = target.substr(0, query);
  request_.query = query < target.size() ? target.substr(query + 1) : std::string_view{};
  return true;
}

bool RequestParser::parse_header_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return false;
  }
  const std::string_view value = trim(line.substr(colon + 1));
  if (has_control(value)) {
    return false;
  }
  if (request_.headers.size() >= kMaxHeaders) {
    refuse(431, "more than 200 headers");
    return false;
  }
  request_.headers.push_back({ascii_lower(line.substr(0, colon)), std::string(value)});
  return true;
}

RequestParser::State RequestParser::choose_body() {
  std::optional<std::size_t> length;
  bool chunked = false;
  for (const HttpHeader& header : request_.headers) {
    if (header.name == "content-length") {
      const auto value = parse_size(header.value, 10);
      if (!value || (length && *length != *value)) {
        return refuse(400, "bad Content-Length");
      }
      length = value;
    } else if (header.name == "transfer-encoding") {
      if (chunked || !iequals_ascii(header.value, "chunked")) {
        return refuse(501, "unknown Transfer-Encoding");
      }
      chunked = true;
    } else if (header.name == "connection") {
      for (const std::string_view option : split(header.value, ',')) {
        if (iequals_ascii(trim(option), "close")) {
          request_.keep_alive = false;
        } else if (iequals_ascii(trim(option), "keep-alive")) {
          request_.keep_alive = true;
        }
      }
    } else if (header.name == "expect") {
      continue_ = iequals_ascii(header.value, "100-continue");
    }
  }
  if (chunked && length) {
    return refuse(400, "both Content-Length and Transfer-Encoding");
  }
  if (length.value_or(0) > kMaxBodyBytes) {
    return refuse(413, "the request body is larger than 16 MiB");
  }
  if (chunked) {
    phase_ = Phase::chunk_size;
    return State::more;
  }
  remaining_ = length.value_or(0);
  phase_ = Phase::body;
  return State::more;
}

RequestParser::State RequestParser::parse_body(std::string& buffer) {
  if (buffer.size() < remaining_) {
    return State::more;
  }
  request_.body = buffer.substr(0, remaining_);
  buffer.erase(0, remaining_);
  return finish();
}

RequestParser::State RequestParser::parse_chunks(std::string& buffer) {
  while (true) {
    if (phase_ == Phase::chunk_size) {
      if (const State state = parse_chunk_size(buffer);
          phase_ == Phase::chunk_size || state == State::bad) {
        return state;
      }
    }
    if (phase_ == Phase::chunk_data) {
      if (buffer.size() < remaining_ + 2) {
        return State::more;
      }
      if (buffer.compare(remaining_, 2, "\r\n") != 0) {
        return refuse(400, "bad chunk");
      }
      request_.body.append(buffer, 0, remaining_);
      buffer.erase(0, remaining_ + 2);
      phase_ = Phase::chunk_size;
      continue;
    }
    const std::size_t end = buffer.find("\r\n");
    if (end == std::string::npos) {
      return buffer.size() > kMaxChunkLine ? refuse(431, "trailer too large") : State::more;
    }
    trailer_bytes_ += end + 2;
    if (trailer_bytes_ > kMaxHeadBytes) {
      return refuse(431, "trailer too large");
    }
    buffer.erase(0, end + 2);
    if (end == 0) {
      return finish();
    }
  }
}

RequestParser::State RequestParser::parse_chunk_size(std::string& buffer) {
  const std::size_t end = buffer.find("\r\n");
  if (end == std::string::npos) {
    return buffer.size() > kMaxChunkLine ? refuse(400, "bad chunk size") : State::more;
  }
  const std::string_view line = std::string_view(buffer).substr(0, end);
  const auto size = parse_size(trim(line.substr(0, line.find(';'))), 16);
  if (!size) {
    return refuse(400, "bad chunk size");
  }
  if (*size > kMaxBodyBytes || request_.body.size() + *size > kMaxBodyBytes) {
    return refuse(413, "the request body is larger than 16 MiB");
  }
  buffer.erase(0, end + 2);
  remaining_ = *size;
  phase_ = *size == 0 ? Phase::trailer : Phase::chunk_data;
  return State::more;
}

RequestParser::State RequestParser::finish() {
  continue_ = false;
  return State::ready;
}

}  // namespace faceoff::simulate
