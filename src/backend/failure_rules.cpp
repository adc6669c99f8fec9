#include "failure_rules.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace faceoff::backend {
namespace {

constexpr Verdict kQuota{FailureKind::quota,
                         Retry::stop_backend,
                         "waiting does not help: check the account's credit and limits"};
constexpr Verdict kContext{FailureKind::context_length,
                           Retry::no,
                           "shorten the prompt, lower max_tokens or raise the server's context"};
constexpr Verdict kFiltered{
    FailureKind::content_filter, Retry::no, "the provider's filter blocked the prompt"};
constexpr Verdict kLoading{FailureKind::loading, Retry::when_ready, "wait until it has loaded"};
constexpr Verdict kAuth{FailureKind::auth,
                        Retry::stop_backend,
                        "check the key; `faceoff doctor` shows which one is used"};
constexpr Verdict kForbidden{
    FailureKind::forbidden, Retry::stop_backend, "check what the account and project may use"};
constexpr Verdict kNoModel{FailureKind::not_found,
                           Retry::stop_backend,
                           "check the model name; `faceoff doctor` lists what the server has"};
constexpr Verdict kNoPath{
    FailureKind::not_found, Retry::stop_backend, "check base_url and the adapter"};
constexpr Verdict kLimited{FailureKind::rate_limited, Retry::yes, "lower concurrency or rate"};
constexpr Verdict kOverloaded{
    FailureKind::overloaded, Retry::yes, "try later or lower concurrency"};
constexpr Verdict kServer{FailureKind::server_error, Retry::yes, ""};
constexpr Verdict kBadRequest{FailureKind::bad_request, Retry::no, ""};
constexpr Verdict kNotSupported{
    FailureKind::not_supported, Retry::no, "the server was started without this ability"};
constexpr Verdict kModelBroken{
    FailureKind::server_error, Retry::stop_backend, "see the server's log"};
constexpr Verdict kBroken{FailureKind::stream_error, Retry::yes, ""};

enum class Field : std::uint8_t { code, type, inner, message };

// Matches when the field holds `text`: whole for `equals`, anywhere (ASCII case ignored) else.
enum class How : std::uint8_t { equals, contains };
struct Rule {
  Field field;
  How how;
  std::string_view text;
  Verdict verdict;
};

// Both type and code are looked at: servers disagree on where they put the word. Rules on messages
// stand last, because the wording changes.
constexpr std::array kBodyRules{
    Rule{Field::type, How::equals, "insufficient_quota", kQuota},
    Rule{Field::code, How::equals, "insufficient_quota", kQuota},
    Rule{Field::code, How::contains, "credit_balance", kQuota},
    Rule{Field::code, How::contains, "billing", kQuota},
    Rule{Field::code, How::contains, "spend_limit", kQuota},
    Rule{Field::code, How::contains, "usage_limit", kQuota},
    Rule{Field::type, How::equals, "billing_error", kQuota},
    Rule{Field::inner, How::contains, "spend_limit", kQuota},
    Rule{Field::code, How::equals, "context_length_exceeded", kContext},
    Rule{Field::type, How::equals, "exceed_context_size_error", kContext},
    Rule{Field::code, How::equals, "content_filter", kFiltered},
    Rule{Field::code, How::equals, "content_policy_violation", kFiltered},
    Rule{Field::inner, How::equals, "ResponsibleAIPolicyViolation", kFiltered},
    Rule{Field::message, How::contains, "maximum context length", kContext},
    Rule{Field::message, How::contains, "exceeds the available context", kContext},
    Rule{Field::message, How::contains, "exceeds the context", kContext},
    Rule{Field::message, How::contains, "exceeds maximum context", kContext},
    Rule{Field::message, How::contains, "exceeds the model's context", kContext},
    Rule{Field::message, How::contains, "exceeded max context length", kContext},
    Rule{Field::message, How::contains, "prompt too long", kContext},
    Rule{Field::message, How::contains, "prompt is too long", kContext}};

struct StatusRow {
  int from;
  int to;
  Verdict verdict;
};
constexpr std::array kStatusRows{
    StatusRow{401, 401, kAuth},
    StatusRow{402, 402, kQuota},
    StatusRow{403, 403, kForbidden},
    StatusRow{404, 405, kNoPath},
    StatusRow{407, 407, {FailureKind::proxy, Retry::stop_backend, "the proxy wants a login"}},
    StatusRow{408, 409, kServer},
    StatusRow{410, 410, kNoModel},
    StatusRow{413, 413, {FailureKind::bad_request, Retry::no, "the request is too large"}},
    StatusRow{425, 425, kServer},
    StatusRow{429, 429, kLimited},
    StatusRow{499, 499, kServer},
    StatusRow{400, 499, kBadRequest},
    StatusRow{501, 501, kNotSupported},
    StatusRow{503, 503, kOverloaded},
    StatusRow{529, 529, kOverloaded},
    StatusRow{500, 599, kServer}};

// Words that name the kind of an error inside a stream, where no status does.
constexpr std::array kStreamRules{
    Rule{Field::code, How::equals, "rate_limit_exceeded", kLimited},
    Rule{Field::type, How::equals, "rate_limit_error", kLimited},
    Rule{Field::code, How::equals, "slow_down", kLimited},
    Rule{Field::type, How::equals, "overloaded_error", kOverloaded},
    Rule{Field::type, How::equals, "unavailable_error", kOverloaded},
    Rule{Field::code, How::equals, "server_is_overloaded", kOverloaded},
    Rule{Field::code, How::equals, "invalid_api_key", kAuth},
    Rule{Field::type, How::equals, "authentication_error", kAuth},
    Rule{Field::code, How::equals, "model_not_found", kNoModel},
    Rule{Field::type, How::equals, "not_found_error", kNoModel},
    Rule{Field::type, How::equals, "invalid_request_error", kBadRequest},
    Rule{Field::type, How::equals, "BadRequestError", kBadRequest}};

const std::string& field_of(const ErrorBody& error, Field field) {
  switch (field) {
    case Field::code:
      return error.code;
    case Field::type:
      return error.type;
    case Field::inner:
      return error.inner;
    case Field::message:
      return error.message;
  }
  return error.message;
}

bool contains_word(std::string_view text, std::string_view word) {
  return ascii_lower(text).find(word) != std::string::npos;
}

bool matches(const Rule& rule, const ErrorBody& error) {
  const std::string& value = field_of(error, rule.field);
  return rule.how == How::equals ? value == rule.text : contains_word(value, rule.text);
}

template <std::size_t n>
std::optional<Verdict> first_match(const std::array<Rule, n>& rules, const ErrorBody& error) {
  const auto* it =
      std::ranges::find_if(rules, [&](const Rule& rule) { return matches(rule, error); });
  return it == rules.end() ? std::nullopt : std::optional(it->verdict);
}

bool names_missing_model(const ErrorBody& error) {
  return error.code == "model_not_found" || error.code == "DeploymentNotFound" ||
         contains_word(error.message, "model name is missing") ||
         (contains_word(error.message, "model") &&
          (contains_word(error.message, "not found") ||
           contains_word(error.message, "does not exist")));
}

// What a status means only together with the body.
std::optional<Verdict> judge_both(int status, const ErrorBody& error) {
  if (status == 503 && contains_word(error.message, "loading model")) {
    return kLoading;
  }
  if ((status == 400 || status == 404) && names_missing_model(error)) {
    return kNoModel;
  }
  if (status == 500 && contains_word(error.message, "input is not supported")) {
    return kNotSupported;
  }
  if (status == 500 && contains_word(error.message, "failed to load")) {
    return kModelBroken;
  }
  return std::nullopt;
}

}  // namespace

Verdict judge_http(int status, const ErrorBody& error) {
  // A page or a proxy's text may hold any words.
  if (error.is_json) {
    if (const auto verdict = first_match(kBodyRules, error)) {
      return *verdict;
    }
    if (const auto verdict = judge_both(status, error)) {
      return *verdict;
    }
  }
  const auto* row = std::ranges::find_if(kStatusRows, [status](const StatusRow& candidate) {
    return status >= candidate.from && status <= candidate.to;
  });
  if (row == kStatusRows.end()) {
    return {FailureKind::protocol, Retry::no, "check base_url and the adapter"};
  }
  return row->verdict;
}

Verdict judge_stream(const ErrorBody& error) {
  if (const auto verdict = first_match(kBodyRules, error)) {
    return *verdict;
  }
  if (const auto verdict = first_match(kStreamRules, error)) {
    return *verdict;
  }
  const auto code = parse_int(error.code);
  if (code && *code >= 400 && *code < 500) {
    return judge_http(static_cast<int>(*code), error);
  }
  return kBroken;
}

}  // namespace faceoff::backend
