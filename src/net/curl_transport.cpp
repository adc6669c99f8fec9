#include "curl_library.h"
#include "curl_transfer.h"
#include "kernel_stamp.h"
#include "loop_state.h"
#include "poller.h"

#include <faceoff/base/check.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>
#include <faceoff/net/curl_transport.h>

#include <algorithm>
#include <cstdlib>
#include <unordered_map>
#include <utility>
#include <vector>

#include <curl/curl.h>

namespace faceoff::net {
namespace {

struct CurlMultiDeleter {
  void operator()(CURLM* multi) const noexcept { curl().multi_cleanup(multi); }
};

class CurlTransport final : public Transport {
 public:
  CurlTransport(const Clock& clock, CurlOptions options, Poller poller);
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  void start(TransferId id, HttpRequest request) override;
  void cancel(TransferId id) override;
  [[nodiscard]] std::span<const Event> poll(TimePoint until) override;
  void wake() noexcept override { poller_.wake(); }
  [[nodiscard]] Duration take_max_lag() noexcept override { return loop_.take_max_lag(); }
  [[nodiscard]] DurationHistogram take_lags() noexcept override { return loop_.take_lags(); }
  [[nodiscard]] chat::StampSource stamp_source() const noexcept override {
    return std::max(options_.best_stamps,
                    stamps_.available() ? chat::StampSource::kernel : chat::StampSource::loop);
  }

 private:
  using Live = std::unordered_map<TransferId, std::unique_ptr<CurlTransfer>>;

  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* known);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);

  void act(curl_socket_t socket, int events);
  void act_if_due();
  void collect_finished();
  void retire(Live::iterator transfer);
  [[nodiscard]] std::unique_ptr<CurlTransfer> take_transfer();

  const Clock* clock_;
  CurlOptions options_;
  // libcurl calls on_socket while it is cleaned up, so it goes first: members are destroyed from
  // the last to the first.
  Poller poller_;
  LoopState loop_;
  KernelStamps stamps_;
  TimePoint curl_deadline_ = kNever;
  std::unique_ptr<CURLM, CurlMultiDeleter> multi_;
  Live live_;
  std::vector<std::unique_ptr<CurlTransfer>> spare_;
};

template <class Value>
void set(CURLM* multi, CURLMoption option, Value value) {
  const CURLMcode code = curl().multi_setopt(multi, option, value);
  FACEOFF_CHECK(code == CURLM_OK, "libcurl refuses an option");
}

CurlTransport::CurlTransport(const Clock& clock, CurlOptions options, Poller poller)
    : clock_(&clock),
      options_(std::move(options)),
      poller_(std::move(poller)),
      loop_(clock),
      stamps_(clock),
      multi_(curl().multi_init()) {
  FACEOFF_CHECK(multi_ != nullptr, "libcurl is out of memory");
  loop_.want_kernel_stamps(stamps_.available() &&
                           options_.best_stamps == chat::StampSource::kernel);
  loop_.want_loop_stamps(options_.best_stamps <= chat::StampSource::loop);
  set(multi_.get(), CURLMOPT_SOCKETFUNCTION, &CurlTransport::on_socket);
  set(multi_.get(), CURLMOPT_SOCKETDATA, this);
  set(multi_.get(), CURLMOPT_TIMERFUNCTION, &CurlTransport::on_timer);
  set(multi_.get(), CURLMOPT_TIMERDATA, this);
  set(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(options_.max_connections));
}

CurlTransport::~CurlTransport() {
  for (const auto& [id, transfer] : live_) {
    curl().multi_remove_handle(multi_.get(), transfer->easy());
  }
}

void CurlTransport::start(TransferId id, HttpRequest request) {
  FACEOFF_CHECK(!live_.contains(id), "a transfer of this id is in flight");
  auto transfer = take_transfer();
  const Status prepared = transfer->prepare(id, std::move(request), options_.ca_file);
  if (!prepared) {
    const std::string message = redactor().redact(prepared.error().message);
    loop_.add(id, clock_->now(), Failed{Fault::bad_url, display_text(message)});
    transfer->release();
    spare_.push_back(std::move(transfer));
    return;
  }
  const CURLMcode code = curl().multi_add_handle(multi_.get(), transfer->easy());
  FACEOFF_CHECK(code == CURLM_OK, "libcurl refuses a transfer");
  live_.emplace(id, std::move(transfer));
}

void CurlTransport::cancel(TransferId id) {
  loop_.drop(id);
  if (const auto found = live_.find(id); found != live_.end()) {
    retire(found);
  }
}

std::span<const Event> CurlTransport::poll(TimePoint until) {
  loop_.forget_delivered();
  loop_.handling_readable(false);
  // New requests first: they go out before anything is waited for, and a connection that was just
  // freed is taken again before the kernel hears that nobody reads it.
  act_if_due();
  bool woken = false;
  do {
    const TimePoint limit = loop_.empty() ? std::min(until, curl_deadline_) : TimePoint{};
    const Poller::Wakeup wakeup = poller_.wait(limit);
    woken = wakeup.woken;
    loop_.begin_pass(wakeup.at, wakeup.ready_on_entry);
    for (const epoll_event& event : wakeup.sockets) {
      const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
      const bool readable = broken || (event.events & EPOLLIN) != 0;
      const bool writable = (event.events & EPOLLOUT) != 0;
      loop_.handling_readable(
          readable,
          readable && loop_.wants_kernel_stamps() ? stamps_.peek(event.data.fd) : std::nullopt);
      act(event.data.fd,
          (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0) |
              (broken ? CURL_CSELECT_ERR : 0));
    }
    loop_.handling_readable(false);
    act_if_due();
  } while (loop_.empty() && !woken && clock_->now() < until);
  return loop_.deliver();
}

void CurlTransport::act(curl_socket_t socket, int events) {
  int running = 0;
  const CURLMcode code = curl().multi_socket_action(multi_.get(), socket, events, &running);
  FACEOFF_CHECK(code == CURLM_OK, "libcurl's event loop fails");
  collect_finished();
}

void CurlTransport::act_if_due() {
  if (curl_deadline_ <= clock_->now()) {
    curl_deadline_ = kNever;
    act(CURL_SOCKET_TIMEOUT, 0);
  }
}

void CurlTransport::collect_finished() {
  int left = 0;
  while (const CURLMsg* message = curl().multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) {
      continue;
    }
    CurlTransfer& transfer = CurlTransfer::of(message->easy_handle);
    transfer.conclude(message->data.result);
    retire(live_.find(transfer.id()));
  }
}

void CurlTransport::retire(Live::iterator transfer) {
  std::unique_ptr<CurlTransfer> done = std::move(transfer->second);
  live_.erase(transfer);
  curl().multi_remove_handle(multi_.get(), done->easy());
  done->release();
  if (spare_.size() < options_.max_connections) {
    spare_.push_back(std::move(done));
  }
}

std::unique_ptr<CurlTransfer> CurlTransport::take_transfer() {
  if (spare_.empty()) {
    return std::make_unique<CurlTransfer>(loop_, poller_);
  }
  auto transfer = std::move(spare_.back());
  spare_.pop_back();
  return transfer;
}

int CurlTransport::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  Poller& poller = static_cast<CurlTransport*>(self)->poller_;
  if (what == CURL_POLL_REMOVE) {
    poller.forget(socket);
    return 0;
  }
  const bool in = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
  const bool out = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
  const auto events = static_cast<std::uint32_t>(EPOLLIN) * (in ? 1U : 0U) +
                      static_cast<std::uint32_t>(EPOLLOUT) * (out ? 1U : 0U);
  poller.watch(socket, events);
  return 0;
}

int CurlTransport::on_timer(CURLM*, long timeout_ms, void* self) {
  auto& transport = *static_cast<CurlTransport*>(self);
  transport.curl_deadline_ =
      timeout_ms < 0 ? kNever : transport.clock_->now() + std::chrono::milliseconds(timeout_ms);
  return 0;
}

CurlOptions with_environment(CurlOptions options) {
  // libcurl's command line tool reads this variable, the library does not.
  const char* file = std::getenv("SSL_CERT_FILE");
  if (options.ca_file.empty() && file != nullptr) {
    options.ca_file = file;
  }
  return options;
}

}  // namespace

Result<std::unique_ptr<Transport>> make_curl_transport(const Clock& clock,
                                                       const CurlOptions& options) {
  FACEOFF_TRY(load_curl());
  FACEOFF_TRY_ASSIGN(Poller poller, Poller::create(clock));
  return std::make_unique<CurlTransport>(clock, with_environment(options), std::move(poller));
}

std::string curl_version_text() {
  const Status loaded = load_curl();
  return loaded ? curl().version() : loaded.error().message;
}

}  // namespace faceoff::net
