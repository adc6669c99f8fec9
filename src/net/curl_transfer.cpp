#include "curl_transfer.h"

#include "address.h"
#include "curl_failure.h"
#include "kernel_stamp.h"

#include <faceoff/base/check.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include <sys/socket.h>
#include <unistd.h>

namespace faceoff::net {
namespace {

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl().easy_setopt(easy, option, value);
  FACEOFF_CHECK(code == CURLE_OK, "libcurl refuses an option");
}

template <class Value>
Value info(CURL* easy, CURLINFO what) {
  Value value{};
  curl().easy_getinfo(easy, what, &value);
  return value;
}

bool is_token_character(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         kMarks.find(c) != std::string_view::npos;
}

bool breaks_line(char c) {
  return c == '\r' || c == '\n' || c == '\0';
}

bool differ_in_body_only(const HttpRequest& a, const HttpRequest& b) {
  return !a.secret && !b.secret && a.method == b.method && a.url == b.url &&
         a.headers == b.headers && a.reach == b.reach && a.connect_timeout == b.connect_timeout;
}

void wipe(char* text) {
  // volatile: the stores must not be dropped as dead.
  for (volatile char* p = text; *p != '\0'; ++p) {
    *p = '\0';
  }
}

}  // namespace

CurlTransfer::CurlTransfer(LoopState& loop, Poller& poller)
    : loop_(&loop), poller_(&poller), easy_(curl().easy_init()) {
  FACEOFF_CHECK(easy_ != nullptr, "libcurl is out of memory");
}

CurlTransfer::~CurlTransfer() {
  release();
}

Status CurlTransfer::prepare(TransferId id, HttpRequest request, const std::string& ca_file) {
  id_ = id;
  if (settled_ && differ_in_body_only(request_, request)) {
    request_ = std::move(request);
    set_body();
    return {};
  }
  forget_settings();
  request_ = std::move(request);
  FACEOFF_TRY_ASSIGN(url_, parse_url(request_.url));
  FACEOFF_TRY(build_headers());
  set_limits(ca_file);
  set_request();
  set_callbacks();
  settled_ = true;
  return {};
}

void CurlTransfer::forget_settings() {
  settled_ = false;
  if (request_.secret) {
    for (const curl_slist* node = headers_.get(); node != nullptr; node = node->next) {
      wipe(node->data);
    }
  }
  curl().easy_reset(easy_.get());
  headers_.reset();
  request_ = HttpRequest{};
  url_ = Url{};
}

void CurlTransfer::release() {
  // The settings of the next request are mostly the same; a secret is not kept for it. libcurl
  // counts over the life of a handle how often a kept connection turned out to be dead, and gives
  // up at the sixth time: only a reset ends the count.
  if (request_.secret || !settled_ || times_ready_ != 1) {
    forget_settings();
  } else {
    request_.body = {};
  }
  times_ready_ = 0;
  head_.clear();
  sent_at_ = pass_ = pass_before_ = last_stamp_ = TimePoint{};
  head_at_ = Stamp{};
  received_ = 0;
  answered_ = false;
  own_fault_.reset();
  own_detail_.clear();
  socket_error_ = 0;
  error_.front() = '\0';
}

CurlTransfer& CurlTransfer::of(CURL* easy) {
  auto* transfer = info<char*>(easy, CURLINFO_PRIVATE);
  // libcurl types the pointer that it keeps for us as char*.
  return *static_cast<CurlTransfer*>(static_cast<void*>(transfer));
}

Status CurlTransfer::build_headers() {
  // libcurl's own ideas that a caller has not asked for: a form's content type, and waiting up to a
  // second for a "100 Continue" before large bodies.
  append_line("Expect:");
  const bool typed = find_header(request_.headers, "Content-Type").has_value();
  if (!typed) {
    append_line("Content-Type:");
  }
  for (const auto& [name, value] : request_.headers) {
    FACEOFF_TRY(add_header(name, value));
  }
  if (request_.secret) {
    const SecretHeader& secret = *request_.secret;
    FACEOFF_TRY(add_header(secret.name, secret.prefix + secret.value.reveal()));
  }
  return {};
}

Status CurlTransfer::add_header(const std::string& name, std::string value) {
  const bool fits = !name.empty() && std::ranges::all_of(name, is_token_character) &&
                    std::ranges::none_of(value, breaks_line);
  if (fits) {
    // libcurl reads "name:" as "leave this header out" and "name;" as "send it without a value".
    std::string line = trim(value).empty() ? name + ";" : fmt::format("{}: {}", name, value);
    append_line(line);
    wipe(line.data());
  }
  wipe(value.data());
  if (!fits) {
    return fail(ErrorKind::usage,
                fmt::format("header '{}' has a name or a value that HTTP cannot carry; remove line "
                            "breaks and blanks",
                            display_text(name)));
  }
  return {};
}

void CurlTransfer::append_line(const std::string& line) {
  curl_slist* longer = curl().slist_append(headers_.get(), line.c_str());
  FACEOFF_CHECK(longer != nullptr, "libcurl is out of memory");
  if (headers_ == nullptr) {
    headers_.reset(longer);
  }
}

void CurlTransfer::set_limits(const std::string& ca_file) {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_file.empty()) {
    set(easy, CURLOPT_CAINFO, ca_file.c_str());
  }
  set(easy, CURLOPT_TCP_NODELAY, 1L);
  set(easy, CURLOPT_DNS_CACHE_TIMEOUT, -1L);
  // Without it, cancelling a transfer waits for its name look-up, however long that takes.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
  const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(request_.connect_timeout);
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, std::max<long>(1, timeout.count()));
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (request_.reach == Reach::loopback || is_loopback_name(url_.host)) {
    set(easy, CURLOPT_PROXY, "");
  }
}

void CurlTransfer::set_request() {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_URL, request_.url.c_str());
  set(easy, CURLOPT_HTTPHEADER, headers_.get());
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  if (request_.method == "GET") {
    set(easy, CURLOPT_HTTPGET, 1L);
    return;
  }
  if (request_.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  set_body();
  if (request_.method != "POST") {
    set(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
}

void CurlTransfer::set_body() {
  if (request_.method == "GET" || request_.method == "HEAD") {
    return;
  }
  set(easy_.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  set(easy_.get(), CURLOPT_POSTFIELDS, request_.body.c_str());
}

void CurlTransfer::set_callbacks() {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_PRIVATE, this);
  set(easy, CURLOPT_ERRORBUFFER, error_.data());
  set(easy, CURLOPT_PREREQFUNCTION, &CurlTransfer::on_ready);
  set(easy, CURLOPT_PREREQDATA, this);
  set(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(easy, CURLOPT_WRITEDATA, this);
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::on_open_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, this);
  set(easy, CURLOPT_CLOSESOCKETFUNCTION, &CurlTransfer::on_close_socket);
  set(easy, CURLOPT_CLOSESOCKETDATA, poller_);
}

int CurlTransfer::on_ready(void* self, char* peer, char* /*local*/, int, int) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const TimePoint at = transfer.loop_->now();
  // A kept connection was opened without asking on_open_socket on behalf of this request.
  const auto address = Address::parse(peer);
  if (transfer.request_.reach == Reach::loopback && !(address && address->is_loopback())) {
    transfer.stop(Fault::address_not_allowed, peer);
    return CURL_PREREQFUNC_ABORT;
  }
  transfer.sent_at_ = transfer.last_stamp_ = at;
  ++transfer.times_ready_;
  Ready ready;
  ready.reused = info<long>(transfer.easy(), CURLINFO_NUM_CONNECTS) == 0;
  if (!ready.reused) {
    transfer.note_connect(ready);
  }
  ready.peer = peer;
  transfer.loop_->add(transfer.id_, at, std::move(ready));
  return CURL_PREREQFUNC_OK;
}

std::size_t CurlTransfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const Stamp at = transfer.stamp();
  transfer.answered_ = true;
  switch (transfer.head_.add({bytes, size * count})) {
    case ResponseHead::Line::begins:
      transfer.head_at_ = at;
      break;
    case ResponseHead::Line::complete:
      transfer.loop_->add(
          transfer.id_, transfer.head_at_.at, transfer.head_.take(), transfer.head_at_.source);
      break;
    case ResponseHead::Line::conflict:
      transfer.stop(Fault::protocol, "several Content-Length headers that differ");
      return 0;
    default:
      break;
  }
  return size * count;
}

std::size_t CurlTransfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const Stamp at = transfer.stamp();
  const std::size_t length = size * count;
  if (length > transfer.request_.max_response_bytes - transfer.received_) {
    transfer.stop(Fault::too_large, {});
    return CURL_WRITEFUNC_ERROR;
  }
  transfer.received_ += length;
  if (length > 0) {
    transfer.loop_->add_bytes(transfer.id_, at, {bytes, length});
  }
  return length;
}

curl_socket_t CurlTransfer::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (transfer.request_.reach == Reach::loopback) {
    const auto dialled = Address::from(address->addr);
    if (!dialled || !dialled->is_loopback()) {
      transfer.stop(Fault::address_not_allowed, dialled ? dialled->text() : "the peer");
      return CURL_SOCKET_BAD;
    }
  }
  // Child processes must not inherit the connection.
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) {
    transfer.socket_error_ = errno;
    return CURL_SOCKET_BAD;
  }
  if (transfer.loop_->wants_kernel_stamps()) {
    static_cast<void>(KernelStamps::enable(fd));
  }
  transfer.poller_->opened(fd);
  return fd;
}

int CurlTransfer::on_close_socket(void* poller, curl_socket_t socket) {
  static_cast<Poller*>(poller)->closed(socket);
  return ::close(socket);
}

void CurlTransfer::note_connect(Ready& ready) const {
  using std::chrono::microseconds;
  const auto tls = info<curl_off_t>(easy(), CURLINFO_APPCONNECT_TIME_T);
  const auto tcp = info<curl_off_t>(easy(), CURLINFO_CONNECT_TIME_T);
  const auto dns = info<curl_off_t>(easy(), CURLINFO_NAMELOOKUP_TIME_T);
  const curl_off_t elapsed = tls > 0 ? tls : tcp;
  if (elapsed > 0) {
    ready.connect = microseconds(elapsed);
    ready.dns = microseconds(std::min(dns, elapsed));
  }
  if (tls > 0 && tcp > 0) {
    ready.tls = microseconds(tls - tcp);
  }
}

Stamp CurlTransfer::stamp() noexcept {
  if (loop_->woken_at() != pass_) {
    pass_before_ = std::exchange(pass_, loop_->woken_at());
  }
  Stamp stamp = loop_->stamp(sent_at_, pass_before_);
  stamp.at = last_stamp_ = std::max(stamp.at, last_stamp_);
  return stamp;
}

void CurlTransfer::stop(Fault fault, std::string detail) {
  own_fault_ = fault;
  own_detail_ = std::move(detail);
}

void CurlTransfer::conclude(CURLcode code) {
  const TimePoint at = stamp().at;
  if (code == CURLE_OK) {
    loop_->add(id_, at, Finished{});
    return;
  }
  settled_ = false;
  CurlFailure failure;
  failure.code = code;
  failure.detail = error_.data();
  const auto system_error = info<long>(easy(), CURLINFO_OS_ERRNO);
  failure.system_error = socket_error_ != 0 ? socket_error_ : static_cast<int>(system_error);
  failure.connect_status = info<long>(easy(), CURLINFO_HTTP_CONNECTCODE);
  failure.answered = answered_;
  failure.body_bytes = received_;
  failure.max_body_bytes = request_.max_response_bytes;
  failure.connect_timeout = request_.connect_timeout;
  failure.own = own_fault_;
  failure.own_detail = own_detail_;
  loop_->add(id_, at, describe(failure, url_));
}

}  // namespace faceoff::net
