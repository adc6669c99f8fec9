#include <faceoff/net/ndjson.h>

#include <utility>

namespace faceoff::net {
namespace {

constexpr std::size_t kMaxLine = 8UL * 1024 * 1024;

}  // namespace

NdjsonParser::NdjsonParser(OnLine on_line) : on_line_(std::move(on_line)) {}

Status NdjsonParser::feed(std::string_view bytes) {
  if (failed_) {
    return give_up("the line stream was already given up");
  }
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (line_.size() + piece.size() > kMaxLine) {
      return give_up("a line of the answer is longer than 8 MiB");
    }
    if (end == std::string_view::npos) {
      line_ += piece;
      break;
    }
    bytes.remove_prefix(end + 1);
    if (line_.empty()) {
      deliver(piece);
    } else {
      line_ += piece;
      deliver(line_);
      line_.clear();
    }
  }
  return {};
}

Status NdjsonParser::finish() {
  if (failed_) {
    return give_up("the line stream was already given up");
  }
  deliver(line_);
  line_.clear();
  return {};
}

void NdjsonParser::deliver(std::string_view line) const {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
    return;
  }
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  if (on_line_) {
    on_line_(line);
  }
}

Status NdjsonParser::give_up(std::string_view what) {
  failed_ = true;
  return fail(ErrorKind::protocol, std::string(what));
}

}  // namespace faceoff::net
