#include "support.h"

#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

namespace faceoff::backend::testing {
namespace {

using Kind = FailureKind;

struct Verdict {
  Kind kind;
  Retry retry;
};

const std::map<std::string, Verdict, std::less<>>& verdicts() {
  static const std::map<std::string, Verdict, std::less<>> table{
      {"anthropic-err-429-spend-limit.json", {Kind::quota, Retry::stop_backend}},
      {"anthropic-err-429.json", {Kind::rate_limited, Retry::yes}},
      {"anthropic-err-529.json", {Kind::overloaded, Retry::yes}},
      {"azure-err-400-content-filter.json", {Kind::content_filter, Retry::no}},
      {"azure-err-401.json", {Kind::auth, Retry::stop_backend}},
      {"azure-err-404-deployment.json", {Kind::not_found, Retry::stop_backend}},
      {"azure-err-429.json", {Kind::rate_limited, Retry::yes}},
      {"llama-server-err-400-bad-base64.json", {Kind::bad_request, Retry::no}},
      {"llama-server-err-400-bad-image.json", {Kind::bad_request, Retry::no}},
      {"llama-server-err-400-bad-json.json", {Kind::bad_request, Retry::no}},
      {"llama-server-err-400-bad-type.json", {Kind::bad_request, Retry::no}},
      {"llama-server-err-400-content-part-type.json", {Kind::bad_request, Retry::no}},
      {"llama-server-err-400-context-length-stream.json", {Kind::context_length, Retry::no}},
      {"llama-server-err-400-context-length.json", {Kind::context_length, Retry::no}},
      {"llama-server-err-400-grammar.json", {Kind::bad_request, Retry::no}},
      {"llama-server-err-400-image-file-url.json", {Kind::bad_request, Retry::no}},
      {"llama-server-err-400-json-schema.json", {Kind::bad_request, Retry::no}},
      {"llama-server-err-400-missing-messages.json", {Kind::bad_request, Retry::no}},
      {"llama-server-err-400-temp-type.json", {Kind::bad_request, Retry::no}},
      {"llama-server-err-401-bad-key.json", {Kind::auth, Retry::stop_backend}},
      {"llama-server-err-401-no-key.json", {Kind::auth, Retry::stop_backend}},
      {"llama-server-err-404-post.json", {Kind::not_found, Retry::stop_backend}},
      {"llama-server-err-404.json", {Kind::not_found, Retry::stop_backend}},
      {"llama-server-err-405.json", {Kind::not_found, Retry::stop_backend}},
      {"llama-server-err-500-audio-no-mmproj.json", {Kind::not_supported, Retry::no}},
      {"llama-server-err-500-image-no-mmproj.json", {Kind::not_supported, Retry::no}},
      {"llama-server-err-501-embeddings.json", {Kind::not_supported, Retry::no}},
      {"llama-server-err-501-metrics.json", {Kind::not_supported, Retry::no}},
      {"llama-server-err-501-slots.json", {Kind::not_supported, Retry::no}},
      {"llama-server-err-503-loading-models.json", {Kind::loading, Retry::when_ready}},
      {"llama-server-err-503-loading-props.json", {Kind::loading, Retry::when_ready}},
      {"llama-server-err-503-loading.json", {Kind::loading, Retry::when_ready}},
      {"llama-server-err-503-no-slot.json", {Kind::overloaded, Retry::yes}},
      {"llama-server-err-props-post.json", {Kind::not_supported, Retry::no}},
      {"llama-server-router-err-400-no-model.json", {Kind::not_found, Retry::stop_backend}},
      {"llama-server-router-err-400-unknown-model.json", {Kind::not_found, Retry::stop_backend}},
      {"llama-server-router-err-bad-model.json", {Kind::server_error, Retry::stop_backend}},
      {"ollama-err-400-missing-body.json", {Kind::bad_request, Retry::no}},
      {"ollama-err-400-no-thinking.json", {Kind::bad_request, Retry::no}},
      {"ollama-err-404-model.json", {Kind::not_found, Retry::stop_backend}},
      {"ollama-err-503-busy.json", {Kind::overloaded, Retry::yes}},
      {"ollama-openai-err-404.json", {Kind::not_found, Retry::stop_backend}},
      {"ollama-openai-err-503-busy.json", {Kind::overloaded, Retry::yes}},
      {"openai-err-400-context-length.json", {Kind::context_length, Retry::no}},
      {"openai-err-400-invalid-image.json", {Kind::bad_request, Retry::no}},
      {"openai-err-400-unsupported-parameter.json", {Kind::bad_request, Retry::no}},
      {"openai-err-400-unsupported-value.json", {Kind::bad_request, Retry::no}},
      {"openai-err-401-invalid-key.json", {Kind::auth, Retry::stop_backend}},
      {"openai-err-401-missing-key.json", {Kind::auth, Retry::stop_backend}},
      {"openai-err-403-project-model.json", {Kind::forbidden, Retry::stop_backend}},
      {"openai-err-403-region.json", {Kind::forbidden, Retry::stop_backend}},
      {"openai-err-404-model.json", {Kind::not_found, Retry::stop_backend}},
      {"openai-err-413.html", {Kind::bad_request, Retry::no}},
      {"openai-err-429-credit-exhausted.json", {Kind::quota, Retry::stop_backend}},
      {"openai-err-429-insufficient-quota.json", {Kind::quota, Retry::stop_backend}},
      {"openai-err-429-long-reset.json", {Kind::rate_limited, Retry::yes}},
      {"openai-err-429-rpm.json", {Kind::rate_limited, Retry::yes}},
      {"openai-err-429-slow-down.json", {Kind::rate_limited, Retry::yes}},
      {"openai-err-429-tpm.json", {Kind::rate_limited, Retry::yes}},
      {"openai-err-500.json", {Kind::server_error, Retry::yes}},
      {"openai-err-502-html.html", {Kind::server_error, Retry::yes}},
      {"openai-err-503-overloaded.json", {Kind::overloaded, Retry::yes}},
      {"vllm-err-400-context.json", {Kind::context_length, Retry::no}},
      {"vllm-err-401.json", {Kind::auth, Retry::stop_backend}},
      {"vllm-err-404-model-legacy.json", {Kind::not_found, Retry::stop_backend}},
      {"vllm-err-404-model.json", {Kind::not_found, Retry::stop_backend}}};
  return table;
}

std::vector<std::string> error_files() {
  std::vector<std::string> files;
  for (const auto& [file, verdict] : verdicts()) {
    files.push_back(file);
  }
  return files;
}

Failure classify(int status, std::string_view body, const net::HeaderList& headers = {}) {
  return classify_http(status, headers, body, UtcTime());
}

class ErrorAnswer : public ::testing::TestWithParam<std::string> {};

TEST_P(ErrorAnswer, IsClassifiedAsTheTableSays) {
  const std::string& file = GetParam();
  const Head head = read_head(file);
  const std::string body = read_wire(file);
  const Failure failure = classify_http(head.status, head.headers, body, UtcTime());
  const Verdict expected = verdicts().at(file);
  EXPECT_EQ(to_string(failure.kind), to_string(expected.kind));
  EXPECT_EQ(failure.retry, expected.retry);
  EXPECT_EQ(failure.http_status, head.status);
  EXPECT_LE(count_code_points(failure.message), 300U);
  EXPECT_NE(failure.message.find(std::to_string(head.status)), std::string::npos);
}

// The same bytes through a decoder of an adapter give the same verdict.
TEST_P(ErrorAnswer, IsTheFailureOfItsReply) {
  const std::string& file = GetParam();
  const auto backend = make(local_spec("openai"));
  const Reply reply = decode(*backend, read_head(file), read_wire(file)).reply;
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(to_string(reply.failure->kind), to_string(verdicts().at(file).kind));
  EXPECT_FALSE(reply.completion.complete());
}

INSTANTIATE_TEST_SUITE_P(Wire,
                         ErrorAnswer,
                         ::testing::ValuesIn(error_files()),
                         [](const auto& test) { return test_name(test.param); });

TEST(ErrorAnswers, AreAllInTheTable) {
  const std::filesystem::path folder = std::filesystem::path(FACEOFF_TEST_DATA) / "wire";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    const bool is_body = file.find("-err-") != std::string::npos && !file.ends_with(".txt") &&
                         !file.ends_with(".request.json");
    if (is_body && read_head(file).status >= 300) {
      EXPECT_TRUE(verdicts().contains(file)) << file;
    }
  }
}

TEST(ErrorAnswers, GiveTheWaitThatTheServerAsksFor) {
  const auto wait_of = [](std::string_view file) {
    const Head head = read_head(file);
    return classify_http(head.status, head.headers, read_wire(file), UtcTime()).retry_after;
  };
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  EXPECT_EQ(wait_of("openai-err-429-rpm.json"), milliseconds(120));
  EXPECT_EQ(wait_of("openai-err-429-tpm.json"), milliseconds(2500));
  EXPECT_EQ(wait_of("openai-err-429-long-reset.json"), seconds(432));
  EXPECT_EQ(wait_of("azure-err-429.json"), seconds(37));
  EXPECT_EQ(wait_of("openai-err-429-slow-down.json"), seconds(15));
  EXPECT_EQ(wait_of("openai-err-500.json"), std::nullopt);
  EXPECT_EQ(wait_of("openai-err-429-insufficient-quota.json"), std::nullopt);
}

TEST(ErrorAnswers, GiveTheWaitOfTheirTextWithoutAHeader) {
  const Failure failure =
      classify(429, R"({"error":{"message":"Rate limit. Please try again in 7m12s."}})");
  EXPECT_EQ(failure.retry_after, std::chrono::seconds(432));
}

TEST(ErrorAnswers, Key03NameTheTargetOfARedirect) {
  const Failure failure = classify(307, "", {{"Location", "https://elsewhere.example/v1"}});
  EXPECT_EQ(failure.kind, Kind::redirect);
  EXPECT_NE(failure.retry, Retry::yes);
  EXPECT_NE(failure.message.find("https://elsewhere.example/v1"), std::string::npos);
  EXPECT_NE(failure.message.find("base_url"), std::string::npos);
}

TEST(ErrorAnswers, Key07StopTheBackendOnABadKeyAndPointToDoctor) {
  const Failure failure = classify(401, R"({"error":"Unauthorized"})");
  EXPECT_EQ(failure.kind, Kind::auth);
  EXPECT_EQ(failure.retry, Retry::stop_backend);
  EXPECT_NE(failure.message.find("doctor"), std::string::npos);
}

TEST(ErrorAnswers, FollowXShouldRetryButNotAgainstAStop) {
  EXPECT_EQ(classify(500, "", {{"x-should-retry", "false"}}).retry, Retry::no);
  EXPECT_EQ(classify(400, "", {{"X-Should-Retry", "true"}}).retry, Retry::yes);
  EXPECT_EQ(classify(401, "", {{"x-should-retry", "true"}}).retry, Retry::stop_backend);
  const std::string billing = R"({"error":{"type":"insufficient_quota"}})";
  EXPECT_EQ(classify(429, billing, {{"x-should-retry", "true"}}).retry, Retry::stop_backend);
  EXPECT_EQ(classify(500, "", {{"x-should-retry", "perhaps"}}).retry, Retry::yes);
}

TEST(ErrorAnswers, SeparateBillingFromPaceByTypeAndByCode) {
  EXPECT_EQ(classify(429, R"({"error":{"type":"tokens","code":"insufficient_quota"}})").kind,
            Kind::quota);
  EXPECT_EQ(classify(429, R"({"error":{"type":"insufficient_quota","code":null}})").kind,
            Kind::quota);
  EXPECT_EQ(classify(429, R"({"error":{"code":"billing_hard_limit_reached"}})").kind, Kind::quota);
  // Gemini words its pace limits like OpenAI its billing limits.
  EXPECT_EQ(
      classify(429, R"([{"error":{"code":429,"message":"You exceeded your current quota"}}])").kind,
      Kind::rate_limited);
}

TEST(ErrorAnswers, DecideByStatusWhenTheBodyIsAPage) {
  EXPECT_EQ(classify(503, "<html><title>Loading model</title></html>").kind, Kind::overloaded);
  EXPECT_EQ(classify(408, "").retry, Retry::yes);
  EXPECT_EQ(classify(409, "").retry, Retry::yes);
  EXPECT_EQ(classify(422, R"({"detail":[{"msg":"field required"}]})").kind, Kind::bad_request);
  EXPECT_EQ(classify(529, "").kind, Kind::overloaded);
  EXPECT_EQ(classify(504, "upstream timed out").retry, Retry::yes);
  EXPECT_EQ(classify(402, "").kind, Kind::quota);
  EXPECT_EQ(classify(600, "").kind, Kind::protocol);
}

TEST(ErrorAnswers, NameTheParameterThatIsRefused) {
  const auto named = [](std::string_view file) {
    return classify_http(400, {}, read_wire(file), UtcTime()).parameter;
  };
  EXPECT_EQ(named("openai-err-400-unsupported-parameter.json"), "max_tokens");
  EXPECT_EQ(named("openai-err-400-unsupported-value.json"), "temperature");
  EXPECT_EQ(named("ollama-err-400-no-thinking.json"), "thinking");
  EXPECT_EQ(named("llama-server-err-400-bad-type.json"), "");
  EXPECT_EQ(
      classify(400, R"({"error":{"message":"Unrecognized request argument supplied: top_k"}})")
          .parameter,
      "top_k");
}

TEST(ErrorAnswers, Key01HideKeysThatTheServerEchoes) {
  const std::string key = "not-a-real-key-" + std::to_string(UtcTime().time_since_epoch().count());
  redactor().add(Secret(key));
  const Failure failure =
      classify(401, R"({"error":{"message":"Incorrect API key: )" + key + "\"}}");
  EXPECT_EQ(failure.message.find(key), std::string::npos);
  const Failure starred = classify(401, read_wire("openai-err-401-invalid-key.json"));
  EXPECT_EQ(starred.message.find("sk-bad"), std::string::npos);
  EXPECT_NE(starred.message.find("[redacted]"), std::string::npos);
}

TEST(ErrorAnswers, CutLongTextsButKeepWhatToDo) {
  const Failure failure =
      classify(401, R"({"error":{"message":")" + std::string(5000, 'x') + "\"}}");
  EXPECT_EQ(count_code_points(failure.message), 300U);
  EXPECT_NE(failure.message.find("doctor"), std::string::npos);
}

TEST(ErrorAnswers, MakeForeignTextSafe) {
  const Failure failure = classify(500, "{\"error\":\"a\\u001b[2Jb\\nc\"}");
  EXPECT_EQ(failure.message.find('\x1b'), std::string::npos);
  EXPECT_EQ(failure.message.find('\n'), std::string::npos);
}

TEST(StreamErrors, AreClassifiedByCodeTypeAndNumber) {
  const auto kind = [](std::string_view json) { return classify_stream_error(json).kind; };
  EXPECT_EQ(kind(R"({"error":{"message":"x","type":"server_error"}})"), Kind::stream_error);
  EXPECT_EQ(kind(R"({"error":"text"})"), Kind::stream_error);
  EXPECT_EQ(kind("not json"), Kind::stream_error);
  EXPECT_EQ(kind(R"({"error":{"message":"x","code":500}})"), Kind::stream_error);
  EXPECT_EQ(kind(R"({"error":{"message":"x","type":"BadRequestError","code":400}})"),
            Kind::bad_request);
  EXPECT_EQ(kind(R"({"object":"error","message":"The model `m` does not exist.","code":404})"),
            Kind::not_found);
  EXPECT_EQ(kind(R"({"type":"error","error":{"type":"overloaded_error","message":"x"}})"),
            Kind::overloaded);
  EXPECT_EQ(kind(R"({"error":{"type":"exceed_context_size_error","message":"x"}})"),
            Kind::context_length);
  EXPECT_EQ(kind(R"({"error":{"code":"rate_limit_exceeded"}})"), Kind::rate_limited);
  EXPECT_EQ(kind(R"({"error":{"type":"insufficient_quota"}})"), Kind::quota);
}

TEST(Faults, KeepTheirNamesAndRetryRules) {
  const auto of = [](net::Fault fault) {
    return from_fault(net::Failed{fault, "127.0.0.1:1: it broke"});
  };
  EXPECT_EQ(of(net::Fault::refused).kind, Kind::refused);
  EXPECT_EQ(of(net::Fault::refused).retry, Retry::yes);
  EXPECT_EQ(of(net::Fault::refused).most_retries, std::nullopt);
  EXPECT_EQ(of(net::Fault::dns).retry, Retry::yes);
  EXPECT_EQ(of(net::Fault::dns).most_retries, 2);
  EXPECT_EQ(of(net::Fault::protocol).retry, Retry::no);
  EXPECT_EQ(of(net::Fault::bad_chunk).kind, Kind::protocol);
  EXPECT_EQ(of(net::Fault::bad_chunk).retry, Retry::yes);
  EXPECT_EQ(of(net::Fault::bad_chunk).most_retries, 1);
  EXPECT_EQ(of(net::Fault::empty_reply).retry, Retry::yes);
  EXPECT_EQ(of(net::Fault::truncated).kind, Kind::truncated);
  EXPECT_EQ(of(net::Fault::tls).retry, Retry::no);
  EXPECT_EQ(of(net::Fault::not_http).retry, Retry::no);
  EXPECT_EQ(of(net::Fault::too_large).retry, Retry::no);
  EXPECT_EQ(of(net::Fault::address_not_allowed).retry, Retry::stop_backend);
  EXPECT_EQ(of(net::Fault::cancelled).kind, Kind::cancelled);
  EXPECT_EQ(of(net::Fault::refused).message, "127.0.0.1:1: it broke");
  for (int fault = 0; fault <= static_cast<int>(net::Fault::other); ++fault) {
    EXPECT_FALSE(to_string(of(static_cast<net::Fault>(fault)).kind).empty());
  }
}

TEST(FailureKinds, AreReadBackFromTheirNames) {
  for (int i = 0; i <= static_cast<int>(Kind::cancelled); ++i) {
    const auto kind = static_cast<Kind>(i);
    EXPECT_EQ(parse_failure_kind(to_string(kind)), kind);
  }
  EXPECT_EQ(parse_failure_kind("no such"), std::nullopt);
}

}  // namespace
}  // namespace faceoff::backend::testing
