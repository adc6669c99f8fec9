#include <faceoff/backend/spec.h>

#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

struct Row {
  const char* text;
  const char* name;
  const char* adapter;
  const char* model;
  const char* base_url;
};

TEST(ShortSpec, IsReadInAllItsForms) {
  const Row rows[] = {
      {"gpt=openai:gpt-4o", "gpt", "openai", "gpt-4o", ""},
      {"openai:gpt-4o", "gpt-4o", "openai", "gpt-4o", ""},
      {"o=ollama:llama3.1:8b", "o", "ollama", "llama3.1:8b", ""},
      {"ollama:llama3.1:8b", "llama3.1:8b", "ollama", "llama3.1:8b", ""},
      {"o=ollama:llama3.1:8b@http://h:11434", "o", "ollama", "llama3.1:8b", "http://h:11434"},
      {"l=llama-server@http://127.0.0.1:9931", "l", "llama-server", "", "http://127.0.0.1:9931"},
      {"llama-server@http://[::1]:9931", "llama-server", "llama-server", "", "http://[::1]:9931"},
      {"l=llama-server:models/a b.gguf", "l", "llama-server", "models/a b.gguf", ""},
      {"v=openai-compatible:org/m@x@https://h/v1",
       "v",
       "openai-compatible",
       "org/m@x",
       "https://h/v1"},
      {"v=openai-compatible:m@https://h/v1?a=b", "v", "openai-compatible", "m", "https://h/v1?a=b"},
      {"openai:ft:gpt-4o:org=x", "ft:gpt-4o:org=x", "openai", "ft:gpt-4o:org=x", ""}};
  for (const auto& row : rows) {
    const auto spec = parse_short_spec(row.text);
    ASSERT_TRUE(spec) << row.text << ": " << spec.error().message;
    EXPECT_EQ(spec->name, row.name) << row.text;
    EXPECT_EQ(spec->adapter, row.adapter) << row.text;
    EXPECT_EQ(spec->model, row.model) << row.text;
    EXPECT_EQ(spec->base_url.value_or(""), row.base_url) << row.text;
    EXPECT_EQ(spec->origin, spec->base_url ? Origin::flag : Origin::built_in);
    EXPECT_FALSE(spec->managed);
  }
}

TEST(ShortSpec, OfTheStandInNeedsAScript) {
  const auto named = parse_short_spec("fake=simulate:scripts/slow.yaml");
  ASSERT_TRUE(named);
  EXPECT_EQ(named->name, "fake");
  EXPECT_EQ(named->simulate, "scripts/slow.yaml");
  EXPECT_TRUE(named->managed);
  const auto unnamed = parse_short_spec("simulate:scripts/slow.yaml");
  ASSERT_TRUE(unnamed);
  EXPECT_EQ(unnamed->name, "slow");
  EXPECT_FALSE(parse_short_spec("fake=simulate:"));
}

TEST(ShortSpec, OfAnotherFormIsRefusedWithTheForms) {
  for (const char* text : {"",
                           "gpt-4o",
                           "=openai:m",
                           "a b=openai:m",
                           "openai",
                           "x=openai",
                           "x=openai:",
                           "x=openia:m",
                           "x=openai@localhost:80",
                           "x=",
                           "llama-server:a b.gguf",
                           "x=:m"}) {
    const auto spec = parse_short_spec(text);
    ASSERT_FALSE(spec) << text;
    EXPECT_EQ(spec.error().kind, ErrorKind::usage);
    EXPECT_NE(spec.error().message.find("NAME=ADAPTER:MODEL"), std::string::npos);
  }
  EXPECT_NE(parse_short_spec("x=openia:m").error().message.find("did you mean 'openai'?"),
            std::string::npos);
}

}  // namespace
}  // namespace faceoff::backend
