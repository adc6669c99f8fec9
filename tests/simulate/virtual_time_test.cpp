// The event loop in virtual time: nothing leaves before the clock says so.
#include "client.h"
#include "support.h"

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace faceoff::simulate::testing {
namespace {

using std::chrono::milliseconds;

class VirtualServer {
 public:
  explicit VirtualServer(Script script) {
    ServerOptions options;
    options.script = std::move(script);
    server_ = Server::create(std::move(options), clock_).value();
  }

  [[nodiscard]] Client connect() const { return Client(server_->port()); }
  [[nodiscard]] Stats stats() const { return server_->stats(); }
  void advance(Duration by) {
    clock_.advance(by);
    turn();
  }
  // Handles what the kernel has for us by now.
  void turn() {
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(server_->step(milliseconds(2)).has_value());
    }
  }
  // Turns until `count` requests have been read.
  void take_requests(std::uint64_t count) {
    for (int i = 0; i < 2000 && server_->stats().requests < count; ++i) {
      ASSERT_TRUE(server_->step(milliseconds(5)).has_value());
    }
    ASSERT_EQ(server_->stats().requests, count);
  }

 private:
  ManualClock clock_;
  std::unique_ptr<Server> server_;
};

std::string chat_request(std::string_view prompt) {
  return request_bytes("POST", "/v1/chat/completions", chat_body(prompt, R"(,"stream":true)"));
}

Script slow() {
  Script script;
  script.dialect = Dialect::llama_server;
  script.fallback.text = "aaaabbbbcccc";
  script.latency = {.first_token = milliseconds(300), .jitter = {}, .per_token = milliseconds(100)};
  return script;
}

TEST(VirtualTime, TokensLeaveWhenTheyAreDue) {
  VirtualServer server(slow());
  Client client = server.connect();
  client.send(chat_request("x"));
  server.take_requests(1);
  EXPECT_EQ(client.read_until(R"("role":"assistant")"), Client::Ended::enough);
  server.advance(milliseconds(299));
  EXPECT_FALSE(client.readable());
  server.advance(milliseconds(1));
  EXPECT_EQ(client.read_until("aaaa"), Client::Ended::enough);
  EXPECT_EQ(client.bytes().find("bbbb"), std::string::npos);
  // A loop that was late sends all that is due: the schedule does not slip.
  server.advance(milliseconds(200));
  EXPECT_EQ(client.read_until("[DONE]"), Client::Ended::enough);
  EXPECT_NE(client.bytes().find("cccc"), std::string::npos);
}

TEST(VirtualTime, RequestsBeyondTheSlotsWaitWithoutAByte) {
  Script script = slow();
  script.slots = 1;
  VirtualServer server(script);
  Client first = server.connect();
  first.send(chat_request("x"));
  server.take_requests(1);
  Client second = server.connect();
  second.send(chat_request("y"));
  server.take_requests(2);
  Client third = server.connect();
  third.send(chat_request("z"));
  server.take_requests(3);
  EXPECT_EQ(server.stats().longest_queue, 2U);
  server.advance(milliseconds(499));
  EXPECT_FALSE(second.readable());
  server.advance(milliseconds(1));
  EXPECT_EQ(first.read_until("[DONE]"), Client::Ended::enough);
  EXPECT_EQ(second.read_until(R"("role":"assistant")"), Client::Ended::enough);
  EXPECT_FALSE(third.readable());
  // A client that gives up makes room.
  second.close();
  server.turn();
  EXPECT_EQ(third.read_until(R"("role":"assistant")"), Client::Ended::enough);
  EXPECT_EQ(server.stats().cancelled, 1U);
  server.advance(milliseconds(500));
  EXPECT_EQ(third.read_until("[DONE]"), Client::Ended::enough);
}

TEST(VirtualTime, AStalledStreamStaysOpenAndGoesOn) {
  Script script = slow();
  script.faults.push_back(
      {.kind = FaultKind::stall, .after_tokens = 1, .duration = std::chrono::seconds(30)});
  VirtualServer server(script);
  Client client = server.connect();
  client.send(chat_request("x"));
  server.take_requests(1);
  server.advance(milliseconds(300));
  EXPECT_EQ(client.read_until("aaaa"), Client::Ended::enough);
  server.advance(std::chrono::seconds(30));
  EXPECT_FALSE(client.readable());
  server.advance(milliseconds(200));
  EXPECT_EQ(client.read_until("[DONE]"), Client::Ended::enough);
}

TEST(VirtualTime, SilentConnectionsAreClosedAfterTwoMinutes) {
  VirtualServer server(slow());
  Client client = server.connect();
  client.send("POST / HT");
  server.turn();
  server.advance(std::chrono::seconds(119));
  EXPECT_FALSE(client.readable());
  server.advance(std::chrono::seconds(3));
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.stats().open_connections, 0U);
}

}  // namespace
}  // namespace faceoff::simulate::testing
