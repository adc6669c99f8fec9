#include "curl_failure.h"

#include "curl_library.h"

#include <faceoff/base/files.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

namespace faceoff::net {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_tls(CURLcode code) {
  static constexpr std::array kCodes{CURLE_SSL_CONNECT_ERROR,
                                     CURLE_SSL_ENGINE_NOTFOUND,
                                     CURLE_SSL_ENGINE_SETFAILED,
                                     CURLE_SSL_CERTPROBLEM,
                                     CURLE_SSL_CIPHER,
                                     CURLE_PEER_FAILED_VERIFICATION,
                                     CURLE_SSL_ENGINE_INITFAILED,
                                     CURLE_SSL_CACERT_BADFILE,
                                     CURLE_SSL_SHUTDOWN_FAILED,
                                     CURLE_SSL_CRL_BADFILE,
                                     CURLE_SSL_ISSUER_ERROR,
                                     CURLE_SSL_PINNEDPUBKEYNOTMATCH,
                                     CURLE_SSL_INVALIDCERTSTATUS,
                                     CURLE_SSL_CLIENTCERT,
                                     CURLE_USE_SSL_FAILED};
  return std::ranges::find(kCodes, code) != kCodes.end();
}

// libcurl says "Failed to connect to HOST port N": HOST is the proxy's when one is in the way.
bool failed_at_proxy(const CurlFailure& failure, const Url& url) {
  constexpr std::string_view kLead = "Failed to connect to ";
  if (failure.code == CURLE_COULDNT_RESOLVE_PROXY || failure.code == CURLE_PROXY ||
      failure.connect_status >= 300) {
    return true;
  }
  if (failure.code != CURLE_COULDNT_CONNECT || !failure.detail.starts_with(kLead)) {
    return false;
  }
  const std::string_view rest = failure.detail.substr(kLead.size());
  return !iequals_ascii(rest.substr(0, rest.find(' ')), url.host);
}

Fault broken_connection(const CurlFailure& failure) {
  // Chunk framing and header size errors share CURLE_RECV_ERROR with a connection that broke.
  if (has(failure.detail, "chunked-encoding")) {
    return Fault::bad_chunk;
  }
  if (has(failure.detail, "Too large response headers")) {
    return Fault::protocol;
  }
  return failure.answered ? Fault::truncated : Fault::reset;
}

Fault connect_fault(const CurlFailure& failure) {
  const bool ours = failure.system_error == EMFILE || failure.system_error == ENFILE ||
                    failure.system_error == ENOBUFS || failure.system_error == ENOMEM;
  return ours ? Fault::other : Fault::refused;
}

Fault classify(const CurlFailure& failure, const Url& url) {
  if (failure.own) {
    return *failure.own;
  }
  if (failed_at_proxy(failure, url)) {
    return Fault::proxy;
  }
  if (is_tls(failure.code)) {
    return Fault::tls;
  }
  switch (failure.code) {
    case CURLE_URL_MALFORMAT:
      return Fault::bad_url;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Fault::dns;
    case CURLE_COULDNT_CONNECT:
      return connect_fault(failure);
    case CURLE_OPERATION_TIMEDOUT:
      return Fault::connect_timeout;
    case CURLE_GOT_NOTHING:
      return Fault::empty_reply;
    case CURLE_PARTIAL_FILE:
      return Fault::truncated;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return broken_connection(failure);
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Fault::not_http;
    case CURLE_OUT_OF_MEMORY:  // a header line of more than 100 kB
    case CURLE_WEIRD_SERVER_REPLY:
      return Fault::protocol;
    default:
      return Fault::other;
  }
}

std::string describe_connect(const CurlFailure& failure, const std::string& peer) {
  if (failure.system_error == 0 || failure.system_error == ECONNREFUSED) {
    return fmt::format("nothing listens on {}; start the server or correct base_url", peer);
  }
  return fmt::format("cannot connect to {}: {}; correct base_url or the network",
                     peer,
                     errno_text(failure.system_error));
}

std::string describe_tls(const CurlFailure& failure, const std::string& peer) {
  if (has(failure.detail, "wrong version number") ||
      has(failure.detail, "packet length too long")) {
    return fmt::format(
        "TLS handshake with {}: the server does not speak TLS there; write http:// in base_url or "
        "correct the port",
        peer);
  }
  return fmt::format(
      "TLS handshake with {}: {}; correct the host in base_url or name the certificate authority "
      "in SSL_CERT_FILE",
      peer,
      failure.detail);
}

std::string describe_protocol(const CurlFailure& failure, const std::string& peer) {
  std::string_view what = failure.detail;
  if (!failure.own_detail.empty()) {
    what = failure.own_detail;
  } else if (failure.code == CURLE_OUT_OF_MEMORY) {
    what = "a header line is longer than 100 kB";
  }
  return fmt::format(
      "reading the answer of {}: it breaks HTTP ({}); see the server's log", peer, what);
}

std::string describe_other(const CurlFailure& failure, const std::string& peer) {
  if (!failure.own_detail.empty()) {
    return failure.own_detail;
  }
  if (failure.system_error == EMFILE || failure.system_error == ENFILE) {
    return fmt::format(
        "connecting to {}: no file descriptor is left; lower the concurrency or raise ulimit -n",
        peer);
  }
  return fmt::format("exchange with {}: {} (libcurl error {})",
                     peer,
                     failure.detail,
                     static_cast<int>(failure.code));
}

// A TLS server hangs up on plain HTTP, some with an alert and some without a word.
std::string_view remedy_for_silence(const Url& url) {
  return url.scheme == "https"
             ? "see the server's log"
             : "see the server's log, or write https:// in base_url if it expects TLS";
}

std::string message_for(Fault fault, const CurlFailure& failure, const Url& url) {
  const std::string peer = url.host_and_port();
  switch (fault) {
    case Fault::dns:
      return fmt::format("cannot resolve host '{}'; correct base_url or the network", url.host);
    case Fault::refused:
      return describe_connect(failure, peer);
    case Fault::connect_timeout:
      return fmt::format(
          "connecting to {} took longer than {} ms; correct base_url or raise the connect timeout",
          peer,
          std::chrono::floor<std::chrono::milliseconds>(failure.connect_timeout).count());
    case Fault::tls:
      return describe_tls(failure, peer);
    case Fault::reset:
      return fmt::format(
          "waiting for the answer of {}: the connection broke before the first byte ({}); {}",
          peer,
          failure.detail,
          remedy_for_silence(url));
    case Fault::empty_reply:
      return fmt::format(
          "waiting for the answer of {}: the server closed the connection without one; {}",
          peer,
          remedy_for_silence(url));
    case Fault::truncated:
      return fmt::format(
          "reading the answer of {}: it was cut after {} bytes; see the server's log",
          peer,
          failure.body_bytes);
    case Fault::protocol:
    case Fault::bad_chunk:
      return describe_protocol(failure, peer);
    case Fault::not_http:
      return fmt::format(
          "reading the answer of {}: the server does not speak HTTP there; correct the port, or "
          "write https:// in base_url",
          peer);
    case Fault::too_large:
      return fmt::format("reading the answer of {}: it is larger than {} bytes; lower max_tokens",
                         peer,
                         failure.max_body_bytes);
    case Fault::address_not_allowed:
      return fmt::format(
          "connecting to {}: {} is not this machine, and the data may not leave it; nothing was "
          "sent; correct base_url",
          peer,
          failure.own_detail);
    case Fault::proxy:
      return fmt::format(
          "connecting to {} through the proxy: {}; correct the proxy variables of the environment "
          "or add the host to no_proxy",
          peer,
          failure.detail);
    case Fault::bad_url:
      return fmt::format("{}; correct base_url",
                         failure.own_detail.empty() ? failure.detail : failure.own_detail);
    case Fault::cancelled:
    case Fault::other:
      break;
  }
  return describe_other(failure, peer);
}

}  // namespace

Failed describe(const CurlFailure& failure, const Url& url) {
  CurlFailure known = failure;
  if (known.detail.empty()) {
    known.detail = curl().easy_strerror(failure.code);
  }
  const Fault fault = classify(known, url);
  return {fault, display_text(redactor().redact(message_for(fault, known, url)))};
}

}  // namespace faceoff::net
