#pragma once

#include "answer.h"
#include "json.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::backend {

// What all wires share in reading a response: status, error bodies, a web page where an answer was
// expected, one JSON body where a stream was asked for, and the rule that an answer is complete
// only when the model said why it stopped. A wire adds its framing.
class ResponseDecoder : public Decoder {
 public:
  void on_headers(int status, const net::HeaderList& headers) final;
  void on_bytes(std::string_view bytes, TimePoint at, std::vector<chat::StreamEvent>& events) final;
  [[nodiscard]] Reply finish(const std::optional<Failure>& transport_failure,
                             TimePoint at,
                             UtcTime now,
                             std::vector<chat::StreamEvent>& events) final;

 protected:
  // Reads bytes of a stream. Error of kind protocol when it goes beyond a limit of the framing.
  [[nodiscard]] virtual Status feed(std::string_view bytes) = 0;
  // The stream is over: delivers a last frame that was not closed.
  [[nodiscard]] virtual Status end() = 0;
  // Reads one JSON document that is the whole body.
  virtual void read_whole(std::string_view body) = 0;
  // Whether a body that begins with `{` or `[` is one document, not a stream.
  [[nodiscard]] virtual bool is_whole(std::string_view content_type) const = 0;
  // After a finish reason: what the wire still misses ("no [DONE] ..."), or empty.
  [[nodiscard]] virtual std::string_view missing_end() const = 0;

  [[nodiscard]] Answer& answer() noexcept { return answer_; }
  // The server says that something went wrong. After the finish reason only a warning.
  void fail(Failure failure);
  // A frame that is not what the wire speaks: cut when it is the last one.
  void fail_malformed(std::string_view frame);
  void count_frame() noexcept { ++frames_; }
  void set_unstreamed();

 private:
  enum class Body : std::uint8_t { unknown, stream, whole, page };
  void sniff(std::string_view bytes);
  void keep(std::string_view bytes);
  void take_stream(std::string_view bytes);
  void end_body(bool transport_failed);
  [[nodiscard]] std::optional<Failure> decide(const std::optional<Failure>& transport_failure,
                                              UtcTime now);
  [[nodiscard]] Failure without_finish(const std::optional<Failure>& transport_failure) const;

  Answer answer_;
  int status_ = 0;
  net::HeaderList headers_;
  std::string content_type_;
  Body body_ = Body::unknown;
  std::string kept_;  // not yet sniffed, one JSON document, an error body or the start of a page
  std::optional<Failure> failure_;
  std::size_t frames_ = 0;
  bool any_bytes_ = false;
  bool ending_ = false;
  bool cut_frame_ = false;
  bool streamed_ = true;
  bool simulated_ = false;
};

}  // namespace faceoff::backend
