#include "net/client.h"
#include "net/raw_server.h"
#include "net/tls_server.h"

#include <faceoff/net/curl_transport.h>

#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

constexpr long kHour = 3600;

class Tls : public testing::Test {
 protected:
  // OpenSSL writes without MSG_NOSIGNAL; the program ignores the signal as well.
  void SetUp() override { old_ = std::signal(SIGPIPE, SIG_IGN); }
  void TearDown() override { std::signal(SIGPIPE, old_); }

  static HttpRequest request_to(const RawServer& server) {
    return post("https://127.0.0.1:" + std::to_string(server.port()) + "/v1");
  }
  static CurlOptions trusting(const PemFile& file) {
    CurlOptions options;
    options.ca_file = file.path();
    return options;
  }

 private:
  void (*old_)(int) = SIG_DFL;
};

TEST_F(Tls, CarriesTheExchangeWhenTheCertificateIsTrusted) {
  const Identity identity = make_identity("IP:127.0.0.1", kHour);
  const PemFile file(identity);
  RawServer server(tls_script(identity, http_ok("hello")));
  Client client(trusting(file));
  const Exchange& exchange = client.fetch(request_to(server));
  ASSERT_TRUE(exchange.finished) << exchange.message();
  EXPECT_EQ(exchange.body, "hello");
  EXPECT_TRUE(exchange.in_order);
  EXPECT_TRUE(exchange.ready.at(0).connect.has_value());
}

TEST_F(Tls, TakesTheAuthoritiesOfTheEnvironment) {
  const Identity identity = make_identity("IP:127.0.0.1", kHour);
  const PemFile file(identity);
  const ScopedEnv env("SSL_CERT_FILE", file.path());
  RawServer server(tls_script(identity, http_ok("hello")));
  Client client;
  EXPECT_TRUE(client.fetch(request_to(server)).finished);
}

TEST_F(Tls, Tls01RefusesASelfSignedCertificate) {
  RawServer server(tls_script(make_identity("IP:127.0.0.1", kHour), http_ok("hello")));
  Client client;
  const Exchange& exchange = client.fetch(request_to(server));
  EXPECT_EQ(exchange.fault(), Fault::tls);
  EXPECT_THAT(exchange.message(), HasSubstr("self-signed certificate"));
  EXPECT_THAT(exchange.message(), HasSubstr("SSL_CERT_FILE"));
  EXPECT_TRUE(exchange.ready.empty());
}

TEST_F(Tls, Tls01RefusesAnExpiredCertificate) {
  const Identity identity = make_identity("IP:127.0.0.1", -kHour);
  const PemFile file(identity);
  RawServer server(tls_script(identity, http_ok("hello")));
  Client client(trusting(file));
  const Exchange& exchange = client.fetch(request_to(server));
  EXPECT_EQ(exchange.fault(), Fault::tls);
  EXPECT_THAT(exchange.message(), HasSubstr("expired"));
}

TEST_F(Tls, Tls01RefusesTheCertificateOfAnotherHost) {
  const Identity identity = make_identity("DNS:other.invalid", kHour);
  const PemFile file(identity);
  RawServer server(tls_script(identity, http_ok("hello")));
  Client client(trusting(file));
  const Exchange& exchange = client.fetch(request_to(server));
  EXPECT_EQ(exchange.fault(), Fault::tls) << exchange.message();
  EXPECT_TRUE(exchange.ready.empty());
}

TEST_F(Tls, Tls01RefusesOldProtocolVersions) {
  const Identity identity = make_identity("IP:127.0.0.1", kHour);
  const PemFile file(identity);
  RawServer server(tls_script(identity, http_ok("hello"), TLS1_1_VERSION));
  Client client(trusting(file));
  EXPECT_EQ(client.fetch(request_to(server)).fault(), Fault::tls);
}

TEST_F(Tls, NamesAnAuthorityFileThatCannotBeRead) {
  RawServer server(tls_script(make_identity("IP:127.0.0.1", kHour), http_ok("hello")));
  CurlOptions options;
  options.ca_file = "no-such-file.pem";
  Client client(options);
  const Exchange& exchange = client.fetch(request_to(server));
  EXPECT_EQ(exchange.fault(), Fault::tls);
  EXPECT_THAT(exchange.message(), HasSubstr("no-such-file.pem"));
}

TEST_F(Tls, Tls02HttpsToAPlainPortSaysSo) {
  RawServer server([](RawServer::Peer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_closed();
  });
  Client client;
  const std::string peer = "127.0.0.1:" + std::to_string(server.port());
  const Exchange& exchange = client.fetch(post("https://" + peer + "/"));
  EXPECT_EQ(exchange.fault(), Fault::tls);
  EXPECT_THAT(exchange.message(), HasSubstr(peer + ": the server does not speak TLS there"));
}

TEST_F(Tls, Tls02HttpToATlsPortSaysSo) {
  RawServer server(tls_script(make_identity("IP:127.0.0.1", kHour), http_ok("hello")));
  Client client;
  const Exchange& exchange = client.fetch(post(server.url()));
  // An alert, a close or a reset, by the server's version and mood.
  EXPECT_THAT(exchange.fault(), AnyOf(Fault::not_http, Fault::empty_reply, Fault::reset));
  EXPECT_THAT(exchange.message(), HasSubstr("https://"));
}

}  // namespace
}  // namespace faceoff::net
