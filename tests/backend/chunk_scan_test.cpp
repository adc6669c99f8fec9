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

}  // namespace
}  // namespace faceoff::backend
