#include "support.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faceoff::backend {

// What ctest shows of a parameter; found by the type's own namespace.
static void PrintTo(const Info& info, std::ostream* out) {
  *out << info.id;
}

}  // namespace faceoff::backend

namespace faceoff::backend::testing {
namespace {

chat::Request simple_request() {
  chat::Request request;
  request.messages = {{chat::Role::system, "Be brief."}, {chat::Role::user, "Hi \xFF there"}};
  request.params.temperature = 0.0;
  request.params.max_tokens = 16;
  request.params.seed = 7;
  return request;
}

// Bodies of every answer, error and stream that was ever captured or constructed.
std::vector<std::string> all_bodies() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(FACEOFF_TEST_DATA) / "wire")) {
    const std::string name = entry.path().filename().string();
    const std::set<std::string> kinds{".sse", ".ndjson", ".json", ".html"};
    if (entry.is_regular_file() && kinds.contains(entry.path().extension().string()) &&
        !name.ends_with(".request.json") && entry.file_size() < 16384) {
      files.push_back(name);
    }
  }
  std::ranges::sort(files);
  return files;
}

// A reply is either complete or failed, and never complete without a finish reason.
void expect_sound(const Reply& reply, std::string_view place) {
  ASSERT_TRUE(reply.failure || reply.completion.complete()) << place;
  if (reply.failure) {
    ASSERT_FALSE(reply.failure->message.empty()) << place;
  }
}

// A replay asks nobody, so that there is nothing to encode.
std::vector<Info> with_a_wire() {
  std::vector<Info> rows;
  std::ranges::copy_if(
      all(), std::back_inserter(rows), [](const Info& info) { return info.id != "replay"; });
  return rows;
}

class EveryBackend : public ::testing::TestWithParam<Info> {
 protected:
  Spec spec_ = local_spec(GetParam().id);
};

TEST_P(EveryBackend, IsListedWithWhatUsersNeed) {
  EXPECT_EQ(find(GetParam().id)->id, GetParam().id);
  EXPECT_FALSE(GetParam().summary.empty());
  const auto backend = make(spec_);
  EXPECT_EQ(backend->adapter(), GetParam().id);
  EXPECT_EQ(backend->name(), "b");
  EXPECT_EQ(backend->model(), "some-model");
  EXPECT_TRUE(backend->is_local());
}

TEST_P(EveryBackend, NeedsAModelUnlessTheServerHasOnlyOne) {
  spec_.model.clear();
  EXPECT_EQ(create(spec_, environment()).has_value(), GetParam().takes_gguf);
}

TEST_P(EveryBackend, RefusesABadAddress) {
  for (const char* url :
       {"", "localhost:80", "ftp://h", "http://", "http://u:p@h", "http://h\r\n"}) {
    spec_.base_url = url;
    const auto backend = create(spec_, environment());
    ASSERT_FALSE(backend) << url;
    EXPECT_EQ(backend.error().kind, ErrorKind::usage);
    EXPECT_NE(backend.error().message.find("backend 'b'"), std::string::npos);
  }
}

TEST_P(EveryBackend, RefusesOptionsOfOthers) {
  const auto refused = [&](const Spec& spec) { return !create(spec, environment()); };
  Spec cached = spec_;
  cached.prompt_cache = true;
  EXPECT_EQ(refused(cached), GetParam().id != "llama-server");
  Spec context = spec_;
  context.context = 4096;
  EXPECT_EQ(refused(context), GetParam().id != "ollama");
  Spec args = spec_;
  args.args = {"-c"};
  EXPECT_EQ(refused(args), !GetParam().takes_gguf);
  Spec version = spec_;
  version.api_version = "2024-10-21";
  EXPECT_EQ(refused(version), GetParam().id != "openai");
}

TEST_P(EveryBackend, EncodesTheSameRequestTheSameWay) {
  const auto first = make(spec_)->encode(simple_request());
  const auto second = make(spec_)->encode(simple_request());
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->body, second->body);
  EXPECT_EQ(first->url, second->url);
  EXPECT_EQ(first->method, "POST");
  EXPECT_EQ(net::find_header(first->headers, "content-type"), "application/json");
  EXPECT_TRUE(nlohmann::json::accept(first->body));
}

TEST_P(EveryBackend, PutsItsOwnParametersUnderThoseOfTheSuite) {
  spec_.params.max_tokens = 99;
  spec_.params.top_p = 0.25;
  const auto request = make(spec_)->encode(simple_request());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->body.find("99"), std::string::npos);
  EXPECT_NE(request->body.find("0.25"), std::string::npos);
}

TEST_P(EveryBackend, RefusesASchemaThatIsNone) {
  chat::Request request = simple_request();
  for (const std::string format : {"xml", "[]", "{", "7"}) {
    request.params.response_format = format;
    const auto encoded = make(spec_)->encode(request);
    ASSERT_FALSE(encoded) << format;
    EXPECT_EQ(encoded.error().kind, ErrorKind::usage);
  }
}

TEST_P(EveryBackend, RefusesNumbersThatJsonCannotHold) {
  chat::Request request = simple_request();
  request.params.temperature = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(make(spec_)->encode(request));
}

TEST_P(EveryBackend, AsksItsProbesAtItsOwnAddress) {
  const auto backend = make(spec_);
  for (const auto& probe : backend->probes()) {
    EXPECT_TRUE(probe.request.url.starts_with("http://127.0.0.1:1/")) << probe.request.url;
    EXPECT_EQ(probe.request.reach, net::Reach::loopback);
  }
}

TEST_P(EveryBackend, LeavesOtherFailuresUnadjusted) {
  const auto backend = make(spec_);
  for (const Failure& failure : {classify_http(500, {}, "", UtcTime()),
                                 classify_http(400, {}, R"({"error":"no"})", UtcTime())}) {
    EXPECT_FALSE(backend->adjust(simple_request(), failure));
  }
}

TEST_P(EveryBackend, SurvivesEveryPrefixOfEveryAnswer) {
  const auto backend = make(spec_);
  for (const auto& file : all_bodies()) {
    const std::string body = read_wire(file);
    const Head head = read_head(file);
    const std::size_t step = body.size() / 20 + 1;
    for (std::size_t length = 0; length <= body.size(); length += step) {
      const auto reply = decode(*backend, head, std::string_view(body).substr(0, length)).reply;
      expect_sound(reply, file);
    }
  }
}

TEST_P(EveryBackend, SurvivesGarbage) {
  const auto backend = make(spec_);
  std::mt19937 random(20261123);
  const std::string alphabet = "{}[]\":,\\ndata: error0123.eE-\n\r\n<think>/\xEF\xBB\xBF\xFF";
  for (int round = 0; round < 2000; ++round) {
    std::string body;
    const std::size_t length = random() % 200;
    while (body.size() < length) {
      body += alphabet[random() % alphabet.size()];
    }
    const std::size_t cut = body.empty() ? 0 : random() % body.size();
    const std::string type = round % 2 == 0 ? "text/event-stream" : "application/json";
    const Head head{round % 3 == 0 ? 500 : 200, {{"content-type", type}}};
    expect_sound(decode(*backend, head, body, {cut}).reply, body);
  }
}

TEST_P(EveryBackend, SurvivesMutatedStreams) {
  const auto backend = make(spec_);
  std::mt19937 random(42);
  for (const std::string file : {"openai-chat-stream.sse",
                                 "llama-server-chat-tool-call-stream.sse",
                                 "ollama-chat-thinking.ndjson"}) {
    const std::string original = read_wire(file);
    for (int round = 0; round < 500; ++round) {
      std::string body = original;
      for (int i = 0; i < 4; ++i) {
        body[random() % body.size()] = static_cast<char>(random() % 256);
      }
      expect_sound(decode(*backend, read_head(file), body).reply, file);
    }
  }
}

TEST_P(EveryBackend, SurvivesATransferWithoutHeaders) {
  const auto backend = make(spec_);
  const auto decoder = backend->decoder();
  std::vector<chat::StreamEvent> events;
  const Failure refused = from_fault(net::Failed{net::Fault::refused, "nothing listens"});
  const Reply reply = decoder->finish(refused, TimePoint(), UtcTime(), events);
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(reply.failure->kind, FailureKind::refused);
  EXPECT_TRUE(events.empty());
}

INSTANTIATE_TEST_SUITE_P(All,
                         EveryBackend,
                         ::testing::ValuesIn(with_a_wire()),
                         [](const auto& test) { return test_name(test.param.id); });

TEST(Registry, SuggestsTheNearestAdapter) {
  Spec spec = local_spec("olama");
  const auto backend = create(spec, environment());
  ASSERT_FALSE(backend);
  EXPECT_EQ(backend.error().kind, ErrorKind::usage);
  EXPECT_EQ(backend.error().message,
            "backend 'b': unknown adapter 'olama'; did you mean 'ollama'?");
  spec.adapter = "telnet";
  EXPECT_NE(create(spec, environment()).error().message.find("openai-compatible"),
            std::string::npos);
}

}  // namespace
}  // namespace faceoff::backend::testing
