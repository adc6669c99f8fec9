#include "reply.h"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

class FixedSteps final : public StepSource {
 public:
  explicit FixedSteps(std::vector<Step> steps) : steps_(std::move(steps)) {}

  std::optional<Step> next() override {
    if (index_ == steps_.size()) {
      return std::nullopt;
    }
    return std::move(steps_[index_++]);
  }

 private:
  std::vector<Step> steps_;
  std::size_t index_ = 0;
};

class EndlessSteps final : public StepSource {
 public:
  explicit EndlessSteps(std::string head) : head_(std::move(head)) {}

  std::optional<Step> next() override {
    constexpr std::size_t kBlock = 64UL * 1024;
    if (!head_.empty()) {
      return Step{.at = {}, .bytes = std::exchange(head_, {})};
    }
    return Step{.at = {}, .bytes = std::string(kBlock, 'x')};
  }

 private:
  std::string head_;
};

struct Phrase {
  int status;
  std::string_view text;
};
constexpr std::array kPhrases{
    Phrase{200, "OK"},
    Phrase{204, "No Content"},
    Phrase{301, "Moved Permanently"},
    Phrase{302, "Found"},
    Phrase{303, "See Other"},
    Phrase{307, "Temporary Redirect"},
    Phrase{308, "Permanent Redirect"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{402, "Payment Required"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{413, "Content Too Large"},
    Phrase{422, "Unprocessable Content"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{502, "Bad Gateway"},
    Phrase{503, "Service Unavailable"},
    Phrase{504, "Gateway Timeout"},
    Phrase{505, "HTTP Version Not Supported"},
    Phrase{529, "Overloaded"},
};

std::string head_start(const HeadFacts& facts, End end) {
  return fmt::format(
      "HTTP/1.1 {} {}\r\nx-faceoff-simulated: 1\r\ncontent-type: {}\r\nconnection: {}\r\n{}",
      facts.status,
      reason_phrase(facts.status),
      facts.content_type,
      end == End::close ? "close" : "keep-alive",
      facts.extra);
}

}  // namespace

std::unique_ptr<StepSource> fixed_steps(std::vector<Step> steps) {
  return std::make_unique<FixedSteps>(std::move(steps));
}

std::unique_ptr<StepSource> endless_steps(std::string head) {
  return std::make_unique<EndlessSteps>(std::move(head));
}

Reply single_reply(std::string bytes, End end, Duration at) {
  std::vector<Step> steps;
  steps.push_back({.at = at, .bytes = std::move(bytes)});
  return Reply{.steps = fixed_steps(std::move(steps)), .end = end, .takes_slot = false};
}

std::string_view reason_phrase(int status) noexcept {
  for (const Phrase& phrase : kPhrases) {
    if (phrase.status == status) {
      return phrase.text;
    }
  }
  return "Unknown";
}

std::string whole_answer(const HeadFacts& facts, std::string_view body, End end) {
  std::string out = head_start(facts, end);
  fmt::format_to(std::back_inserter(out), "content-length: {}\r\n\r\n", body.size());
  out += body;
  return out;
}

std::string stream_head(const HeadFacts& facts, bool chunked, End end) {
  std::string out = head_start(facts, chunked ? end : End::close);
  out += chunked ? "transfer-encoding: chunked\r\n\r\n" : "\r\n";
  return out;
}

std::string as_chunk(std::string_view bytes) {
  std::string out = fmt::format("{:x}\r\n", bytes.size());
  out += bytes;
  out += "\r\n";
  return out;
}

}  // namespace faceoff::simulate
