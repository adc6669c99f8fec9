#include "run/fakes.h"
#include "support/temp_folder.h"

#include <faceoff/backend/backend.h>
#include <faceoff/base/files.h>
#include <faceoff/net/curl_transport.h>
#include <faceoff/run/managed_server.h>
#include <faceoff/run/runner.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

namespace faceoff::run {
namespace {

using namespace std::chrono_literals;

std::optional<std::string> environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr && name == "LLAMA_SERVER") {
    const std::string local = std::string(FACEOFF_SOURCE_DIR) + "/.llama/bin/llama-server";
    return std::filesystem::exists(local) ? std::optional(local) : std::nullopt;
  }
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

class LlamaServer : public testing::Test {
 protected:
  void SetUp() override {
    spec_.name = "llama";
    spec_.adapter = "llama-server";
    spec_.model = std::string(FACEOFF_SOURCE_DIR) + "/models/nano.gguf";
    spec_.args = {"-np", "2"};
    const auto plan = plan_managed(spec_, environment, "faceoff");
    if (!plan) {
      GTEST_SKIP() << plan.error().message;
    }
    auto transport = net::make_curl_transport(clock_, {});
    ASSERT_TRUE(transport);
    transport_ = *std::move(transport);
    auto server = ManagedServer::start(**plan, log());
    ASSERT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
    spec_.base_url = server_->base_url();
    spec_.managed = true;
    auto made = backend::create(spec_, environment);
    ASSERT_TRUE(made) << made.error().message;
    backend_ = *std::move(made);
    lane_.backend = backend_.get();
    lane_.managed = true;
    lane_.reach = net::Reach::loopback;
    lane_.concurrency = 1;
    lane_.retry.max_retries = 0;
    lane_.post_mortem = [this] { return server_->post_mortem(); };
    const auto identity = identify({lane_}, *transport_, clock_, stop_).front();
    ASSERT_TRUE(identity) << identity.error().message;
    identity_ = *identity;
  }

  [[nodiscard]] std::filesystem::path log() const { return folder_.path() / "server.log"; }

  // Asks one prompt; `on_start` is called when the request is under way.
  store::Record ask(const std::string& prompt, std::int64_t max_tokens, Observer& observer) {
    const test::FakeSuite suite(1, [&](std::uint64_t n) {
      auto item = test::simple_case(n);
      item.messages = {{.role = chat::Role::user, .text = prompt}};
      item.params.temperature = 0.0;
      item.params.max_tokens = max_tokens;
      return item;
    });
    Plan plan;
    plan.suite = &suite;
    plan.suite_name = "real";
    plan.lanes = {lane_};
    plan.score_threads = 1;
    test::VectorSink sink;
    const auto tally = faceoff::run::run(plan, *transport_, clock_, sink, observer, stop_);
    EXPECT_TRUE(tally);
    tally_ = *tally;
    EXPECT_EQ(sink.records().size(), 1U);
    return sink.records().empty() ? store::Record{} : sink.records().front();
  }
  store::Record ask(const std::string& prompt, std::int64_t max_tokens = 32) {
    Observer observer;
    return ask(prompt, max_tokens, observer);
  }

  SteadyClock clock_;
  StopSignal stop_;
  faceoff::test::TempFolder folder_;
  backend::Spec spec_;
  std::unique_ptr<net::Transport> transport_;
  std::unique_ptr<ManagedServer> server_;
  std::unique_ptr<backend::Backend> backend_;
  backend::Identity identity_;
  Lane lane_;
  Tally tally_;
};

TEST_F(LlamaServer, SaysWhoItIs) {
  EXPECT_THAT(identity_.server, testing::StartsWith("llama-server"));
  EXPECT_EQ(identity_.slots, 2);
  EXPECT_GT(identity_.context.value_or(0), 0);
  EXPECT_FALSE(identity_.facts.empty());
}

TEST_F(LlamaServer, AnswersAStreamWithUsageAndTimings) {
  const auto record = ask("What is the capital of France?");
  EXPECT_EQ(record.outcome, score::Outcome::scored) << record.error_message;
  EXPECT_EQ(record.completion.text, "Paris");
  EXPECT_EQ(record.completion.finish, chat::Finish::stop);
  EXPECT_GT(record.completion.usage.prompt_tokens.value_or(0), 0);
  EXPECT_GT(record.completion.usage.completion_tokens.value_or(0), 0);
  EXPECT_EQ(record.completion.usage.cached_tokens.value_or(0), 0)
      << "the prompt cache is off unless asked for";
  EXPECT_TRUE(record.completion.server.predicted_ms);
  EXPECT_TRUE(record.completion.server.prompt_ms);
  EXPECT_GT(record.timing.ttft.value_or(0ns), 0ns);
  EXPECT_GE(record.timing.e2e, record.timing.ttft);
  EXPECT_FALSE(record.simulated);
  EXPECT_TRUE(record.timing.streamed);
}

TEST_F(LlamaServer, ASecondRequestReusesTheConnectionAndStaysCold) {
  ask("What is the capital of France?");
  const auto record = ask("What is the capital of France?");
  EXPECT_EQ(record.completion.usage.cached_tokens.value_or(0), 0);
}

TEST_F(LlamaServer, ACutOffAnswerIsTruncated) {
  const auto record = ask("Count from 10 to 29.", 4);
  EXPECT_EQ(record.outcome, score::Outcome::truncated);
  EXPECT_EQ(record.completion.finish, chat::Finish::length);
  EXPECT_EQ(record.value, 0.0);
}

TEST_F(LlamaServer, APromptBeyondTheContextIsRefusedInput) {
  std::string prompt;
  for (int i = 0; i < 4000; ++i) {
    prompt += "word ";
  }
  const auto record = ask(prompt);
  EXPECT_EQ(record.outcome, score::Outcome::refused);
  EXPECT_EQ(record.error, backend::FailureKind::context_length) << record.error_message;
  EXPECT_EQ(record.attempts.size(), 1U);
  EXPECT_FALSE(tally_.lanes[0].stopped);
}

TEST_F(LlamaServer, KilledInMidStreamItsBackendStopsAndSaysWhy) {
  class Killer final : public Observer {
   public:
    explicit Killer(int pid) : pid_(pid) {}
    void trial_started(std::size_t /*lane*/) override { ::kill(-pid_, SIGKILL); }

   private:
    int pid_;
  };
  Killer killer(server_->pid());
  const auto record = ask("Count from 10 to 29.", 400, killer);
  EXPECT_EQ(record.outcome, score::Outcome::failed);
  ASSERT_TRUE(tally_.lanes[0].stopped) << record.error_message;
  EXPECT_THAT(*tally_.lanes[0].stopped, testing::HasSubstr("signal 9"));
}

TEST_F(LlamaServer, StopsCleanlyAndLeavesItsLog) {
  const int pid = server_->pid();
  EXPECT_EQ(server_->stop(), "exit 0");
  EXPECT_NE(::kill(pid, 0), 0);
  EXPECT_GT(std::filesystem::file_size(log()), 0U);
}

TEST(LlamaServerStart, ABadModelFileSaysSo) {
  const faceoff::test::TempFolder folder;
  backend::Spec spec;
  spec.name = "llama";
  spec.adapter = "llama-server";
  spec.model = folder.write("bad.gguf", "this is no model").string();
  const auto plan = plan_managed(spec, environment, "faceoff");
  if (!plan) {
    GTEST_SKIP() << plan.error().message;
  }
  auto server = ManagedServer::start(**plan, folder.path() / "log");
  ASSERT_TRUE(server);
  spec.base_url = (*server)->base_url();
  spec.managed = true;
  const auto made = backend::create(spec, environment);
  ASSERT_TRUE(made);
  const SteadyClock clock;
  const auto transport = net::make_curl_transport(clock, {});
  Lane lane;
  lane.backend = made->get();
  lane.managed = true;
  lane.post_mortem = [&] { return (*server)->post_mortem(); };
  const StopSignal stop;
  const auto identity = identify({lane}, **transport, clock, stop).front();
  ASSERT_FALSE(identity);
  EXPECT_THAT(identity.error().message, testing::HasSubstr("ended by itself (exit 1)"));
}

}  // namespace
}  // namespace faceoff::run
