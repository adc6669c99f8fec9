#include "error_body.h"
#include "failure_rules.h"
#include "retry_after.h"

#include <faceoff/backend/failure.h>
#include <faceoff/base/names.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

constexpr Names kNames{std::array{Named{FailureKind::dns, "dns"},
                                  Named{FailureKind::refused, "refused"},
                                  Named{FailureKind::connect_timeout, "connect_timeout"},
                                  Named{FailureKind::tls, "tls"},
                                  Named{FailureKind::reset, "reset"},
                                  Named{FailureKind::empty_reply, "empty_reply"},
                                  Named{FailureKind::protocol, "protocol"},
                                  Named{FailureKind::not_http, "not_http"},
                                  Named{FailureKind::too_large, "too_large"},
                                  Named{FailureKind::proxy, "proxy"},
                                  Named{FailureKind::address_not_allowed, "address_not_allowed"},
                                  Named{FailureKind::redirect, "redirect"},
                                  Named{FailureKind::bad_request, "bad_request"},
                                  Named{FailureKind::context_length, "context_length"},
                                  Named{FailureKind::content_filter, "content_filter"},
                                  Named{FailureKind::auth, "auth"},
                                  Named{FailureKind::forbidden, "forbidden"},
                                  Named{FailureKind::not_found, "not_found"},
                                  Named{FailureKind::rate_limited, "rate_limited"},
                                  Named{FailureKind::quota, "quota"},
                                  Named{FailureKind::loading, "loading"},
                                  Named{FailureKind::overloaded, "overloaded"},
                                  Named{FailureKind::server_error, "server_error"},
                                  Named{FailureKind::not_supported, "not_supported"},
                                  Named{FailureKind::bad_content_type, "bad_content_type"},
                                  Named{FailureKind::stream_error, "stream_error"},
                                  Named{FailureKind::truncated, "truncated"},
                                  Named{FailureKind::first_token_timeout, "first_token_timeout"},
                                  Named{FailureKind::idle_timeout, "idle_timeout"},
                                  Named{FailureKind::total_timeout, "total_timeout"},
                                  Named{FailureKind::cancelled, "cancelled"},
                                  Named{FailureKind::not_recorded, "not_recorded"}}};

struct FaultRow {
  net::Fault fault;
  FailureKind kind;
  Retry retry;
  std::optional<std::int64_t> most_retries = std::nullopt;
};
constexpr std::array kFaults{
    FaultRow{net::Fault::dns, FailureKind::dns, Retry::yes, 2},
    FaultRow{net::Fault::refused, FailureKind::refused, Retry::yes},
    FaultRow{net::Fault::connect_timeout, FailureKind::connect_timeout, Retry::yes},
    FaultRow{net::Fault::tls, FailureKind::tls, Retry::no},
    FaultRow{net::Fault::reset, FailureKind::reset, Retry::yes},
    FaultRow{net::Fault::empty_reply, FailureKind::empty_reply, Retry::yes},
    FaultRow{net::Fault::truncated, FailureKind::truncated, Retry::yes},
    FaultRow{net::Fault::protocol, FailureKind::protocol, Retry::no},
    // A server that writes HTTP at all wrote this once by accident, or always.
    FaultRow{net::Fault::bad_chunk, FailureKind::protocol, Retry::yes, 1},
    FaultRow{net::Fault::not_http, FailureKind::not_http, Retry::no},
    FaultRow{net::Fault::too_large, FailureKind::too_large, Retry::no},
    FaultRow{
        net::Fault::address_not_allowed, FailureKind::address_not_allowed, Retry::stop_backend},
    FaultRow{net::Fault::proxy, FailureKind::proxy, Retry::no},
    FaultRow{net::Fault::bad_url, FailureKind::protocol, Retry::stop_backend},
    FaultRow{net::Fault::cancelled, FailureKind::cancelled, Retry::no},
    FaultRow{net::Fault::other, FailureKind::protocol, Retry::yes}};

// The server's wish counts more than the status, but not more than what no repetition can change.
Retry apply_override(Retry retry, const net::HeaderList& headers) {
  const auto wish = net::find_header(headers, "x-should-retry");
  if (!wish || retry == Retry::stop_backend || retry == Retry::when_ready) {
    return retry;
  }
  if (iequals_ascii(*wish, "true")) {
    return Retry::yes;
  }
  return iequals_ascii(*wish, "false") ? Retry::no : retry;
}

std::string request_id(const net::HeaderList& headers) {
  for (const std::string_view name : {"x-request-id", "request-id", "apim-request-id"}) {
    if (const auto id = net::find_header(headers, name); id && !id->empty() && id->size() <= 64) {
      return fmt::format(" (request {})", *id);
    }
  }
  return {};
}

// "Unsupported parameter: 'max_tokens' is not supported ...": the word behind the marker.
std::string named_parameter(std::string_view message) {
  const std::string lower = ascii_lower(message);
  for (const std::string_view marker : {"unsupported parameter",
                                        "unsupported value",
                                        "unknown parameter",
                                        "unrecognized request argument supplied",
                                        "does not support"}) {
    const std::size_t at = lower.find(marker);
    if (at == std::string::npos) {
      continue;
    }
    static constexpr std::string_view kAround = " :'`\"";
    const std::size_t begin = lower.find_first_not_of(kAround, at + marker.size());
    if (begin != std::string::npos) {
      const std::size_t end = lower.find_first_of(" :'`\",;", begin);
      return lower.substr(begin, end == std::string::npos ? end : end - begin);
    }
  }
  return {};
}

std::string refused_parameter(const ErrorBody& body) {
  const bool by_code = body.code == "unsupported_parameter" || body.code == "unsupported_value" ||
                       body.code == "unknown_parameter";
  return by_code && !body.parameter.empty() ? body.parameter : named_parameter(body.message);
}

Failure redirected(int status, const net::HeaderList& headers) {
  Failure failure;
  failure.kind = FailureKind::redirect;
  failure.retry = Retry::stop_backend;
  failure.http_status = status;
  failure.message = compose_message(fmt::format("the server redirects ({}) to", status),
                                    net::find_header(headers, "location").value_or("nowhere"),
                                    "redirects are not followed: set base_url to the new address");
  return failure;
}

}  // namespace

std::string_view to_string(FailureKind kind) noexcept {
  return kNames.of(kind);
}

std::optional<FailureKind> parse_failure_kind(std::string_view text) noexcept {
  return kNames.parse(text);
}

Failure from_fault(const net::Failed& failed) {
  const auto* row = std::ranges::find(kFaults, failed.fault, &FaultRow::fault);
  Failure failure;
  failure.kind = row->kind;
  failure.retry = row->retry;
  failure.most_retries = row->most_retries;
  failure.message = compose_message(failed.message, "", "");
  return failure;
}

Failure classify_http(int status,
                      const net::HeaderList& headers,
                      std::string_view body,
                      UtcTime now) {
  if (status >= 300 && status < 400) {
    return redirected(status, headers);
  }
  const ErrorBody error = read_error_body(body);
  const Verdict verdict = judge_http(status, error);
  Failure failure;
  failure.kind = verdict.kind;
  failure.retry = apply_override(verdict.retry, headers);
  failure.http_status = status;
  if (failure.retry == Retry::yes) {
    failure.retry_after = parse_retry_after(headers, now);
    if (!failure.retry_after) {
      failure.retry_after = retry_hint(error.message);
    }
  }
  if (failure.kind == FailureKind::bad_request) {
    failure.parameter = refused_parameter(error);
  }
  const std::string code = error.code.empty() || error.code == std::to_string(status)
                               ? std::string()
                               : " " + error.code.substr(0, 64);
  failure.message =
      compose_message(fmt::format("the server answered {}{}{}", status, code, request_id(headers)),
                      error.message,
                      verdict.remedy);
  return failure;
}

Failure classify_stream_error(std::string_view error_json) {
  const ErrorBody error = read_error_body(error_json);
  const Verdict verdict = judge_stream(error);
  Failure failure;
  failure.kind = verdict.kind;
  failure.retry = verdict.retry;
  if (failure.retry == Retry::yes) {
    failure.retry_after = retry_hint(error.message);
  }
  failure.message = compose_message("the server broke off the answer with an error",
                                    error.message.empty() ? error_json : error.message,
                                    verdict.remedy);
  return failure;
}

}  // namespace faceoff::backend
