#include <faceoff/net/proxy.h>

#include <map>

#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

std::string proxy(const std::string& url, const Variables& variables) {
  return proxy_for(url,
                   [&](std::string_view name) {
                     const auto at = variables.find(name);
                     return at == variables.end() ? std::nullopt : std::optional(at->second);
                   })
      .value_or("");
}

TEST(ProxyFor, Prx02GoesByTheScheme) {
  const Variables both{{"http_proxy", "http://a:1"}, {"HTTPS_PROXY", "http://b:2"}};
  EXPECT_EQ(proxy("http://h.example/v1", both), "http://a:1");
  EXPECT_EQ(proxy("https://h.example/v1", both), "http://b:2");
  EXPECT_EQ(proxy("https://h.example/v1", {{"ALL_PROXY", "socks5://c:3"}}), "socks5://c:3");
  // A web server sets HTTP_PROXY from a client's header; libcurl ignores it.
  EXPECT_EQ(proxy("http://h.example/v1", {{"HTTP_PROXY", "http://a:1"}}), "");
  EXPECT_EQ(proxy("https://h.example/v1", {{"https_proxy", ""}}), "");
}

TEST(ProxyFor, Prx01IsNeverUsedForThisMachine) {
  const Variables all{{"http_proxy", "http://a:1"}, {"ALL_PROXY", "http://a:1"}};
  for (const char* url :
       {"http://127.0.0.1:8080", "http://localhost/v1", "http://[::1]:9", "https://x.localhost"}) {
    EXPECT_EQ(proxy(url, all), "") << url;
  }
}

TEST(ProxyFor, HeedsExceptions) {
  const auto with = [](const std::string& except) {
    return proxy("https://api.example.com/v1",
                 {{"https_proxy", "http://a:1"}, {"no_proxy", except}});
  };
  EXPECT_EQ(with("other.org, example.com"), "");
  EXPECT_EQ(with(".example.com"), "");
  EXPECT_EQ(with("API.EXAMPLE.COM"), "");
  EXPECT_EQ(with("*"), "");
  EXPECT_EQ(with("ample.com"), "http://a:1");
  EXPECT_EQ(with("www.api.example.com"), "http://a:1");
  EXPECT_EQ(with(""), "http://a:1");
}

TEST(ProxyFor, ShowsNoPassword) {
  EXPECT_EQ(proxy("https://h.example", {{"https_proxy", "http://me:secret@p.example:3128"}}),
            "http://p.example:3128");
  EXPECT_EQ(without_user_info("me:secret@p:1"), "p:1");
}

}  // namespace
}  // namespace faceoff::net
