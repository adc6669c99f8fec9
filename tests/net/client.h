#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/net/curl_transport.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::net {

// All that a transport said of one transfer.
struct Exchange {
  std::vector<Ready> ready;
  std::optional<Headers> headers;
  std::string body;
  std::size_t pieces = 0;
  bool finished = false;
  std::optional<Failed> failed;
  bool in_order = true;  // Ready, Headers, Bytes, the end; stamps never backwards
  TimePoint last;

  [[nodiscard]] bool done() const { return finished || failed; }
  [[nodiscard]] Fault fault() const { return failed ? failed->fault : Fault::cancelled; }
  [[nodiscard]] std::string message() const { return failed ? failed->message : ""; }
};

// A libcurl transport with the bookkeeping that every test needs.
class Client {
 public:
  explicit Client(const CurlOptions& options = {})
      : transport_(make_curl_transport(clock_, options).value()) {}

  [[nodiscard]] Transport& transport() { return *transport_; }
  [[nodiscard]] SteadyClock& clock() { return clock_; }
  [[nodiscard]] Exchange& operator[](TransferId id) { return exchanges_[id]; }

  void start(TransferId id, HttpRequest request) {
    exchanges_[id] = Exchange{};
    transport_->start(id, std::move(request));
  }
  // Starts a transfer and polls until it has ended.
  Exchange& fetch(HttpRequest request, TransferId id = 1) {
    start(id, std::move(request));
    run_until([&] { return exchanges_[id].done(); });
    return exchanges_[id];
  }
  // Polls until `reached`; a test that never gets there fails after half a minute.
  void run_until(const std::function<bool()>& reached) {
    const TimePoint limit = clock_.now() + std::chrono::seconds(30);
    while (!reached()) {
      if (clock_.now() > limit) {
        FAIL() << "not reached within 30 s";
      }
      take(transport_->poll(limit));
    }
  }
  // What is there without waiting.
  std::size_t poll_once() {
    const auto events = transport_->poll(clock_.now());
    take(events);
    return events.size();
  }

 private:
  void take(std::span<const Event> events) {
    for (const Event& event : events) {
      Exchange& exchange = exchanges_[event.id];
      exchange.in_order = exchange.in_order && !exchange.done() && event.at >= exchange.last;
      exchange.last = event.at;
      take(exchange, event);
    }
  }
  static void take(Exchange& exchange, const Event& event) {
    if (const auto* ready = std::get_if<Ready>(&event.what)) {
      exchange.in_order = exchange.in_order && !exchange.headers;
      exchange.ready.push_back(*ready);
    } else if (const auto* headers = std::get_if<Headers>(&event.what)) {
      exchange.in_order = exchange.in_order && !exchange.ready.empty() && !exchange.headers;
      exchange.headers = *headers;
    } else if (const auto* bytes = std::get_if<Bytes>(&event.what)) {
      exchange.in_order = exchange.in_order && exchange.headers.has_value();
      exchange.body += bytes->data;
      ++exchange.pieces;
    } else if (const auto* failed = std::get_if<Failed>(&event.what)) {
      exchange.failed = *failed;
    } else {
      exchange.finished = true;
    }
  }

  SteadyClock clock_;
  std::unique_ptr<Transport> transport_;
  std::map<TransferId, Exchange> exchanges_;
};

inline HttpRequest get(std::string url) {
  HttpRequest request;
  request.method = "GET";
  request.url = std::move(url);
  return request;
}

inline HttpRequest post(std::string url, std::string body = "{}") {
  HttpRequest request;
  request.url = std::move(url);
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::move(body);
  return request;
}

// An environment variable for the length of a scope.
class ScopedEnv {
 public:
  ScopedEnv(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) {
      old_ = old;
    }
    ::setenv(name, value.c_str(), 1);
  }
  ScopedEnv(const ScopedEnv&) = delete;
  ScopedEnv& operator=(const ScopedEnv&) = delete;
  ~ScopedEnv() {
    if (old_) {
      ::setenv(name_, old_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

}  // namespace faceoff::net
