// What the request log says, and the outage, which only the loop can make.
#include "client.h"
#include "support.h"

#include <faceoff/base/digest.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::simulate::testing {
namespace {

using Ended = Client::Ended;
using Json = nlohmann::json;

constexpr std::string_view kStreamed = R"(,"stream":true)";

class RequestLog : public ::testing::Test {
 protected:
  RequestLog()
      : path_(std::filesystem::path(::testing::TempDir()) /
              (std::string("requests-") +
               ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".jsonl")) {
    std::filesystem::remove(path_);
  }
  ~RequestLog() override { std::filesystem::remove(path_); }
  [[nodiscard]] std::vector<Json> lines() const {
    std::vector<Json> out;
    for (const std::string& line : lines_of(read_file(path_).value())) {
      out.push_back(Json::parse(line));
    }
    return out;
  }
  std::filesystem::path path_;
};

TEST_F(RequestLog, SaysWhatWasAskedAndWhetherTheAnswerLeft) {
  Script script;
  script.answers.push_back({.case_id = "c1", .prompt = "one", .targets = {"1"}});
  script.faults.push_back({.status = 429, .match = "two"});
  {
    const RunningServer server(std::move(script), path_);
    for (const std::string prompt : {"one", "two"}) {
      Client client = server.connect();
      client.send(request_bytes("POST", "/v1/chat/completions", chat_body(prompt)));
      static_cast<void>(client.read_answer());
    }
  }
  const auto log = lines();
  ASSERT_EQ(log.size(), 4U);
  EXPECT_EQ(log[0]["event"], "request");
  EXPECT_EQ(log[0]["request"], 1);
  EXPECT_EQ(log[0]["prompt"], sha256_hex("one"));
  EXPECT_EQ(log[0]["case"], "c1");
  EXPECT_EQ(log[0]["fault"], "");
  EXPECT_EQ(log[1]["event"], "end");
  EXPECT_EQ(log[1]["request"], 1);
  EXPECT_EQ(log[1]["status"], 200);
  EXPECT_EQ(log[1]["answered"], true);
  EXPECT_EQ(log[2]["case"], "");
  EXPECT_EQ(log[2]["fault"], "status");
  EXPECT_EQ(log[3]["status"], 429);
  EXPECT_EQ(log[3]["whole"], true);
  EXPECT_EQ(log[3]["answered"], false);
}

TEST_F(RequestLog, CountsNoAnswerThatAFaultOrTheClientCutOff) {
  Script script;
  script.faults.push_back({.kind = FaultKind::close, .after_tokens = 1, .match = "cut"});
  script.faults.push_back({.kind = FaultKind::stall, .after_tokens = 1, .match = "left"});
  script.faults.push_back({.kind = FaultKind::reset_before, .match = "reset"});
  {
    const RunningServer server(std::move(script), path_);
    for (const std::string prompt : {"cut", "left", "reset"}) {
      Client client = server.connect();
      client.send(request_bytes("POST", "/v1/chat/completions", chat_body(prompt, kStreamed)));
      if (prompt == "left") {
        EXPECT_EQ(client.read_until("I do"), Ended::enough);
      } else {
        static_cast<void>(client.read_to_end());
      }
    }
    // Answered by the same loop after it has seen that the client of "left" went away.
    for (int i = 0; lines().size() < 6U && i < 100; ++i) {
      Client client = server.connect();
      client.send(request_bytes("GET", "/health", ""));
      static_cast<void>(client.read_answer());
    }
  }
  const auto log = lines();
  ASSERT_EQ(log.size(), 6U);
  for (const Json& line : log) {
    if (line["event"] == "end") {
      EXPECT_EQ(line["answered"], false) << line.dump();
      EXPECT_EQ(line["status"], line["request"] == 3 ? 0 : 200) << line.dump();
    }
  }
}

TEST_F(RequestLog, IsAddedToAndAFolderInItsPlaceIsAnError) {
  for (int i = 0; i < 2; ++i) {
    const RunningServer server(Script{}, path_);
    Client client = server.connect();
    client.send(request_bytes("POST", "/v1/chat/completions", chat_body("x")));
    static_cast<void>(client.read_answer());
  }
  EXPECT_EQ(lines().size(), 4U);
  const ManualClock clock;
  ServerOptions options;
  options.log = ::testing::TempDir();
  const auto server = Server::create(std::move(options), clock);
  ASSERT_FALSE(server.has_value());
  EXPECT_EQ(server.error().kind, ErrorKind::io);
}

// Virtual time: the outage is over when the clock says so, however slow the machine is.
TEST(Outage, ResetsWhatIsOpenAndRefusesUntilItIsOver) {
  ManualClock clock;
  ServerOptions options;
  options.script.faults.push_back(
      {.kind = FaultKind::outage, .duration = std::chrono::seconds(30), .match = "bye"});
  const auto server = Server::create(std::move(options), clock).value();
  const auto turn = [&] { ASSERT_TRUE(server->step(std::chrono::milliseconds(200))); };
  Client waiting(server->port());
  Client client(server->port());
  turn();
  client.send(request_bytes("POST", "/v1/chat/completions", chat_body("bye")));
  while (server->stats().faults == 0) {
    turn();
  }
  EXPECT_EQ(client.read_to_end(), Ended::reset);
  EXPECT_EQ(waiting.read_to_end(), Ended::reset);
  EXPECT_EQ(server->stats().open_connections, 0U);
  EXPECT_FALSE(can_connect(server->port()));
  clock.advance(std::chrono::seconds(29));
  turn();
  EXPECT_FALSE(can_connect(server->port()));
  clock.advance(std::chrono::seconds(1));
  turn();
  EXPECT_TRUE(can_connect(server->port()));
}

}  // namespace
}  // namespace faceoff::simulate::testing
