#include "curl_failure.h"

#include <faceoff/base/secret.h>

#include <cerrno>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::net {
namespace {

using testing::HasSubstr;
using testing::Not;

Url url() {
  return parse_url("http://10.0.0.5:8080/v1").value();
}

CurlFailure failure(CURLcode code, std::string_view detail = {}) {
  CurlFailure result;
  result.code = code;
  result.detail = detail;
  return result;
}

TEST(CurlFailure, IsMappedToTheFaultThatItIs) {
  const struct {
    CURLcode code;
    const char* detail;
    bool answered;
    Fault fault;
  } table[] = {
      {CURLE_COULDNT_RESOLVE_HOST, "", false, Fault::dns},
      {CURLE_COULDNT_CONNECT, "Failed to connect to 10.0.0.5 port 8080", false, Fault::refused},
      {CURLE_COULDNT_CONNECT, "Failed to connect to proxy.lan port 3128", false, Fault::proxy},
      {CURLE_COULDNT_RESOLVE_PROXY, "", false, Fault::proxy},
      {CURLE_PROXY, "", false, Fault::proxy},
      {CURLE_OPERATION_TIMEDOUT, "", false, Fault::connect_timeout},
      {CURLE_SSL_CONNECT_ERROR, "", false, Fault::tls},
      {CURLE_PEER_FAILED_VERIFICATION, "", false, Fault::tls},
      {CURLE_SSL_CACERT_BADFILE, "", false, Fault::tls},
      {CURLE_GOT_NOTHING, "", false, Fault::empty_reply},
      {CURLE_RECV_ERROR, "Recv failure: Connection reset by peer", false, Fault::reset},
      {CURLE_RECV_ERROR, "Recv failure: Connection reset by peer", true, Fault::truncated},
      {CURLE_RECV_ERROR,
       "Illegal or missing hexadecimal sequence in chunked-encoding",
       true,
       Fault::bad_chunk},
      {CURLE_RECV_ERROR, "Too large response headers: 307203 > 307200", true, Fault::protocol},
      {CURLE_SEND_ERROR, "Send failure: Broken pipe", false, Fault::reset},
      {CURLE_HTTP2_STREAM, "Stream error in the HTTP/2 framing layer", false, Fault::reset},
      {CURLE_HTTP2_STREAM, "HTTP/2 stream 1 was not closed cleanly", true, Fault::truncated},
      {CURLE_PARTIAL_FILE, "", true, Fault::truncated},
      {CURLE_UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when not allowed", true, Fault::not_http},
      {CURLE_OUT_OF_MEMORY, "", true, Fault::protocol},
      {CURLE_WEIRD_SERVER_REPLY, "Nul byte in header", true, Fault::protocol},
      {CURLE_URL_MALFORMAT, "", false, Fault::bad_url},
      {CURLE_BAD_FUNCTION_ARGUMENT, "", false, Fault::other},
  };
  for (const auto& row : table) {
    CurlFailure given = failure(row.code, row.detail);
    given.answered = row.answered;
    const Failed failed = describe(given, url());
    EXPECT_EQ(to_string(failed.fault), to_string(row.fault)) << row.code << " " << row.detail;
    EXPECT_FALSE(failed.message.empty());
  }
}

TEST(CurlFailure, IsAProxyFaultWhenTheProxyRefusedTheTunnel) {
  CurlFailure given = failure(CURLE_RECV_ERROR, "Received HTTP code 407 from proxy after CONNECT");
  given.connect_status = 407;
  EXPECT_EQ(describe(given, url()).fault, Fault::proxy);
}

TEST(CurlFailure, NamesTheSystemsReasonWhenItIsNotARefusal) {
  CurlFailure given = failure(CURLE_COULDNT_CONNECT, "Failed to connect to 10.0.0.5 port 8080");
  given.system_error = EHOSTUNREACH;
  const Failed failed = describe(given, url());
  EXPECT_EQ(failed.fault, Fault::refused);
  EXPECT_THAT(failed.message, HasSubstr("cannot connect to 10.0.0.5:8080: No route to host"));
}

TEST(CurlFailure, SaysWhatOutOfMemoryReallyMeans) {
  const Failed failed = describe(failure(CURLE_OUT_OF_MEMORY, "Out of memory"), url());
  EXPECT_THAT(failed.message, HasSubstr("header line is longer than 100 kB"));
  EXPECT_THAT(failed.message, Not(HasSubstr("memory")));
}

TEST(CurlFailure, Key01RedactsAndEscapesWhatAServerPutIn) {
  const std::string key = "dummy-key-" + std::to_string(4711) + "-abcdef";
  redactor().add(Secret(key));
  const std::string detail = "odd reply \x1b[31m" + key;
  const Failed failed = describe(failure(CURLE_WEIRD_SERVER_REPLY, detail), url());
  EXPECT_THAT(failed.message, Not(HasSubstr(key)));
  EXPECT_THAT(failed.message, Not(HasSubstr("\x1b")));
  EXPECT_THAT(failed.message, HasSubstr("odd reply"));
}

}  // namespace
}  // namespace faceoff::net
