#include "net/client.h"
#include "net/raw_server.h"

#include <faceoff/base/files.h>
#include <faceoff/net/curl_transport.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>

namespace faceoff::net {
namespace {

using testing::HasSubstr;

constexpr const char* kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

RawServer::Script once(std::string answer) {
  return [answer = std::move(answer)](RawServer::Peer& peer) {
    peer.read_request();
    peer.send(answer);
  };
}

// A port that was free a moment ago.
std::uint16_t closed_port() {
  const RawServer server(always(""));
  return server.port();
}

TEST(CurlFault, Net01UnknownHostIsDns) {
  Client client;
  // Longer than a label may be: refused by the resolver without a query.
  const Exchange& exchange = client.fetch(post("http://" + std::string(70, 'a') + ".invalid/"));
  EXPECT_EQ(exchange.fault(), Fault::dns) << exchange.message();
  EXPECT_THAT(exchange.message(), HasSubstr("cannot resolve host 'aaa"));
  EXPECT_TRUE(exchange.ready.empty());
}

TEST(CurlFault, Net02ClosedPortIsRefusedAndNamesTheRemedy) {
  Client client;
  const std::string peer = "127.0.0.1:" + std::to_string(closed_port());
  const Exchange& exchange = client.fetch(post("http://" + peer + "/v1"));
  EXPECT_EQ(exchange.fault(), Fault::refused);
  EXPECT_EQ(exchange.message(),
            "nothing listens on " + peer + "; start the server or correct base_url");
}

TEST(CurlFault, Net03BlackholeEndsAtTheConnectTimeout) {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  auto* plain = static_cast<sockaddr*>(static_cast<void*>(&name));
  ASSERT_EQ(::bind(listener.get(), plain, size), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  ASSERT_EQ(::getsockname(listener.get(), plain, &size), 0);
  // Nobody accepts: these fill the backlog, and the kernel drops what comes after them.
  std::vector<UniqueFd> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    ::connect(fillers.back().get(), plain, size);
  }
  Client client;
  HttpRequest request = post("http://127.0.0.1:" + std::to_string(ntohs(name.sin_port)));
  request.connect_timeout = std::chrono::milliseconds(200);
  const Exchange& exchange = client.fetch(request);
  EXPECT_EQ(exchange.fault(), Fault::connect_timeout);
  EXPECT_THAT(exchange.message(), HasSubstr("took longer than 200 ms"));
}

TEST(CurlFault, Net04ConnectionClosedWithoutAnAnswerIsEmptyReply) {
  RawServer server(once(""));
  Client client;
  const Exchange& exchange = client.fetch(post(server.url()));
  EXPECT_EQ(exchange.fault(), Fault::empty_reply) << exchange.message();
  EXPECT_EQ(exchange.ready.size(), 1U);
  EXPECT_FALSE(exchange.headers);
}

TEST(CurlFault, Net04ResetBeforeTheAnswerIsReset) {
  RawServer server([](RawServer::Peer& peer) {
    peer.read_request();
    peer.reset();
  });
  Client client;
  const Exchange& exchange = client.fetch(post(server.url()));
  EXPECT_EQ(exchange.fault(), Fault::reset) << exchange.message();
  EXPECT_THAT(exchange.message(), HasSubstr(std::to_string(server.port())));
}

TEST(CurlFault, Net05CloseInAChunkIsTruncated) {
  RawServer server(once(std::string(kChunked) + "5\r\nhello\r\n9\r\nwor"));
  Client client;
  const Exchange& exchange = client.fetch(post(server.url()));
  EXPECT_EQ(exchange.fault(), Fault::truncated) << exchange.message();
  EXPECT_EQ(exchange.body, "hellowor");
  EXPECT_THAT(exchange.message(), HasSubstr("after 8 bytes"));
  EXPECT_TRUE(exchange.in_order);
}

TEST(CurlFault, Net05CloseBetweenChunksIsTruncated) {
  RawServer server(once(std::string(kChunked) + "5\r\nhello\r\n"));
  Client client;
  EXPECT_EQ(client.fetch(post(server.url())).fault(), Fault::truncated);
}

TEST(CurlFault, Net05CloseBeforeTheContentLengthIsTruncated) {
  RawServer server(once("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"));
  Client client;
  const Exchange& exchange = client.fetch(post(server.url()));
  EXPECT_EQ(exchange.fault(), Fault::truncated);
  EXPECT_EQ(exchange.body, "hello");
}

TEST(CurlFault, Net05ResetInAStreamIsTruncated) {
  RawServer server([](RawServer::Peer& peer) {
    peer.read_request();
    peer.send(std::string(kChunked) + "5\r\nhello\r\n");
    peer.wait_gate();
    peer.reset();
  });
  Client client;
  client.start(1, post(server.url()));
  client.run_until([&] { return client[1].body == "hello"; });
  server.open_gate();
  client.run_until([&] { return client[1].done(); });
  EXPECT_EQ(client[1].fault(), Fault::truncated) << client[1].message();
}

// Whether that was the whole answer only the stream itself can say (finish_reason, [DONE]).
TEST(CurlFault, Net06CloseWithoutAnyLengthIsAnEndLikeAnyOther) {
  RawServer server(once("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ndata: a\n\n"));
  Client client;
  const Exchange& exchange = client.fetch(post(server.url()));
  EXPECT_TRUE(exchange.finished);
  EXPECT_EQ(exchange.body, "data: a\n\n");
}

struct Broken {
  const char* name;
  std::string answer;
  Fault fault;
  const char* part;  // of the message
};

class BrokenAnswer : public testing::TestWithParam<Broken> {};

TEST_P(BrokenAnswer, Net11IsNamedForWhatItIs) {
  RawServer server(once(GetParam().answer));
  Client client;
  const Exchange& exchange = client.fetch(post(server.url()));
  EXPECT_EQ(to_string(exchange.fault()), to_string(GetParam().fault)) << exchange.message();
  EXPECT_THAT(exchange.message(), HasSubstr(GetParam().part));
  EXPECT_THAT(exchange.message(), HasSubstr("127.0.0.1:" + std::to_string(server.port())));
  EXPECT_TRUE(exchange.in_order);
}

std::string many_headers() {
  std::string answer = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 100'000; ++i) {
    answer += "X: y\r\n";
  }
  return answer + "\r\n";
}

std::vector<Broken> broken_answers() {
  return {
      {"BadChunkSize", std::string(kChunked) + "zz\r\nhello\r\n", Fault::bad_chunk, "hexadecimal"},
      {"HugeHeaderLine",
       "HTTP/1.1 200 OK\r\nX: " + std::string(2UL * 1024 * 1024, 'h') + "\r\n\r\n",
       Fault::protocol,
       "header line is longer than 100 kB"},
      {"ManyHeaders", many_headers(), Fault::protocol, "Too large response headers"},
      {"NulInHeader",
       std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", 28),
       Fault::protocol,
       "breaks HTTP"},
      {"TwoContentLengths",
       "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
       Fault::protocol,
       "Content-Length"},
      {"Http09", "hello, this is no HTTP\n", Fault::not_http, "does not speak HTTP"},
      {"Garbage", "\x01\x02\x03\xff\xfe garbage \n\n", Fault::not_http, "does not speak HTTP"},
      {"TlsAlert", "\x15\x03\x01\x02\x02\x02\x16", Fault::not_http, "https://"},
  };
}

INSTANTIATE_TEST_SUITE_P(Kinds,
                         BrokenAnswer,
                         testing::ValuesIn(broken_answers()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(CurlFault, Net11TwoEqualContentLengthsAreFine) {
  RawServer server(
      always("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"));
  Client client;
  EXPECT_TRUE(client.fetch(post(server.url())).finished);
}

TEST(CurlFault, Net12EndlessBodyStopsAtTheCap) {
  RawServer server([](RawServer::Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    const std::string block(10'000, 'x');
    for (int i = 0; i < 100; ++i) {
      peer.send(block);
    }
    peer.wait_closed();
  });
  Client client;
  HttpRequest request = post(server.url());
  request.max_response_bytes = 100'000;
  const Exchange& exchange = client.fetch(request);
  EXPECT_EQ(exchange.fault(), Fault::too_large);
  EXPECT_LE(exchange.body.size(), 100'000U);
  EXPECT_THAT(exchange.message(), HasSubstr("larger than 100000 bytes"));
}

TEST(CurlFault, Net12TheCapItselfIsAllowed) {
  RawServer server(always(http_ok("hello")));
  Client client;
  HttpRequest request = post(server.url());
  request.max_response_bytes = 5;
  EXPECT_TRUE(client.fetch(request).finished);
  request.max_response_bytes = 4;
  EXPECT_EQ(client.fetch(request, 2).fault(), Fault::too_large);
}

TEST(CurlFault, Net12CompressedBodiesAreNotUnpacked) {
  const std::string zipped("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
  RawServer server(
      once("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\n" + zipped));
  Client client;
  EXPECT_EQ(client.fetch(post(server.url())).body, zipped);
}

TEST(CurlFault, Crs10NoDescriptorLeftIsSaidSo) {
  RawServer server(always(http_ok("x")));
  Client client;
  // Sanitizers look at a type for the first time with a pipe, which needs descriptors.
  RawServer elsewhere(always(http_ok("x")));
  client.fetch(post(elsewhere.url()), 9);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  const UniqueFd probe(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0));
  rlimit tight = old;
  tight.rlim_cur = static_cast<rlim_t>(probe.get());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  const Exchange& exchange = client.fetch(post(server.url()));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  EXPECT_EQ(exchange.fault(), Fault::other);
  EXPECT_THAT(exchange.message(), HasSubstr("no file descriptor is left"));
  EXPECT_TRUE(client.fetch(post(server.url()), 2).finished);
}

TEST(CurlFault, BadUrlFailsWithTheNextPoll) {
  Client client;
  const Exchange& exchange = client.fetch(post("http://h:99999/"));
  EXPECT_EQ(exchange.fault(), Fault::bad_url);
  EXPECT_THAT(exchange.message(), HasSubstr("port '99999'"));
}

}  // namespace
}  // namespace faceoff::net
