#pragma once

// A backend, a suite and a sink made of values, for tests in virtual time.

#include <faceoff/backend/backend.h>
#include <faceoff/net/fake_transport.h>
#include <faceoff/run/runner.h>
#include <faceoff/score/scorer.h>
#include <faceoff/suite/suite.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faceoff::run::test {

using namespace std::chrono_literals;

// The wire of the fake: a status other than 200 is an error whose body is "yes", "no", "ready" or
// "stop" (how to retry), "busy" (too many requests) or "adjust"; a 200 streams letters as tokens
// and ends with "." when whole. The header prompt-tokens makes it report usage in full, no-usage
// not at all.
class FakeDecoder final : public backend::Decoder {
 public:
  void on_headers(int status, const net::HeaderList& headers) override {
    status_ = status;
    if (const auto after = net::find_header(headers, "retry-after")) {
      retry_after_ = std::chrono::seconds(std::stoi(std::string(*after)));
    }
    if (const auto tokens = net::find_header(headers, "prompt-tokens")) {
      prompt_tokens_ = std::stoll(std::string(*tokens));
    }
    no_usage_ = net::find_header(headers, "no-usage").has_value();
    rates_ = backend::parse_rate_limits(headers, UtcTime{});
  }
  void on_bytes(std::string_view bytes,
                TimePoint at,
                std::vector<chat::StreamEvent>& events) override {
    for (const char c : bytes) {
      body_ += c;
      if (status_ == 200 && c != '.' && c != ':') {
        events.push_back({.what = chat::EventClass::content, .at = at, .characters = 1});
      } else if (c == ':') {
        events.push_back({.what = chat::EventClass::ping, .at = at, .characters = 0});
      }
    }
  }
  backend::Reply finish(const std::optional<backend::Failure>& transport_failure,
                        TimePoint /*at*/,
                        UtcTime /*now*/,
                        std::vector<chat::StreamEvent>& /*events*/) override {
    backend::Reply reply;
    reply.completion.text = body_;
    reply.rates = rates_;
    const bool whole = status_ == 200 && !body_.empty() && body_.back() == '.';
    if (whole) {
      reply.completion.text.pop_back();
      reply.completion.finish = chat::Finish::stop;
      if (!no_usage_) {
        reply.completion.usage.completion_tokens = static_cast<std::int64_t>(body_.size()) - 1;
        reply.completion.usage.prompt_tokens = prompt_tokens_;
      }
    } else if (transport_failure) {
      reply.failure = transport_failure;
    } else {
      reply.failure = http_failure();
    }
    return reply;
  }

 private:
  [[nodiscard]] backend::Failure http_failure() const {
    backend::Failure failure;
    failure.http_status = status_;
    failure.retry_after = retry_after_;
    failure.message = "the server said " + body_;
    failure.kind = backend::FailureKind::server_error;
    if (status_ == 200) {
      failure.kind = backend::FailureKind::truncated;
      failure.retry = backend::Retry::yes;
    } else if (body_ == "yes") {
      failure.retry = backend::Retry::yes;
    } else if (body_ == "busy") {
      failure.kind = backend::FailureKind::rate_limited;
      failure.retry = backend::Retry::yes;
    } else if (body_ == "ready") {
      failure.kind = backend::FailureKind::loading;
      failure.retry = backend::Retry::when_ready;
    } else if (body_ == "stop") {
      failure.kind = backend::FailureKind::auth;
      failure.retry = backend::Retry::stop_backend;
    } else if (body_ == "adjust") {
      failure.kind = backend::FailureKind::bad_request;
    } else if (body_ == "long") {
      failure.kind = backend::FailureKind::context_length;
    }
    return failure;
  }
  int status_ = 0;
  std::optional<Duration> retry_after_;
  std::optional<std::int64_t> prompt_tokens_;
  std::optional<backend::RateLimits> rates_;
  bool no_usage_ = false;
  std::string body_;
};

// A backend whose name says all of it.
class NamedBackend : public backend::Backend {
 public:
  NamedBackend(std::string name, bool local) : name_(std::move(name)), local_(local) {}
  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] std::string_view adapter() const noexcept override { return "fake"; }
  [[nodiscard]] const std::string& model() const noexcept override { return name_; }
  [[nodiscard]] const std::string& base_url() const noexcept override { return name_; }
  [[nodiscard]] bool is_local() const noexcept override { return local_; }
  [[nodiscard]] std::vector<backend::Probe> probes() const override { return {}; }
  void read_identity(const backend::Probe& /*probe*/,
                     int /*status*/,
                     std::string_view /*body*/,
                     backend::Identity& /*identity*/) const override {}
  [[nodiscard]] std::optional<Adjusted> adjust(const chat::Request& /*request*/,
                                               const backend::Failure& /*failure*/) const override {
    return std::nullopt;
  }

 protected:
  [[nodiscard]] net::HttpRequest empty_request() const {
    net::HttpRequest http;
    http.url = "http://" + name_ + "/";
    return http;
  }

 private:
  std::string name_;
  bool local_;
};

class FakeBackend final : public NamedBackend {
 public:
  explicit FakeBackend(std::string name, bool local = true)
      : NamedBackend(std::move(name), local) {}
  [[nodiscard]] Result<net::HttpRequest> encode(const chat::Request& request) const override {
    net::HttpRequest http = empty_request();
    http.body = request.messages.empty() ? "" : request.messages.back().text;
    return http;
  }
  [[nodiscard]] std::unique_ptr<backend::Decoder> decoder() const override {
    return std::make_unique<FakeDecoder>();
  }
  [[nodiscard]] std::vector<backend::Probe> probes() const override { return probes_; }
  void read_identity(const backend::Probe& /*probe*/,
                     int /*status*/,
                     std::string_view body,
                     backend::Identity& identity) const override {
    identity.server = std::string(body);
  }
  [[nodiscard]] std::optional<Adjusted> adjust(const chat::Request& request,
                                               const backend::Failure& failure) const override {
    if (failure.kind != backend::FailureKind::bad_request) {
      return std::nullopt;
    }
    Adjusted adjusted;
    adjusted.request = *encode(request);
    adjusted.request.headers.emplace_back("adjusted", "1");
    adjusted.note = "sent without a parameter";
    return adjusted;
  }
  void set_probes(std::vector<backend::Probe> probes) { probes_ = std::move(probes); }

 private:
  std::vector<backend::Probe> probes_;
};

// Cases made by a function, as many as wanted; nothing is kept.
class FakeSuite final : public suite::Suite {
 public:
  using Make = std::function<suite::Case(std::uint64_t)>;
  FakeSuite(std::uint64_t count, Make make) : count_(count), make_(std::move(make)) {}
  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] const std::string& description() const noexcept override { return name_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept override { return path_; }
  [[nodiscard]] const std::string& digest() const noexcept override { return name_; }
  [[nodiscard]] std::unique_ptr<suite::CaseSource> open() const override {
    class Source final : public suite::CaseSource {
     public:
      explicit Source(const FakeSuite& suite) : suite_(suite) {}
      Result<std::optional<suite::Case>> next(doc::Diagnostics& /*diagnostics*/) override {
        if (next_ == suite_.count_) {
          return std::nullopt;
        }
        return suite_.make_(next_++);
      }

     private:
      const FakeSuite& suite_;
      std::uint64_t next_ = 0;
    };
    return std::make_unique<Source>(*this);
  }

 private:
  std::uint64_t count_;
  Make make_;
  std::string name_ = "fake";
  std::filesystem::path path_ = "fake.yaml";
};

// A case whose answer "x" is right.
inline suite::Case simple_case(std::uint64_t number) {
  static const auto kExact = [] {
    auto spec = std::make_shared<suite::ScorerSpec>();
    spec->name = "exact";
    spec->source = std::make_shared<doc::Source>();
    return suite::ScorerSpecPtr(spec);
  }();
  suite::Case item;
  item.id = "case-" + std::to_string(number);
  item.messages = {{.role = chat::Role::user, .text = item.id}};
  item.targets = {"x"};
  item.scorers = {kExact};
  item.digest = item.id;
  item.source = std::make_shared<doc::Source>();
  return item;
}

class VectorSink final : public Sink {
 public:
  Status append(const store::Record& record, std::string_view /*line*/) override {
    if (fail_after_ && records_.size() >= *fail_after_) {
      return fail(ErrorKind::io, "disk full");
    }
    records_.push_back(record);
    return {};
  }
  [[nodiscard]] const std::vector<store::Record>& records() const { return records_; }
  void fail_after(std::size_t count) { fail_after_ = count; }

 private:
  std::vector<store::Record> records_;
  std::optional<std::size_t> fail_after_;
};

using Steps = std::vector<net::FakeTransport::Step>;

// Connection at once, headers, then `body` in one piece per character every `pace`.
inline Steps answer(std::string_view body,
                    Duration first = 100ms,
                    Duration pace = 10ms,
                    net::HeaderList headers = {}) {
  Steps steps{{1ms, net::Ready{}},
              {2ms, net::Headers{.status = 200, .headers = std::move(headers)}}};
  Duration at = first;
  for (const char c : body) {
    steps.push_back({at, net::Bytes{std::string(1, c)}});
    at += pace;
  }
  steps.push_back({at, net::Finished{}});
  return steps;
}

inline Steps error(int status, std::string body, net::HeaderList headers = {}) {
  return {{1ms, net::Ready{}},
          {2ms, net::Headers{.status = status, .headers = std::move(headers)}},
          {3ms, net::Bytes{std::move(body)}},
          {3ms, net::Finished{}}};
}

inline Steps refused() {
  return {{1ms, net::Failed{.fault = net::Fault::refused, .message = "nothing listens"}}};
}

}  // namespace faceoff::run::test
