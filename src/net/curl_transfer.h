#pragma once

#include "curl_library.h"
#include "loop_state.h"
#include "poller.h"
#include "response_head.h"

#include <faceoff/base/result.h>
#include <faceoff/net/transport.h>
#include <faceoff/net/url.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <curl/curl.h>

namespace faceoff::net {

struct CurlEasyDeleter {
  void operator()(CURL* easy) const noexcept { curl().easy_cleanup(easy); }
};
struct CurlListDeleter {
  void operator()(curl_slist* list) const noexcept { curl().slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, CurlListDeleter>;

// One easy handle with what its callbacks need; used for one request after the other. Its address
// must not change while a request is under way.
class CurlTransfer {
 public:
  // `loop` must outlive the transfer, `poller` also the connections that it opens.
  CurlTransfer(LoopState& loop, Poller& poller);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // Readies the handle for `request`; `ca_file` may be empty. Error of kind usage: URL or headers
  // cannot be sent.
  [[nodiscard]] Status prepare(TransferId id, HttpRequest request, const std::string& ca_file);
  // Appends Finished or Failed.
  void conclude(CURLcode code);
  // Drops the request and wipes the secret; other settings stay for a next request to the same
  // address. REQUIRES: no multi handle holds the easy handle.
  void release();

  [[nodiscard]] TransferId id() const noexcept { return id_; }
  [[nodiscard]] CURL* easy() const noexcept { return easy_.get(); }
  // The transfer behind a handle.
  [[nodiscard]] static CurlTransfer& of(CURL* easy);

 private:
  [[nodiscard]] Status build_headers();
  [[nodiscard]] Status add_header(const std::string& name, std::string value);
  void append_line(const std::string& line);
  void set_limits(const std::string& ca_file);
  void set_request();
  void set_body();
  void forget_settings();
  void set_callbacks();

  static int on_ready(void* self, char* peer, char* local, int peer_port, int local_port);
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_close_socket(void* poller, curl_socket_t socket);

  void note_connect(Ready& ready) const;
  [[nodiscard]] Stamp stamp() noexcept;
  void stop(Fault fault, std::string detail);

  LoopState* loop_;
  Poller* poller_;
  std::unique_ptr<CURL, CurlEasyDeleter> easy_;
  TransferId id_ = 0;
  HttpRequest request_;
  Url url_;
  CurlList headers_;
  bool settled_ = false;  // the handle has all settings of request_
  int times_ready_ = 0;   // of this request
  ResponseHead head_;
  TimePoint sent_at_;
  Stamp head_at_;
  TimePoint pass_;         // wake-up of the pass that read last
  TimePoint pass_before_;  // ... and of the one before it
  TimePoint last_stamp_;
  std::uint64_t received_ = 0;
  bool answered_ = false;
  std::optional<Fault> own_fault_;
  std::string own_detail_;
  int socket_error_ = 0;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

}  // namespace faceoff::net
