#include "net/client.h"
#include "net/raw_server.h"

#include <faceoff/base/secret.h>
#include <faceoff/net/curl_transport.h>

#include <cstring>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ifaddrs.h>

namespace faceoff::net {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

HttpRequest with_key(HttpRequest request, std::string value) {
  request.secret = SecretHeader{"Authorization", "Bearer ", Secret(std::move(value))};
  return request;
}

class Redirect : public testing::TestWithParam<int> {};

TEST_P(Redirect, Key03IsDeliveredAndNotFollowed) {
  RawServer second(always(http_ok("stolen")));
  RawServer first(always("HTTP/1.1 " + std::to_string(GetParam()) + " Moved\r\nLocation: " +
                         second.url("/x") + "\r\nContent-Length: 0\r\n\r\n"));
  Client client;
  const Exchange& exchange = client.fetch(with_key(post(first.url()), "obvious-dummy"));
  ASSERT_TRUE(exchange.finished) << exchange.message();
  EXPECT_EQ(exchange.headers->status, GetParam());
  EXPECT_EQ(find_header(exchange.headers->headers, "Location"), second.url("/x"));
  EXPECT_EQ(first.requests().size(), 1U);
  EXPECT_EQ(second.connections(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Status, Redirect, testing::Values(301, 302, 303, 307, 308));

TEST(SecretHeader, GoesWithItsOwnRequestOnly) {
  RawServer server(always(http_ok("x")));
  Client client;
  client.fetch(with_key(post(server.url()), "obvious-dummy"));
  client.fetch(post(server.url()), 2);
  EXPECT_THAT(server.requests().at(0), HasSubstr("\r\nAuthorization: Bearer obvious-dummy\r\n"));
  EXPECT_THAT(server.requests().at(1), Not(HasSubstr("Authorization")));
  EXPECT_THAT(server.requests().at(1), Not(HasSubstr("obvious-dummy")));
}

TEST(SecretHeader, Key06IsNotPrintedWhenItCannotBeSent) {
  Client client;
  const Exchange& exchange =
      client.fetch(with_key(post("http://127.0.0.1:9/"), "obvious-dummy\r\nX: y"));
  EXPECT_TRUE(exchange.failed);
  EXPECT_THAT(exchange.message(), HasSubstr("header 'Authorization'"));
  EXPECT_THAT(exchange.message(), Not(HasSubstr("obvious-dummy")));
}

TEST(Headers, CannotSmuggleOtherHeaders) {
  RawServer server(always(http_ok("x")));
  Client client;
  for (const auto& [name, value] : HeaderList{{"X", "a\r\nY: b"},
                                              {"X\nY", "a"},
                                              {"X: y", "a"},
                                              {"", "a"},
                                              {"X", std::string("a\0b", 3)}}) {
    HttpRequest request = post(server.url());
    request.headers.emplace_back(name, value);
    EXPECT_TRUE(client.fetch(request).failed) << name;
  }
  EXPECT_EQ(server.connections(), 0U);
}

class ProxyInEnvironment : public testing::Test {
 protected:
  RawServer proxy_{always(http_ok("from the proxy"))};
  ScopedEnv http_{"http_proxy", proxy_.url()};
  ScopedEnv https_{"https_proxy", proxy_.url()};
  ScopedEnv all_{"ALL_PROXY", proxy_.url()};
  ScopedEnv none_{"no_proxy", ""};
  ScopedEnv none_upper_{"NO_PROXY", ""};
};

TEST_F(ProxyInEnvironment, Prx01SeesNothingOfLoopbackRequests) {
  RawServer server(always(http_ok("direct")));
  const std::string port = std::to_string(server.port());
  Client client;
  for (const std::string host : {"127.0.0.1", "localhost", "api.localhost"}) {
    const Exchange& exchange = client.fetch(post("http://" + host + ":" + port + "/"));
    EXPECT_EQ(exchange.body, "direct") << host << ": " << exchange.message();
  }
  EXPECT_EQ(proxy_.connections(), 0U);
}

TEST_F(ProxyInEnvironment, Prx02CarriesRemoteRequests) {
  Client client;
  EXPECT_EQ(client.fetch(post("http://remote.invalid/v1")).body, "from the proxy");
  EXPECT_THAT(proxy_.requests().at(0), StartsWith("POST http://remote.invalid/v1 HTTP/1.1"));
}

TEST_F(ProxyInEnvironment, Res01SeesNothingOfRequestsThatMustStayHere) {
  Client client;
  HttpRequest request = post("http://192.0.2.1/");
  request.reach = Reach::loopback;
  EXPECT_EQ(client.fetch(request).fault(), Fault::address_not_allowed);
  EXPECT_EQ(proxy_.connections(), 0U);
}

TEST(Proxy, Prx02RefusalIsAProxyFault) {
  RawServer proxy(
      always("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"));
  const ScopedEnv https("https_proxy", proxy.url());
  const ScopedEnv none("no_proxy", "");
  Client client;
  const Exchange& exchange = client.fetch(post("https://remote.invalid/v1"));
  EXPECT_EQ(exchange.fault(), Fault::proxy) << exchange.message();
  EXPECT_THAT(exchange.message(), HasSubstr("407"));
  EXPECT_THAT(proxy.requests().at(0), StartsWith("CONNECT remote.invalid:443 HTTP/1.1"));
}

TEST(Proxy, Prx02AbsenceIsAProxyFault) {
  std::string address;
  {
    const RawServer gone(always(""));
    address = gone.url();
  }
  const ScopedEnv http("http_proxy", address);
  const ScopedEnv none("no_proxy", "");
  Client client;
  const Exchange& exchange = client.fetch(post("http://remote.invalid/v1"));
  EXPECT_EQ(exchange.fault(), Fault::proxy) << exchange.message();
}

TEST(Reach, Res01LoopbackAllowsLoopback) {
  RawServer server(always(http_ok("x")));
  Client client;
  HttpRequest request = post("http://localhost:" + std::to_string(server.port()));
  request.reach = Reach::loopback;
  EXPECT_TRUE(client.fetch(request).finished);
  EXPECT_TRUE(client.fetch(request, 2).finished);
}

TEST(Reach, Res01LoopbackRefusesOtherAddressesBeforeDialling) {
  Client client;
  for (const char* url : {"http://192.0.2.1:8080/",
                          "https://192.0.2.1/",
                          "http://[2001:db8::1]/",
                          "http://0.0.0.0:8080/"}) {
    HttpRequest request = post(url);
    request.reach = Reach::loopback;
    const Exchange& exchange = client.fetch(request);
    EXPECT_EQ(exchange.fault(), Fault::address_not_allowed) << url << ": " << exchange.message();
    EXPECT_THAT(exchange.message(), HasSubstr("nothing was sent"));
    EXPECT_TRUE(exchange.ready.empty());
  }
}

// An IPv4 address of this machine that is not loopback.
std::optional<std::string> other_address() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) {
    return std::nullopt;
  }
  std::optional<std::string> found;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET) {
      continue;
    }
    sockaddr_in address{};
    std::memcpy(&address, entry->ifa_addr, sizeof address);
    char text[INET_ADDRSTRLEN];
    ::inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
    if (!std::string_view(text).starts_with("127.")) {
      found = text;
    }
  }
  ::freeifaddrs(list);
  return found;
}

TEST(Reach, Res01LoopbackDoesNotUseAConnectionThatAnotherRequestOpened) {
  const auto address = other_address();
  if (!address) {
    GTEST_SKIP() << "this machine has no address but loopback";
  }
  RawServer server(always(http_ok("x")), address->c_str());
  Client client;
  HttpRequest request = post(server.url());
  ASSERT_TRUE(client.fetch(request).finished);
  request.reach = Reach::loopback;
  const Exchange& exchange = client.fetch(request, 2);
  EXPECT_EQ(exchange.fault(), Fault::address_not_allowed) << exchange.message();
  EXPECT_EQ(server.requests().size(), 1U);
}

}  // namespace
}  // namespace faceoff::net
