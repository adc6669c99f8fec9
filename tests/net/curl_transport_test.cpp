#include "kernel_stamp.h"
#include "net/client.h"
#include "net/raw_server.h"

#include <faceoff/net/curl_transport.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(CurlTransport, SendsTheRequestAndDeliversTheAnswer) {
  RawServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Id: 7\r\n\r\nhello"));
  Client client;
  HttpRequest request = post(server.url("/v1/chat?x=1"), "{\"a\":1}");
  request.headers.emplace_back("X-Empty", "");
  const Exchange& exchange = client.fetch(request);
  ASSERT_TRUE(exchange.finished) << exchange.message();
  EXPECT_TRUE(exchange.in_order);
  EXPECT_EQ(exchange.headers->status, 200);
  EXPECT_EQ(find_header(exchange.headers->headers, "x-id"), "7");
  EXPECT_EQ(exchange.body, "hello");

  const std::string sent = server.requests().at(0);
  EXPECT_THAT(sent, StartsWith("POST /v1/chat?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nX-Empty:\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\n\r\n{\"a\":1}"));
  EXPECT_THAT(sent, Not(HasSubstr("Accept-Encoding")));
}

TEST(CurlTransport, SpeaksTheOtherMethods) {
  RawServer server(always(http_ok("x")));
  Client client;
  EXPECT_EQ(client.fetch(get(server.url("/health"))).body, "x");
  HttpRequest erase = post(server.url("/f"), "");
  erase.method = "DELETE";
  EXPECT_TRUE(client.fetch(erase).finished);
  EXPECT_THAT(server.requests().at(0), StartsWith("GET /health HTTP/1.1\r\n"));
  EXPECT_THAT(server.requests().at(1), StartsWith("DELETE /f HTTP/1.1\r\n"));
}

TEST(CurlTransport, AddsNoContentTypeOfItsOwn) {
  RawServer server(always(http_ok("")));
  Client client;
  HttpRequest request = post(server.url());
  request.headers.clear();
  EXPECT_TRUE(client.fetch(request).finished);
  EXPECT_THAT(server.requests().at(0), Not(HasSubstr("Content-Type")));
}

TEST(CurlTransport, KeepsTheConnectionAndSaysSo) {
  RawServer server(always(http_ok("x")));
  Client client;
  const Ready first = client.fetch(post(server.url())).ready.at(0);
  const Ready second = client.fetch(post(server.url()), 2).ready.at(0);
  EXPECT_FALSE(first.reused);
  ASSERT_TRUE(first.connect.has_value());
  ASSERT_TRUE(first.dns.has_value());
  EXPECT_LE(*first.dns, *first.connect);
  EXPECT_FALSE(first.tls.has_value());
  EXPECT_FALSE(second.dns.has_value());
  EXPECT_EQ(first.peer, "127.0.0.1");
  EXPECT_TRUE(second.reused);
  EXPECT_FALSE(second.connect.has_value());
  EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlTransport, DeliversAChunkedStreamPieceByPiece) {
  RawServer server([](RawServer::Peer& peer) {
    peer.read_request();
    peer.send(std::string(kChunked) + "3\r\none\r\n");
    peer.wait_gate();
    peer.send("3\r\ntwo\r\n0\r\nX-Trailer: 1\r\n\r\n");
    peer.wait_closed();
  });
  Client client;
  client.start(1, post(server.url()));
  client.run_until([&] { return client[1].body == "one"; });
  EXPECT_FALSE(client[1].done());
  server.open_gate();
  client.run_until([&] { return client[1].done(); });
  EXPECT_TRUE(client[1].finished);
  EXPECT_TRUE(client[1].in_order);
  EXPECT_EQ(client[1].body, "onetwo");
  EXPECT_EQ(client[1].pieces, 2U);
}

TEST(CurlTransport, SkipsInterimResponses) {
  RawServer server(always("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + http_ok("x")));
  Client client;
  const Exchange& exchange = client.fetch(post(server.url()));
  ASSERT_TRUE(exchange.finished) << exchange.message();
  EXPECT_EQ(exchange.headers->status, 200);
  EXPECT_FALSE(find_header(exchange.headers->headers, "Link"));
}

TEST(CurlTransport, DeliversTheBodyOfAnErrorStatus) {
  RawServer server(
      always("HTTP/1.1 429 Too Many\r\nRetry-After: 2\r\nContent-Length: 2\r\n\r\nno"));
  Client client;
  const Exchange& exchange = client.fetch(post(server.url()));
  ASSERT_TRUE(exchange.finished);
  EXPECT_EQ(exchange.headers->status, 429);
  EXPECT_EQ(exchange.body, "no");
}

TEST(CurlTransport, SendsLargeBodiesWithoutExpect) {
  RawServer server(always(http_ok("x")));
  Client client;
  const std::string body(2UL * 1024 * 1024, 'p');
  ASSERT_TRUE(client.fetch(post(server.url(), body)).finished);
  const std::string sent = server.requests().at(0);
  EXPECT_THAT(sent.substr(0, sent.find("\r\n\r\n")), Not(HasSubstr("Expect")));
  EXPECT_EQ(sent.substr(sent.find("\r\n\r\n") + 4), body);
}

TEST(CurlTransport, CarriesTwoHundredStreamsAtOnce) {
  constexpr TransferId kStreams = 200;
  RawServer server([](RawServer::Peer& peer) {
    peer.read_request();
    peer.send(std::string(kChunked) + "1\r\na\r\n");
    peer.wait_gate();
    for (int i = 0; i < 20; ++i) {
      peer.send("1\r\nb\r\n");
    }
    peer.send("0\r\n\r\n");
    peer.wait_closed();
  });
  Client client;
  for (TransferId id = 0; id < kStreams; ++id) {
    client.start(id, post(server.url()));
  }
  const auto all = [&](const auto& holds) {
    for (TransferId id = 0; id < kStreams; ++id) {
      if (!holds(client[id])) {
        return false;
      }
    }
    return true;
  };
  client.run_until([&] { return all([](const Exchange& e) { return e.body == "a"; }); });
  EXPECT_EQ(server.connections(), kStreams);
  server.open_gate();
  client.run_until([&] { return all([](const Exchange& e) { return e.done(); }); });
  EXPECT_TRUE(all([](const Exchange& e) { return e.finished && e.in_order; }));
  EXPECT_TRUE(all([](const Exchange& e) { return e.body == "a" + std::string(20, 'b'); }));
}

TEST(CurlTransport, IsWokenFromAnotherThread) {
  Client client;
  std::thread waker([&] { client.transport().wake(); });
  EXPECT_TRUE(client.transport().poll(kNever).empty());
  waker.join();
}

TEST(CurlTransport, ReturnsWhenItsTimeHasPassed) {
  Client client;
  const TimePoint until = client.clock().now() + std::chrono::milliseconds(5);
  EXPECT_TRUE(client.transport().poll(until).empty());
  EXPECT_GE(client.clock().now(), until);
}

TEST(CurlTransport, Net10EndsADrippingHeaderWhenCancelled) {
  std::promise<void> closed;
  std::atomic<bool> sent = false;
  RawServer server([&](RawServer::Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nX-Slow: ");
    sent = true;
    peer.wait_closed();
    closed.set_value();
  });
  Client client;
  client.start(1, post(server.url()));
  client.run_until([&] { return !client[1].ready.empty(); });
  client.transport().cancel(1);
  client.transport().cancel(1);
  EXPECT_EQ(closed.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_TRUE(sent);
  EXPECT_EQ(client.poll_once(), 0U);
  EXPECT_FALSE(client[1].headers);
}

TEST(CurlTransport, DeliversNothingOfACancelledStreamEvenWhenItsIdComesBack) {
  RawServer endless([](RawServer::Peer& peer) {
    peer.read_request();
    peer.send(std::string(kChunked) + "3\r\nold\r\n");
    peer.wait_gate();
    peer.send("3\r\nold\r\n");
    peer.wait_closed();
  });
  RawServer server(always(http_ok("new")));
  Client client;
  client.start(1, post(endless.url()));
  client.run_until([&] { return client[1].body == "old"; });
  client.transport().cancel(1);
  endless.open_gate();
  const Exchange& exchange = client.fetch(post(server.url()), 1);
  EXPECT_TRUE(exchange.finished);
  EXPECT_EQ(exchange.body, "new");
  EXPECT_EQ(exchange.ready.size(), 1U);
}

TEST(CurlTransport, CancelsWhatWasJustStarted) {
  RawServer server(always(http_ok("x")));
  Client client;
  client.start(1, post(server.url()));
  client.start(2, post("nonsense"));
  client.transport().cancel(1);
  client.transport().cancel(2);
  EXPECT_EQ(client.poll_once(), 0U);
  EXPECT_TRUE(client.fetch(post(server.url()), 1).finished);
}

TEST(CurlTransport, EndsWithTransfersInFlight) {
  RawServer server([](RawServer::Peer& peer) {
    peer.read_request();
    peer.wait_closed();
  });
  Client client;
  client.start(1, post(server.url()));
  client.run_until([&] { return !client[1].ready.empty(); });
}

TEST(CurlTransport, Net21ConnectsAgainWhenTheServerClosedAKeptConnection) {
  std::latch closed(1);
  RawServer server([&](RawServer::Peer& peer) {
    peer.read_request();
    peer.send(http_ok("x"));
    peer.close();
    if (peer.number() == 0) {
      closed.count_down();
    }
  });
  Client client;
  EXPECT_TRUE(client.fetch(post(server.url())).finished);
  closed.wait();
  const Exchange& second = client.fetch(post(server.url()), 2);
  ASSERT_TRUE(second.finished) << second.message();
  EXPECT_FALSE(second.ready.back().reused);
  EXPECT_EQ(server.connections(), 2U);
}

// Ends every connection after its first answer, as late as it can.
void answers_once_then_resets(RawServer::Peer& peer) {
  peer.read_request();
  peer.send(http_ok("x"));
  if (peer.read_request()) {
    peer.reset();
  }
}

TEST(CurlTransport, Net21SendsAgainWhenAKeptConnectionBreaksBeforeTheAnswer) {
  RawServer server(answers_once_then_resets);
  Client client;
  EXPECT_TRUE(client.fetch(post(server.url())).finished);
  const Exchange& second = client.fetch(post(server.url()), 2);
  ASSERT_TRUE(second.finished) << second.message();
  EXPECT_TRUE(second.in_order);
  ASSERT_EQ(second.ready.size(), 2U);
  EXPECT_TRUE(second.ready.front().reused);
  EXPECT_FALSE(second.ready.back().reused);
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST(CurlTransport, Net21AnyNumberOfKeptConnectionsMayBreakInARow) {
  RawServer server(answers_once_then_resets);
  Client client;
  for (TransferId id = 1; id <= 20; ++id) {
    const Exchange& exchange = client.fetch(post(server.url()), id);
    ASSERT_TRUE(exchange.finished) << id << ": " << exchange.message();
  }
}

TEST(CurlTransport, Net22ReachesLocalhostOnIpv4) {
  RawServer server(always(http_ok("x")));
  Client client;
  const std::string port = std::to_string(server.port());
  const Exchange& exchange = client.fetch(post("http://localhost:" + port + "/"));
  ASSERT_TRUE(exchange.finished) << exchange.message();
  EXPECT_EQ(exchange.ready.at(0).peer, "127.0.0.1");
}

TEST(CurlTransport, MeasuresItsLagOnceAndSaysWhatItsStampsAre) {
  RawServer server(always(http_ok("x")));
  Client client;
  client.fetch(post(server.url()));
  EXPECT_GT(client.transport().take_max_lag(), Duration{0});
  EXPECT_EQ(client.transport().take_max_lag(), Duration{0});
  EXPECT_GT(client.transport().take_lags().count(), 0U);
  const SteadyClock clock;
  EXPECT_EQ(client.transport().stamp_source(),
            KernelStamps(clock).available() ? chat::StampSource::kernel : chat::StampSource::loop);
}

TEST(CurlVersion, NamesTheLibrary) {
  EXPECT_THAT(curl_version_text(), HasSubstr("libcurl/"));
}

}  // namespace
}  // namespace faceoff::net
