#include "ollama_host.h"

#include "support.h"

#include <utility>

#include <gtest/gtest.h>

namespace faceoff::backend {
namespace {

// The cases of Ollama's own envconfig test, with listening addresses turned into ones to dial.
TEST(OllamaHost, Net22IsReadAsOllamaReadsIt) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "http://127.0.0.1:11434"},
      {"1.2.3.4", "http://1.2.3.4:11434"},
      {":1234", "http://127.0.0.1:1234"},
      {"1.2.3.4:1234", "http://1.2.3.4:1234"},
      {"example.com", "http://example.com:11434"},
      {"example.com:1234", "http://example.com:1234"},
      {":0", "http://127.0.0.1:11434"},
      {":66000", "http://127.0.0.1:11434"},
      {":-1", "http://127.0.0.1:11434"},
      {"[::1]", "http://[::1]:11434"},
      {"[::]", "http://[::1]:11434"},
      {"::1", "http://[::1]:11434"},
      {"[::1]:1337", "http://[::1]:1337"},
      {" 1.2.3.4 ", "http://1.2.3.4:11434"},
      {"\"1.2.3.4\"", "http://1.2.3.4:11434"},
      {" \" 1.2.3.4 \" ", "http://1.2.3.4:11434"},
      {"'1.2.3.4'", "http://1.2.3.4:11434"},
      {"http://1.2.3.4", "http://1.2.3.4:80"},
      {"http://1.2.3.4:4321", "http://1.2.3.4:4321"},
      {"https://1.2.3.4", "https://1.2.3.4:443"},
      {"https://1.2.3.4:4321", "https://1.2.3.4:4321"},
      {"https://example.com/ollama", "https://example.com:443/ollama"},
      {"http://h:1/p", "http://h:1/p"},
      {"example.com/a/b", "http://example.com:11434/a/b"},
      {"0.0.0.0", "http://127.0.0.1:11434"},
      {"0.0.0.0:1234", "http://127.0.0.1:1234"},
      {"ollama.com", "https://ollama.com:443"}};
  for (const auto& [value, expected] : rows) {
    EXPECT_EQ(ollama_base_url(value), expected) << value;
  }
}

TEST(OllamaHost, Net22DecidesTheAddressOfTheAdapter) {
  Spec spec;
  spec.name = "o";
  spec.adapter = "ollama";
  spec.model = "llama3.1:8b";
  EXPECT_EQ(testing::make(spec)->base_url(), "http://127.0.0.1:11434");
  const auto listening = testing::make(spec, testing::environment({{"OLLAMA_HOST", "0.0.0.0"}}));
  EXPECT_EQ(listening->base_url(), "http://127.0.0.1:11434");
  EXPECT_TRUE(listening->is_local());
  const auto far = testing::make(spec, testing::environment({{"OLLAMA_HOST", "http://h:1/p"}}));
  EXPECT_EQ(far->base_url(), "http://h:1/p");
  EXPECT_FALSE(far->is_local());
  EXPECT_FALSE(create(spec, testing::environment({{"OLLAMA_HOST", "ftp://h"}})));
}

}  // namespace
}  // namespace faceoff::backend
