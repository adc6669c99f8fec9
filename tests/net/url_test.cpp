#include <faceoff/net/url.h>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Good {
  const char* text;
  const char* scheme;
  const char* host;
  std::uint16_t port;
  const char* path;
  const char* shown;
};

TEST(Url, IsSplitIntoTheParts) {
  const Good table[] = {
      {"https://api.openai.com/v1",
       "https",
       "api.openai.com",
       443,
       "/v1",
       "https://api.openai.com/v1"},
      {"HTTPS://API.OpenAI.com:443", "https", "api.openai.com", 443, "", "https://api.openai.com"},
      {"http://h", "http", "h", 80, "", "http://h"},
      {"http://h:80/", "http", "h", 80, "/", "http://h"},
      {"http://h:443/", "http", "h", 443, "/", "http://h:443"},
      {"http://127.0.0.1:8080/v1/", "http", "127.0.0.1", 8080, "/v1/", "http://127.0.0.1:8080/v1"},
      {"http://[::1]:11434/p", "http", "::1", 11434, "/p", "http://[::1]:11434/p"},
      {"http://[FE80::1]", "http", "fe80::1", 80, "", "http://[fe80::1]"},
      {"https://x.azure.com/openai?api-version=2024-10-21",
       "https",
       "x.azure.com",
       443,
       "/openai",
       "https://x.azure.com/openai"},
      {"https://h#f", "https", "h", 443, "", "https://h"},
      {"https://h?q=http://other:1/", "https", "h", 443, "", "https://h"},
      {"https://h/a@b", "https", "h", 443, "/a@b", "https://h/a@b"},
      {"http://my_host-1.local:65535",
       "http",
       "my_host-1.local",
       65535,
       "",
       "http://my_host-1.local:65535"},
      {"http://1password.com", "http", "1password.com", 80, "", "http://1password.com"},
  };
  for (const Good& row : table) {
    const auto url = parse_url(row.text);
    ASSERT_TRUE(url) << row.text << ": " << url.error().message;
    EXPECT_EQ(url->scheme, row.scheme) << row.text;
    EXPECT_EQ(url->host, row.host) << row.text;
    EXPECT_EQ(url->port, row.port) << row.text;
    EXPECT_EQ(url->path, row.path) << row.text;
    EXPECT_EQ(url->text(), row.shown) << row.text;
  }
}

TEST(Url, NamesHostAndPortForMessages) {
  EXPECT_EQ(parse_url("https://a.b/c")->host_and_port(), "a.b:443");
  EXPECT_EQ(parse_url("http://[::1]:8080")->host_and_port(), "[::1]:8080");
}

TEST(Url, IsRefusedWithTheReason) {
  const struct {
    std::string text;
    const char* part;
  } table[] = {
      {"", "http://"},
      {"api.openai.com/v1", "http://"},
      {"127.0.0.1:8080", "http://"},
      {"file:///etc/passwd", "http://"},
      {"ftp://h/", "http://"},
      {"http:/h", "http://"},
      {"http://", "no host"},
      {"http:///v1", "no host"},
      {"http://:80", "no host"},
      {"http://h:0", "port '0'"},
      {"http://h:99999", "port '99999'"},
      {"http://h:", "port ''"},
      {"http://h:+80", "port '+80'"},
      {"http://h:8x", "port '8x'"},
      {"http://[::1]x", "not a port"},
      {"http://[::1", "brackets"},
      {"http://[127.0.0.1]", "brackets"},
      {"http://[fe80::1%25eth0]", "brackets"},
      {"http://::1/", "no host"},
      {"http://h/a b", "blank"},
      {"http://h/a\r\nX: y", "control character"},
      {std::string("http://h\0x", 10), "control character"},
      {"http://h\\@evil", "backslash"},
      {"http://a%2eb/", "punycode"},
      {"http://b\xC3\xBC"
       "cher.de/",
       "punycode"},
      {"http://.h", "empty part"},
      {"http://h./", "empty part"},
      {"http://a..b", "empty part"},
      {"http://127.1", "four decimal numbers"},
      {"http://2130706433", "four decimal numbers"},
      {"http://0x7f000001", "four decimal numbers"},
      {"http://0177.0.0.1", "four decimal numbers"},
      {"http://1.2.3.4.5", "four decimal numbers"},
      {"http://" + std::string(9000, 'a'), "8 KiB"},
  };
  for (const auto& row : table) {
    const auto url = parse_url(row.text);
    ASSERT_FALSE(url) << row.text;
    EXPECT_EQ(url.error().kind, ErrorKind::usage) << row.text;
    EXPECT_THAT(url.error().message, HasSubstr(row.part)) << row.text;
  }
}

TEST(Url, KeepsUserInfoOutOfTheMessage) {
  for (const char* text : {"https://me:hunter2@h/v1", "https://hunter2@h", "http://h@hunter2:1"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url);
    EXPECT_THAT(url.error().message, HasSubstr("user name"));
    EXPECT_THAT(url.error().message, Not(HasSubstr("hunter2")));
  }
}

TEST(LoopbackName, IsJudgedByNameAlone) {
  for (const char* host : {"localhost",
                           "LocalHost",
                           "api.localhost",
                           "127.0.0.1",
                           "127.9.8.7",
                           "::1",
                           "0:0:0:0:0:0:0:1",
                           "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback_name(host)) << host;
  }
  for (const char* host : {"",
                           "localhost.evil.com",
                           "notlocalhost",
                           ".localhost",
                           "128.0.0.1",
                           "127.0.0.1.nip.io",
                           "127.1",
                           "0.0.0.0",
                           "::",
                           "::2",
                           "10.0.0.1",
                           "[::1]"}) {
    EXPECT_FALSE(is_loopback_name(host)) << host;
  }
}

TEST(PrivateAddress, IsLoopbackRfc1918LinkLocalOrUniqueLocal) {
  for (const char* host : {"127.0.0.1",
                           "::1",
                           "10.1.2.3",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.0.5",
                           "169.254.1.1",
                           "fe80::1",
                           "febf::1",
                           "fc00::1",
                           "fd12:3456::1",
                           "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(is_private_address(host)) << host;
  }
  for (const char* host : {"8.8.8.8",
                           "172.15.0.1",
                           "172.32.0.1",
                           "192.169.0.1",
                           "11.0.0.1",
                           "0.0.0.0",
                           "2001:db8::1",
                           "fec0::1",
                           "::ffff:8.8.8.8",
                           "localhost",
                           "10.0.0.1.example.com",
                           ""}) {
    EXPECT_FALSE(is_private_address(host)) << host;
  }
}

}  // namespace
}  // namespace faceoff::net
