#include "chunk_scan.h"

#include "json.h"
#include "support.h"

#include <faceoff/base/text.h>

#include <filesystem>

#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

std::vector<std::string> all_frames() {
  std::vector<std::string> frames;
  for (const auto& entry :
       std::filesystem::directory_iterator(FACEOFF_TEST_DATA + std::string("/wire"))) {
    if (entry.path().extension() != ".sse") {
      continue;
    }
    const std::string body = testing::read_wire(entry.path().filename().string());
    for (std::string_view line : split(body, '\n')) {
      if (line.starts_with("data: ")) {
        line.remove_prefix(6);
        frames.emplace_back(line.substr(0, line.find('\r')));
      }
    }
  }
  return frames;
}

// What the tree says of a chunk that the scan took.
void expect_same(const PlainChunk& plain, const std::string& frame) {
  const auto tree = parse_untrusted(frame);
  ASSERT_TRUE(tree) << frame;
  const Json* choices = member(*tree, "choices");
  ASSERT_NE(choices, nullptr) << frame;
  ASSERT_EQ(choices->size(), 1U) << frame;
  const Json& choice = (*choices)[0];
  EXPECT_EQ(count_of(choice, "index").value_or(0), 0) << frame;
  EXPECT_EQ(plain.model, text_of(*tree, "model")) << frame;
  EXPECT_EQ(plain.fingerprint, text_of(*tree, "system_fingerprint")) << frame;
  EXPECT_EQ(plain.finish, text_of(choice, "finish_reason")) << frame;
  const Json* delta = member(choice, "delta");
  EXPECT_EQ(plain.has_delta, delta != nullptr) << frame;
  if (delta != nullptr) {
    EXPECT_EQ(plain.role, text_of(*delta, "role")) << frame;
    EXPECT_EQ(plain.content, text_of(*delta, "content")) << frame;
    for (const char* key : {"tool_calls", "function_call", "refusal"}) {
      EXPECT_EQ(member(*delta, key), nullptr) << frame;
    }
  }
  for (const char* key : {"usage", "timings", "metrics", "error"}) {
    EXPECT_EQ(member(*tree, key), nullptr) << frame;
  }
}

TEST(ChunkScan, SaysOfRecordedFramesWhatTheTreeSays) {
  std::size_t plain = 0;
  const auto frames = all_frames();
  for (const auto& frame : frames) {
    if (const auto chunk = scan_plain_chunk(frame)) {
      ++plain;
      expect_same(*chunk, frame);
    }
  }
  EXPECT_GT(plain, 50U) << "of " << frames.size();
}

TEST(ChunkScan, TakesNoFrameThatWasCut) {
  for (const auto& frame : all_frames()) {
    if (scan_plain_chunk(frame)) {
      for (std::size_t length = 0; length < frame.size(); ++length) {
        ASSERT_FALSE(scan_plain_chunk(std::string_view(frame).substr(0, length))) << frame;
      }
      EXPECT_FALSE(scan_plain_chunk(frame + "}"));
    }
  }
}

TEST(ChunkScan, LeavesTheUnusualToOthers) {
  for (
      const std::string frame : {
          R"({"choices":[]})",
          R"({"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]})",
          R"({"choices":[{"index":1,"delta":{"content":"a"}}]})",
          R"({"choices":[{"delta":{"content":"\u00e9"}}]})",
          R"({"choices":[{"delta":{"content":["a"]}}]})",
          R"({"choices":[{"delta":{"content":"a","content":"b"}}]})",
          R"({"choices":[{"delta":{"tool_calls":[]}}]})",
          R"({"choices":[{"delta":{"content":"a"},"logprobs":{"content":[]}}]})",
          R"({"choices":[{"delta":{"content":"a"}}],"usage":{"completion_tokens":1}})",
          R"({"choices":[{"delta":{"content":"a"}}],"error":{"message":"x"}})",
          R"({"object":"error","choices":[{"delta":{"content":"a"}}]})",
          R"({"choices":[{"delta":{"content":"a"}}],"x":01})",
          R"({"choices":[{"delta":{"content":"a"}}],"x":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]})",
          R"({"choices":[{"delta":null}]})",
      }) {
    EXPECT_FALSE(scan_plain_chunk(frame)) << frame;
  }
  EXPECT_FALSE(scan_plain_chunk("{\"choices\":[{\"delta\":{\"content\":\"\xff\"}}]}"));
  EXPECT_FALSE(scan_plain_chunk("{\"choices\":[{\"delta\":{\"content\":\"\n\"}}]}"));
}

TEST(ChunkScan, ReadsEscapesAndBlanks) {
  const auto chunk = scan_plain_chunk(
      " { \"x\" : [1, -2.5e+3, true, {\"y\": null}] , \"choices\" : [ { \"index\" : 0 , \"delta\" "
      ": "
      "{ \"content\" : \"a\\n\\\"b\\\\ \xC3\xA9\" } , \"finish_reason\" : null } ] } ");
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk->content, "a\n\"b\\ \xC3\xA9");
}

constexpr std::string_view kBody =
    R"({"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"m-1",)"
    R"("choices":[{"index":0,"message":{"role":"assistant","content":"4\u007b2","refusal":null,)"
    R"("annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":12,)"
    R"("completion_tokens":2,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":5,)"
    R"("audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":1}},)"
    R"("service_tier":"default","system_fingerprint":"fp_1"})";

std::string body_with(std::string_view part, std::string_view instead) {
  std::string body(kBody);
  body.replace(body.find("4\\u007b2"), 8, "42");
  const std::size_t at = body.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return body.replace(at, part.size(), instead);
}

TEST(BodyScan, ReadsAnOrdinaryAnswer) {
  const auto body = scan_plain_body(body_with("", ""));
  ASSERT_TRUE(body);
  EXPECT_EQ(body->message.content, "42");
  EXPECT_EQ(body->message.role, "assistant");
  EXPECT_EQ(body->message.finish, "stop");
  EXPECT_EQ(body->message.model, "m-1");
  EXPECT_EQ(body->message.fingerprint, "fp_1");
  EXPECT_EQ(body->prompt_tokens, 12);
  EXPECT_EQ(body->completion_tokens, 2);
  EXPECT_EQ(body->cached_tokens, 5);
  EXPECT_EQ(body->reasoning_tokens, 1);
}

TEST(BodyScan, LeavesTheUnusualToOthers) {
  EXPECT_FALSE(scan_plain_body(kBody)) << "an escape by number";
  for (const auto& [part, instead] : std::vector<std::pair<std::string_view, std::string_view>>{
           {R"("refusal":null)", R"("refusal":"no")"},
           {R"("refusal":null)", R"("tool_calls":[{"id":"a"}])"},
           {R"("logprobs":null)", R"("logprobs":{"content":[]})"},
           {R"("index":0)", R"("index":1)"},
           {R"("message":{)", R"("delta":{"content":"x"},"message":{)"},
           {R"("message":{)", R"("text":{)"},
           {R"("service_tier":"default")", R"("error":{"message":"x"})"},
           {R"("service_tier":"default")", R"("message":"x")"},
           {R"("service_tier":"default")", R"("timings":{"prompt_n":1})"},
           {R"("object":"chat.completion")", R"("object":"error")"},
           {R"("prompt_tokens":12)", R"("prompt_tokens":1.5)"},
           {R"("prompt_tokens":12)", R"("prompt_tokens":-1)"},
           {R"("prompt_tokens":12)", R"("prompt_tokens":1e3)"},
           {R"("prompt_tokens":12)", R"("prompt_tokens":1234567890123456)"},
           {R"("prompt_tokens":12)", R"("prompt_tokens":"12")"},
       }) {
    EXPECT_FALSE(scan_plain_body(body_with(part, instead))) << instead;
  }
  const std::string whole = body_with("", "");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    ASSERT_FALSE(scan_plain_body(std::string_view(whole).substr(0, length)));
  }
}

// Every body of the wire that the scan takes is read as the tree reads it.
TEST(BodyScan, SaysOfRecordedBodiesWhatTheTreeSays) {
  std::size_t taken = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(FACEOFF_TEST_DATA + std::string("/wire"))) {
    if (entry.path().extension() != ".json") {
      continue;
    }
    const std::string text = testing::read_wire(entry.path().filename().string());
    const auto plain = scan_plain_body(text);
    if (!plain) {
      continue;
    }
    ++taken;
    const auto tree = parse_untrusted(text);
    ASSERT_TRUE(tree) << entry.path();
    const Json& choice = (*member(*tree, "choices"))[0];
    const Json* message = member(choice, "message");
    ASSERT_NE(message, nullptr) << entry.path();
    EXPECT_EQ(plain->message.content, text_of(*message, "content")) << entry.path();
    EXPECT_EQ(plain->message.finish, text_of(choice, "finish_reason")) << entry.path();
    EXPECT_EQ(plain->message.model, text_of(*tree, "model")) << entry.path();
    if (const Json* usage = member(*tree, "usage")) {
      EXPECT_EQ(plain->prompt_tokens, count_of(*usage, "prompt_tokens")) << entry.path();
      EXPECT_EQ(plain->completion_tokens, count_of(*usage, "completion_tokens")) << entry.path();
    } else {
      EXPECT_FALSE(plain->prompt_tokens) << entry.path();
    }
  }
  EXPECT_GT(taken, 0U);
}

}  // namespace
}  // namespace faceoff::backend
