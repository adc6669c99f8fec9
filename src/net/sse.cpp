#include <faceoff/net/line_end.h>
#include <faceoff/net/sse.h>

#include <algorithm>
#include <utility>

namespace faceoff::net {
namespace {

constexpr std::size_t kMaxLine = 1024UL * 1024;
constexpr std::size_t kMaxEvent = 4UL * 1024 * 1024;
constexpr std::string_view kBom = "\xEF\xBB\xBF";

std::string_view without_leading_space(std::string_view value) {
  return value.starts_with(' ') ? value.substr(1) : value;
}

}  // namespace

SseParser::SseParser(OnEvent on_event, OnComment on_comment)
    : on_event_(std::move(on_event)), on_comment_(std::move(on_comment)) {}

Status SseParser::feed(std::string_view bytes) {
  if (failed_) {
    return give_up("the event stream was already given up");
  }
  skip_bom(bytes);
  while (!bytes.empty()) {
    if (std::exchange(after_cr_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const std::size_t end = find_line_end(bytes);
    const std::string_view piece = bytes.substr(0, end);
    if (line_.size() + piece.size() > kMaxLine) {
      return give_up("a line of the event stream is longer than 1 MiB");
    }
    if (end == std::string_view::npos) {
      line_ += piece;
      break;
    }
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    FACEOFF_TRY(end_line(piece));
  }
  return {};
}

Status SseParser::end_line(std::string_view piece) {
  if (line_.empty()) {
    return take_line(piece);
  }
  line_ += piece;
  FACEOFF_TRY(take_line(line_));
  line_.clear();
  return {};
}

Status SseParser::finish() {
  if (failed_) {
    return give_up("the event stream was already given up");
  }
  if (at_start_ && bom_seen_ < kBom.size()) {
    line_.insert(0, kBom.substr(0, bom_seen_));
  }
  at_start_ = false;
  if (!line_.empty()) {
    FACEOFF_TRY(take_line(line_));
    line_.clear();
  }
  dispatch(true);
  return {};
}

void SseParser::skip_bom(std::string_view& bytes) {
  while (at_start_ && !bytes.empty()) {
    if (bytes.front() == kBom[bom_seen_]) {
      bytes.remove_prefix(1);
      at_start_ = ++bom_seen_ < kBom.size();
    } else {
      line_ = kBom.substr(0, bom_seen_);
      at_start_ = false;
    }
  }
}

Status SseParser::take_line(std::string_view line) {
  if (line.empty()) {
    dispatch(false);
    return {};
  }
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  const std::string_view value = colon == std::string_view::npos
                                     ? std::string_view{}
                                     : without_leading_space(line.substr(colon + 1));
  if (colon == 0) {
    if (on_comment_) {
      on_comment_(value);
    }
  } else if (field == "data") {
    return append(data_, value, has_data_);
  } else if (field == "error") {
    return append(error_, value, has_error_);
  } else if (field == "event") {
    event_ = value;
  }
  return {};
}

Status SseParser::append(std::string& block, std::string_view value, bool& has) {
  if (data_.size() + error_.size() + value.size() + 1 > kMaxEvent) {
    return give_up("an event of the event stream is larger than 4 MiB");
  }
  if (has) {
    block += '\n';
  }
  block += value;
  has = true;
  return {};
}

void SseParser::dispatch(bool at_end) {
  if (has_data_ && on_event_) {
    const std::string_view name = event_.empty() ? std::string_view("message") : event_;
    on_event_(SseEvent{name, data_, at_end});
  }
  if (has_error_ && on_event_) {
    on_event_(SseEvent{"error", error_, at_end});
  }
  event_.clear();
  data_.clear();
  error_.clear();
  has_data_ = false;
  has_error_ = false;
}

Status SseParser::give_up(std::string_view what) {
  failed_ = true;
  return fail(ErrorKind::protocol, std::string(what));
}

}  // namespace faceoff::net
