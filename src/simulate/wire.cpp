#include "wire.h"

#include <faceoff/base/random.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

struct CauseRow {
  Cause cause;
  std::string_view name;
  int status;
  ErrorWords words;
  std::string_view message;
};

// Statuses, types, codes and texts as OpenAI sends them; the first row of a status is its usual
// one.
constexpr std::array kCauses{
    CauseRow{Cause::invalid_request,
             "invalid_request",
             400,
             {"invalid_request_error", ""},
             "The request is invalid."},
    CauseRow{Cause::bad_json,
             "bad_json",
             400,
             {"invalid_request_error", ""},
             "We could not parse the JSON body of your request."},
    CauseRow{Cause::empty_body,
             "empty_body",
             400,
             {"invalid_request_error", ""},
             "you must provide a request body"},
    CauseRow{Cause::authentication,
             "authentication",
             401,
             {"invalid_request_error", "invalid_api_key"},
             "Incorrect API key provided."},
    CauseRow{Cause::missing_key,
             "missing_key",
             401,
             {"invalid_request_error", ""},
             "You didn't provide an API key. You need to provide your API key in an Authorization "
             "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."},
    CauseRow{Cause::unknown_model,
             "unknown_model",
             404,
             {"invalid_request_error", "model_not_found"},
             "The model `{model}` does not exist or you do not have access to it."},
    CauseRow{Cause::context,
             "context",
             400,
             {"invalid_request_error", "context_length_exceeded"},
             "This model's maximum context length is {context} tokens. However, your messages "
             "resulted in {tokens} tokens. Please reduce the length of the messages."},
    CauseRow{Cause::content_filter,
             "content_filter",
             400,
             {"invalid_request_error", "content_filter"},
             "The response was filtered due to the prompt triggering the content policy."},
    CauseRow{Cause::rate_limit,
             "rate_limit",
             429,
             {"requests", "rate_limit_exceeded"},
             "Rate limit reached for {model} in organization org-simulated on requests per min "
             "(RPM). Please slow down."},
    CauseRow{Cause::token_limit,
             "token_limit",
             429,
             {"tokens", "rate_limit_exceeded"},
             "Rate limit reached for {model} in organization org-simulated on tokens per min "
             "(TPM). Please slow down."},
    CauseRow{Cause::quota,
             "quota",
             429,
             {"insufficient_quota", "insufficient_quota"},
             "You exceeded your current quota, please check your plan and billing details."},
    CauseRow{Cause::slow_down,
             "slow_down",
             429,
             {"rate_limit_error", "slow_down"},
             "Your request rate increased too quickly. Please slow down and increase gradually."},
    CauseRow{Cause::server_error,
             "server_error",
             500,
             {"server_error", ""},
             "The server had an error while processing your request. Sorry about that!"},
    CauseRow{Cause::overloaded,
             "overloaded",
             503,
             {"service_unavailable_error", "server_is_overloaded"},
             "The server is currently overloaded with other requests. Sorry about that! You can "
             "retry your request."},
    CauseRow{Cause::loading, "loading", 503, {"unavailable_error", ""}, "Loading model"},
    CauseRow{Cause::not_found,
             "not_found",
             404,
             {"invalid_request_error", "unknown_url"},
             "Invalid URL"},
    CauseRow{Cause::echo_key,
             "echo_key",
             401,
             {"invalid_request_error", "invalid_api_key"},
             "Incorrect API key provided."},
};

const CauseRow& row_of(Cause cause) noexcept {
  return *std::ranges::find(kCauses, cause, &CauseRow::cause);
}

}  // namespace

std::string_view to_string(Cause cause) noexcept {
  return row_of(cause).name;
}

std::optional<Cause> parse_cause(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kCauses, name, &CauseRow::name);
  if (found == kCauses.end()) {
    return std::nullopt;
  }
  return found->cause;
}

std::vector<std::string_view> cause_names() {
  std::vector<std::string_view> names;
  names.reserve(kCauses.size());
  for (const CauseRow& row : kCauses) {
    names.push_back(row.name);
  }
  return names;
}

int usual_status(Cause cause) noexcept {
  return row_of(cause).status;
}

Cause usual_cause(int status) noexcept {
  const auto* const found = std::ranges::find(kCauses, status, &CauseRow::status);
  if (found != kCauses.end()) {
    return found->cause;
  }
  return status < 500 ? Cause::invalid_request : Cause::server_error;
}

std::string usual_message(const ErrorFacts& facts) {
  return fmt::format(fmt::runtime(row_of(facts.cause).message),
                     fmt::arg("model", facts.model),
                     fmt::arg("context", facts.context),
                     fmt::arg("tokens", facts.prompt_tokens));
}

ErrorWords openai_words(Cause cause) noexcept {
  return row_of(cause).words;
}

std::string hex_id(std::uint64_t serial) {
  Random random(serial);
  const std::uint64_t high = random.next();
  return fmt::format("{:016x}{:016x}", high, random.next());
}

std::int64_t unix_seconds(UtcTime utc) noexcept {
  return std::chrono::duration_cast<std::chrono::seconds>(utc.time_since_epoch()).count();
}

std::string_view openai_finish(chat::Finish finish) noexcept {
  switch (finish) {
    case chat::Finish::length:
      return "length";
    case chat::Finish::tool_calls:
      return "tool_calls";
    case chat::Finish::content_filter:
      return "content_filter";
    case chat::Finish::none:
    case chat::Finish::stop:
    case chat::Finish::other:
      break;
  }
  return "stop";
}

}  // namespace faceoff::simulate
