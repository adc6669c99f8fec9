#include "net/raw_server.h"
#include "net/tls_server.h"
#include "program.h"

#include <faceoff/base/files.h>

#include <csignal>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::cli {
namespace {

using net::Identity;
using net::make_identity;
using net::PemFile;
using net::RawServer;
using test::Program;
using test::StandIn;
using testing::HasSubstr;
using testing::Not;

constexpr long kHour = 3600;

class Peers : public testing::Test {
 protected:
  Peers() { program_.write("s.yaml", test::kSuite); }
  // OpenSSL writes without MSG_NOSIGNAL.
  void SetUp() override { old_ = std::signal(SIGPIPE, SIG_IGN); }
  void TearDown() override { std::signal(SIGPIPE, old_); }

  [[nodiscard]] faceoff::test::Finished ask(const std::string& url) const {
    return program_.run({"run", "s.yaml", "-b", "x=openai-compatible:m@" + url, "-o", "r"});
  }
  // The run ends before a prompt is sent: exit 4 with the reason, and no folder.
  void expect_refusal(const faceoff::test::Finished& done, const std::string& reason) const {
    EXPECT_EQ(done.exit, 4) << done.err;
    EXPECT_THAT(done.err, HasSubstr(reason));
    EXPECT_FALSE(std::filesystem::exists(program_.folder() / "r"));
  }

  Program program_;

 private:
  void (*old_)(int) = SIG_DFL;
};

// A run against a TLS server: the reason in words, and no storm of attempts.
class TlsPeers : public Peers {
 protected:
  void expect_refused(const Identity& identity,
                      bool trusted,
                      const std::string& reason,
                      int newest = 0) {
    const PemFile file(identity);
    if (trusted) {
      program_.set("SSL_CERT_FILE", file.path());
    }
    const RawServer server(net::tls_script(identity, net::http_ok("{}"), newest));
    expect_refusal(ask("https://127.0.0.1:" + std::to_string(server.port()) + "/v1"), reason);
    EXPECT_LE(server.connections(), 2U);
  }
};

TEST_F(TlsPeers, TLS_01_SelfSigned) {
  expect_refused(make_identity("IP:127.0.0.1", kHour), false, "self-signed certificate");
}

TEST_F(TlsPeers, TLS_01_Expired) {
  expect_refused(make_identity("IP:127.0.0.1", -kHour), true, "certificate has expired");
}

TEST_F(TlsPeers, TLS_01_WrongHost) {
  expect_refused(make_identity("DNS:other.invalid", kHour), true, "127.0.0.1");
}

TEST_F(TlsPeers, TLS_01_OldProtocol) {
  expect_refused(make_identity("IP:127.0.0.1", kHour), true, "TLS handshake", TLS1_VERSION);
}

TEST_F(Peers, TLS_02_HttpsToAPlainPortSaysSo) {
  const StandIn server(program_, "answers: s.yaml\n");
  expect_refusal(ask("https" + server.url().substr(4) + "/v1"), "does not speak TLS there");
}

TEST_F(Peers, TLS_02_HttpToATlsPortSaysSo) {
  const RawServer server(net::tls_script(make_identity("IP:127.0.0.1", kHour), net::http_ok("{}")));
  const auto done = ask(server.url("/v1"));
  expect_refusal(done, "https://");
}

TEST_F(Peers, KEY_03_ARedirectIsNamedAndNotFollowed) {
  const RawServer second(net::always(net::http_ok("stolen")));
  const StandIn server(program_,
                       "answers: s.yaml\nfaults:\n  - {kind: redirect, location: '" +
                           second.url("/v1/chat") + "'}\n");
  program_.set("OPENAI_API_KEY", "sentinel-key-value");
  program_.set("OPENAI_BASE_URL", server.url() + "/v1");
  const auto done = program_.run({"run", "s.yaml", "-b", "x=openai:m", "-o", "r"});
  EXPECT_EQ(done.exit, 4);
  EXPECT_THAT(done.err, HasSubstr(second.url("/v1/chat")));
  EXPECT_THAT(done.err, HasSubstr("redirect"));
  EXPECT_EQ(second.connections(), 0U);
}

// --- Proxies -------------------------------------------------------------------------------------

constexpr std::string_view kModels = R"({"data":[{"id":"m"}]})";
constexpr std::string_view kAnswer =
    R"({"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant",)"
    R"("content":"2"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}})";

std::string json_answer(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// A proxy that opens a tunnel to a server of this identity, which it is itself.
RawServer::Script tunnel(const Identity& identity) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  return [context](RawServer::Peer& peer) {
    if (!peer.read_request()) {
      return;
    }
    peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
    const net::SslPtr ssl(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), peer.fd());
    char block[16384];
    const int size = SSL_accept(ssl.get()) == 1 ? SSL_read(ssl.get(), block, sizeof block) : 0;
    if (size > 0) {
      const std::string_view request(block, static_cast<std::size_t>(size));
      const auto answer = json_answer(request.starts_with("GET") ? kModels : kAnswer);
      SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
      SSL_shutdown(ssl.get());
    }
  };
}

TEST_F(Peers, PRX_01_NothingOfThisMachineGoesThroughTheProxy) {
  const RawServer proxy(net::always(net::http_ok("from the proxy")));
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"}) {
    program_.set(name, proxy.url());
  }
  const StandIn server(program_, "answers: s.yaml\n");
  const auto done = ask(server.url() + "/v1");
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.err, Not(HasSubstr("proxy")));
  EXPECT_EQ(proxy.connections(), 0U);
}

TEST_F(Peers, PRX_02_ARemoteBackendIsReachedByConnectAndTheHeaderShowsTheProxy) {
  const Identity identity = make_identity("DNS:remote.invalid", kHour);
  const PemFile file(identity);
  const RawServer proxy(tunnel(identity));
  program_.set("SSL_CERT_FILE", file.path());
  program_.set("https_proxy", "http://me:pass-word@127.0.0.1:" + std::to_string(proxy.port()));
  const auto done = ask("https://remote.invalid/v1");
  EXPECT_EQ(done.exit, 0) << done.err << done.out;
  EXPECT_THAT(done.err,
              HasSubstr("(leaves this machine through the proxy http://127.0.0.1:" +
                        std::to_string(proxy.port())));
  EXPECT_THAT(done.err + done.out, Not(HasSubstr("pass-word")));
  for (const auto& request : proxy.requests()) {
    EXPECT_THAT(request, testing::StartsWith("CONNECT remote.invalid:443 HTTP/1.1"));
  }
  EXPECT_GE(proxy.requests().size(), 2U);
}

TEST_F(Peers, PRX_02_AProxyThatRefusesIsNamedAsSuch) {
  for (const char* status : {"407 Proxy Authentication Required", "502 Bad Gateway"}) {
    const RawServer proxy(net::always("HTTP/1.1 " + std::string(status) +
                                      "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    program_.set("https_proxy", proxy.url());
    const auto done = program_.run({"run",
                                    "s.yaml",
                                    "-b",
                                    "x=openai-compatible:m@https://remote.invalid/v1",
                                    "-o",
                                    "r",
                                    "--max-retries",
                                    "0",
                                    "--start-timeout",
                                    "1s"});
    expect_refusal(done, "through the proxy");
    EXPECT_THAT(done.err, HasSubstr(std::string(status).substr(0, 3)));
  }
}

TEST_F(Peers, PRX_03_TheLogOfTlsSecretsIsWarnedOfOnce) {
  program_.set("SSLKEYLOGFILE", "tls.log");
  program_.write("t.yaml", "suite: t\ncases: [{prompt: hi, target: x, score: exact}]\n");
  program_.write("good.yaml", "answers: s.yaml\n");
  const auto done = program_.run({"run", "s.yaml", "t.yaml", "-b", "a=simulate:good.yaml"});
  EXPECT_EQ(done.exit, 0) << done.err;
  const auto first = done.err.find("SSLKEYLOGFILE is set");
  ASSERT_NE(first, std::string::npos) << done.err;
  EXPECT_EQ(done.err.find("SSLKEYLOGFILE is set", first + 1), std::string::npos);
  EXPECT_THAT(program_.run({"doctor"}).out, HasSubstr("SSLKEYLOGFILE is set"));
}

// --- What may leave this machine -----------------------------------------------------------------

TEST_F(Peers, RES_01_LocalOnlySendsNothingToAnyOtherName) {
  const RawServer proxy(net::always(net::http_ok("from the proxy")));
  for (const char* name : {"http_proxy", "https_proxy", "ALL_PROXY"}) {
    program_.set(name, proxy.url());
  }
  // By name, so that not even a look-up is made; a name may resolve to any address.
  for (const char* url : {"http://dns-name.invalid:8080/v1",
                          "http://host.docker.internal:8080/v1",
                          "http://192.0.2.1/v1",
                          "http://0.0.0.0:8080/v1",
                          "http://localhost.example/v1"}) {
    const auto done = program_.run({"run",
                                    "s.yaml",
                                    "-b",
                                    std::string("x=openai-compatible:m@") + url,
                                    "--local-only",
                                    "-o",
                                    "r"});
    EXPECT_EQ(done.exit, 2) << url << done.err;
    EXPECT_THAT(done.err, HasSubstr("--local-only refuses it"));
    EXPECT_FALSE(std::filesystem::exists(program_.folder() / "r"));
  }
  EXPECT_EQ(proxy.connections(), 0U);
}

TEST_F(Peers, RES_01_LocalOnlyRunsOnThisMachineWhateverTheProxies) {
  const RawServer proxy(net::always(net::http_ok("from the proxy")));
  program_.set("http_proxy", proxy.url());
  program_.set("ALL_PROXY", proxy.url());
  const StandIn server(program_, "answers: s.yaml\n");
  const auto done = program_.run({"run",
                                  "s.yaml",
                                  "-b",
                                  "x=openai-compatible:m@" + server.url() + "/v1",
                                  "--local-only",
                                  "-o",
                                  "r"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(proxy.connections(), 0U);
}

// The calls that made a socket or spoke over one to the network, one a line.
class Trace {
 public:
  Trace(const Program& program, std::vector<std::string> words) {
    const auto file = program.folder() / "trace.txt";
    words.insert(words.begin(),
                 {"/usr/bin/strace",
                  "-f",
                  "-qq",
                  "-e",
                  "trace=socket,connect,sendto,sendmsg",
                  "-o",
                  file.string(),
                  FACEOFF_PROGRAM});
    faceoff::test::Process process(
        words,
        {.environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", program.folder().string()}},
         .folder = program.folder()});
    done_ = process.wait();
    lines_ = read_file(file).value_or("no trace");
  }
  [[nodiscard]] const faceoff::test::Finished& done() const { return done_; }
  [[nodiscard]] const std::string& lines() const { return lines_; }

 private:
  faceoff::test::Finished done_;
  std::string lines_;
};

TEST_F(Peers, RES_02_CommandsThatNeedNoNetworkOpenNoSocket) {
  program_.write("good.yaml", "answers: s.yaml\n");
  ASSERT_EQ(program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "-o", "r1"}).exit, 0);
  ASSERT_EQ(program_.run({"run", "s.yaml", "-b", "a=simulate:good.yaml", "-o", "r2"}).exit, 0);
  const std::vector<std::vector<std::string>> commands{
      {"check", "s.yaml"},
      {"report", "r1"},
      {"report", "r1", "--format", "json"},
      {"compare", "r1", "r2"},
      {"list", "runs"},
      {"list", "prices"},
      {"doctor", "--show-config"},
      {"run", "s.yaml", "-n", "-b", "x=openai-compatible:m@https://remote.invalid/v1"},
      {"run", "s.yaml", "-n", "-b", "a=simulate:good.yaml"}};
  for (const auto& words : commands) {
    const Trace trace(program_, words);
    EXPECT_EQ(trace.done().exit, 0) << words.front() << trace.done().err;
    EXPECT_EQ(trace.lines(), "") << words.front();
  }
}

TEST_F(Peers, RES_02_ARunSpeaksToTheNamedPeersOnly) {
  const StandIn server(program_, "answers: s.yaml\n");
  const Trace trace(
      program_,
      {"run", "s.yaml", "-b", "x=openai-compatible:m@" + server.url() + "/v1", "-o", "r"});
  ASSERT_EQ(trace.done().exit, 0) << trace.done().err;
  const std::string port = server.url().substr(server.url().rfind(':') + 1);
  std::size_t connects = 0;
  std::size_t begin = 0;
  while (begin < trace.lines().size()) {
    const auto end = trace.lines().find('\n', begin);
    const std::string line = trace.lines().substr(begin, end - begin);
    begin = end == std::string::npos ? trace.lines().size() : end + 1;
    if (line.find("connect(") == std::string::npos) {
      continue;
    }
    ++connects;
    EXPECT_THAT(line, HasSubstr("sin_port=htons(" + port + "), sin_addr=inet_addr(\"127.0.0.1\")"));
  }
  EXPECT_GE(connects, 1U);
  EXPECT_THAT(trace.lines(), Not(HasSubstr("AF_INET6, sin6")));
}

}  // namespace
}  // namespace faceoff::cli
