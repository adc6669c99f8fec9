#include "client.h"
#include "support.h"

#include <faceoff/base/random.h>

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace faceoff::simulate::testing {
namespace {

using std::chrono::milliseconds;

std::string chat_request(std::string_view prompt, std::string_view more = "") {
  return request_bytes("POST", "/v1/chat/completions", chat_body(prompt, more));
}

Script echo() {
  Script script;
  script.echo = true;
  return script;
}

std::string content_of(const std::string& bytes) {
  const std::string body = parse_answer(bytes).body;
  const std::size_t begin = body.find(R"("content":")") + 11;
  return body.substr(begin, body.find('"', begin) - begin);
}

TEST(Server, BindsOnlyLoopbackUnlessToldOtherwise) {
  const SteadyClock clock;
  const auto create = [&clock](std::string host, bool remote) {
    ServerOptions options;
    options.host = std::move(host);
    options.allow_remote = remote;
    return Server::create(std::move(options), clock);
  };
  const auto refused = create("0.0.0.0", false);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::usage);
  EXPECT_TRUE(create("0.0.0.0", true).has_value());
  EXPECT_TRUE(create("localhost", false).has_value());
  EXPECT_EQ(create("example.org", true).error().kind, ErrorKind::usage);
}

TEST(Server, NamesItsAddress) {
  const RunningServer server(echo());
  EXPECT_NE(server->port(), 0);
  EXPECT_EQ(server->base_url(), "http://127.0.0.1:" + std::to_string(server->port()));
}

TEST(Server, SaysWhenThePortIsTaken) {
  const RunningServer server(echo());
  const SteadyClock clock;
  ServerOptions options;
  options.port = server->port();
  const auto second = Server::create(std::move(options), clock);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, ErrorKind::io);
  EXPECT_NE(second.error().message.find("cannot listen on 127.0.0.1:"), std::string::npos);
}

TEST(Server, KeepsConnectionsAlive) {
  const RunningServer server(echo());
  Client client = server.connect();
  for (const std::string prompt : {"one", "two", "three"}) {
    client.send(chat_request(prompt));
    EXPECT_EQ(content_of(client.read_answer()), prompt);
  }
  EXPECT_EQ(server->stats().connections, 1U);
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  const RunningServer server(echo());
  Client client = server.connect();
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += chat_request("prompt " + std::to_string(i), i % 2 == 0 ? R"(,"stream":true)" : "");
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    const HttpAnswer answer = parse_answer(client.read_answer());
    ASSERT_TRUE(answer.whole) << i;
    EXPECT_EQ(answer.header("content-type").starts_with("text/event-stream"), i % 2 == 0) << i;
  }
}

TEST(Server, ClosesWhenTheClientAsksForIt) {
  const RunningServer server(echo());
  Client client = server.connect();
  client.send(
      request_bytes("POST", "/v1/chat/completions", chat_body("bye"), "Connection: close\r\n"));
  EXPECT_EQ(client.read_to_end(), Client::Ended::fin);
  const HttpAnswer answer = parse_answer(client.bytes());
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.header("connection"), "close");
}

TEST(Server, StreamsToHttp10WithoutChunks) {
  const RunningServer server(echo());
  Client client = server.connect();
  const std::string body = chat_body("hello", R"(,"stream":true)");
  client.send("POST /v1/chat/completions HTTP/1.0\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_EQ(client.read_to_end(), Client::Ended::fin);
  const HttpAnswer answer = parse_answer(client.bytes());
  EXPECT_EQ(answer.header("transfer-encoding"), "");
  EXPECT_TRUE(answer.body.ends_with("data: [DONE]\n\n"));
}

TEST(Server, AnswersExpectContinue) {
  const RunningServer server(echo());
  Client client = server.connect();
  const std::string body = chat_body("hello");
  client.send("POST /v1/chat/completions HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n");
  ASSERT_EQ(client.read_until("HTTP/1.1 100 Continue\r\n\r\n"), Client::Ended::enough);
  client.send(body);
  EXPECT_EQ(client.read_until(R"("content":"hello")"), Client::Ended::enough);
}

TEST(Server, TakesRequestsInSingleBytes) {
  const RunningServer server(echo());
  Client client = server.connect();
  for (const char c : chat_request("slowly")) {
    client.send(std::string_view(&c, 1));
  }
  EXPECT_EQ(content_of(client.read_answer()), "slowly");
}

TEST(Server, StreamsMoreThanTheSocketBuffersHold) {
  const RunningServer server(echo());
  Client client = server.connect();
  const std::string prompt(200'000, 'p');
  client.send(request_bytes("POST",
                            "/v1/chat/completions",
                            chat_body(prompt, R"(,"stream":true)"),
                            "Connection: close\r\n"));
  ASSERT_EQ(client.read_to_end(), Client::Ended::fin);
  const HttpAnswer answer = parse_answer(client.bytes());
  ASSERT_TRUE(answer.whole);
  EXPECT_EQ(sse_data(answer.body).size(), 50'000U + 3U);
}

TEST(Server, ServesManyConnectionsAtOnce) {
  Script script = echo();
  script.latency.first_token = milliseconds(20);
  const RunningServer server(std::move(script));
  std::vector<Client> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(server.connect());
    clients.back().send(chat_request("client " + std::to_string(i), R"(,"stream":true)"));
  }
  for (Client& client : clients) {
    EXPECT_TRUE(parse_answer(client.read_answer()).whole);
  }
  EXPECT_EQ(server->stats().chats, 300U);
}

TEST(Server, RefusesWhatIsNoHttpAndGoesOn) {
  const RunningServer server(echo());
  const std::vector<std::pair<std::string, int>> inputs{
      {"\x16\x03\x01\x02\x00\x01\x00\x01", 400},
      {"GET / HTTP/1.1\r\nX: " + std::string(300'000, 'a'), 431},
      {"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", 413},
      {"GET / HTTP/9.9\r\n\r\n", 505},
      {std::string(1000, '\0'), 400},
  };
  for (const auto& [bytes, status] : inputs) {
    Client client = server.connect();
    client.send(bytes);
    EXPECT_TRUE(client.ended());
    EXPECT_EQ(parse_answer(client.bytes()).status, status);
  }
  Client sound = server.connect();
  sound.send(chat_request("still here"));
  EXPECT_EQ(content_of(sound.read_answer()), "still here");
  EXPECT_EQ(server->stats().bad_requests, inputs.size());
}

TEST(Server, SurvivesRandomBytesAndVanishingClients) {
  const RunningServer server(echo());
  Random random(11);
  for (int i = 0; i < 200; ++i) {
    std::string bytes = chat_request("mutated", R"(,"stream":true)");
    for (int k = 0; k < 3; ++k) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    }
    bytes.resize(random.below(bytes.size()) + 1);
    Client client = server.connect();
    client.send(bytes);
    if (i % 2 == 0) {
      client.close();
    }
  }
  Client sound = server.connect();
  sound.send(chat_request("still here"));
  EXPECT_EQ(content_of(sound.read_answer()), "still here");
}

TEST(Server, StopsFromAnotherThreadEvenBeforeItRuns) {
  const SteadyClock clock;
  const auto server = Server::create({}, clock).value();
  server->stop();
  EXPECT_TRUE(server->run().has_value());
}

}  // namespace
}  // namespace faceoff::simulate::testing
