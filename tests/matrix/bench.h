#pragma once

// A run against the stand-in endpoint in this process: real sockets, libcurl, the real adapter and
// the real driver of trials; only suite and sink are made of values.

#include "run/fakes.h"
#include "support/temp_folder.h"

#include <faceoff/backend/backend.h>
#include <faceoff/net/curl_transport.h>
#include <faceoff/run/runner.h>
#include <faceoff/simulate/script.h>
#include <faceoff/simulate/server.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::matrix {

using namespace std::chrono_literals;

// What the stand-in says when nothing is wrong: four tokens.
inline constexpr const char* kAnswer = "aaaabbbbccccdddd";

// The stand-in of a script (YAML), on a thread of its own until the end of the scope.
class StandIn {
 public:
  explicit StandIn(std::string_view script) {
    doc::Diagnostics diagnostics;
    const auto path = folder_.write(
        "script.yaml", std::string("default: ") + kAnswer + "\n" + std::string(script));
    auto decoded = simulate::decode_script(path, diagnostics);
    if (!decoded || !*decoded) {
      ADD_FAILURE() << "not a script:\n" << script << doc::render(diagnostics, {});
      decoded = simulate::Script{};
    }
    simulate::ServerOptions options;
    options.script = *std::move(*decoded);
    server_ = simulate::Server::create(std::move(options), clock_).value();
    thread_ = std::thread([this] { EXPECT_TRUE(server_->run().has_value()); });
  }
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;
  ~StandIn() {
    server_->stop();
    thread_.join();
  }

  [[nodiscard]] std::string url() const { return server_->base_url(); }
  [[nodiscard]] simulate::Stats stats() const { return server_->stats(); }

 private:
  faceoff::test::TempFolder folder_;
  SteadyClock clock_;
  std::unique_ptr<simulate::Server> server_;
  std::thread thread_;
};

struct Options {
  std::uint64_t cases = 1;
  std::int64_t concurrency = 1;
  run::Deadlines deadlines;
  // Short waits: what is tested is whether there is another attempt.
  run::RetryPolicy retry{.max_retries = 2, .max_time = 60s, .first_wait = 1ms, .longest_wait = 5ms};
};

// Case i asks "case-i"; the stand-in's usual answer is right.
inline suite::Case one_case(std::uint64_t number) {
  suite::Case item = run::test::simple_case(number);
  item.targets = {kAnswer};
  return item;
}

class Bench {
 public:
  explicit Bench(const std::string& url) {
    backend::Spec spec;
    spec.name = "x";
    spec.adapter = "openai-compatible";
    spec.model = "m";
    spec.base_url = url + "/v1";
    spec.origin = backend::Origin::flag;
    backend_ = backend::create(spec, [](std::string_view) { return std::nullopt; }).value();
  }

  // The records of all cases, in the order in which they ended.
  [[nodiscard]] std::vector<store::Record> run(const Options& options = {}) {
    const run::test::FakeSuite suite(options.cases, one_case);
    run::Plan plan;
    plan.suite = &suite;
    plan.suite_name = "matrix";
    run::Lane lane;
    lane.backend = backend_.get();
    lane.concurrency = options.concurrency;
    lane.deadlines = options.deadlines;
    lane.retry = options.retry;
    plan.lanes.push_back(std::move(lane));
    const auto transport = net::make_curl_transport(clock_, {}).value();
    run::test::VectorSink sink;
    run::Observer observer;
    const run::StopSignal stop;
    tally_ = run::run(plan, *transport, clock_, sink, observer, stop).value();
    return sink.records();
  }
  [[nodiscard]] store::Record ask(const Options& options = {}) {
    auto records = run(options);
    return records.size() == 1 ? std::move(records.front()) : store::Record{};
  }
  [[nodiscard]] const run::Tally& tally() const { return tally_; }

 private:
  SteadyClock clock_;
  std::unique_ptr<backend::Backend> backend_;
  run::Tally tally_;
};

inline std::string name_of(std::optional<backend::FailureKind> kind) {
  return kind ? std::string(backend::to_string(*kind)) : "none";
}

}  // namespace faceoff::matrix
