#include "sample.h"
#include "support/temp_folder.h"

#include <faceoff/base/files.h>
#include <faceoff/store/cache.h>

#include <fstream>

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace faceoff::store {
namespace {

namespace fs = std::filesystem;

class CacheTest : public testing::Test {
 protected:
  static StoredAnswer answer(const std::string& text = "42") {
    StoredAnswer a;
    a.completion.text = text;
    a.completion.finish = chat::Finish::stop;
    a.completion.usage.completion_tokens = 2;
    a.timing.ttft = std::chrono::milliseconds(5);
    a.simulated = true;
    return a;
  }
  [[nodiscard]] std::unique_ptr<AnswerCache> open() const {
    auto cache = open_answer_cache(path_);
    EXPECT_TRUE(cache) << cache.error().message;
    return std::move(*cache);
  }
  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(path_)) {
      if (entry.is_regular_file()) {
        found.push_back(entry.path());
      }
    }
    return found;
  }

  faceoff::test::TempFolder folder_;
  fs::path path_ = folder_.path() / "deep" / "cache";
};

TEST_F(CacheTest, CACHE_01_KeepsAnAnswerUnderItsKeyAlone) {
  ASSERT_TRUE(open()->put("k1", answer()));
  const auto cache = open();
  const auto found = cache->find("k1");
  ASSERT_TRUE(found);
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->completion.text, "42");
  EXPECT_EQ((*found)->completion.usage.completion_tokens, 2);
  EXPECT_TRUE((*found)->simulated);
  EXPECT_FALSE(*cache->find("k2"));
}

TEST_F(CacheTest, CACHE_01_AFailureOrACutOffAnswerIsNeverKept) {
  const auto cache = open();
  StoredAnswer failed = answer();
  failed.error = backend::FailureKind::stream_error;
  StoredAnswer cut = answer();
  cut.completion.finish = chat::Finish::none;
  EXPECT_TRUE(cache->put("failed", failed));
  EXPECT_TRUE(cache->put("cut", cut));
  EXPECT_FALSE(*cache->find("failed"));
  EXPECT_FALSE(*cache->find("cut"));
}

TEST_F(CacheTest, IsReadableByItsOwnerOnly) {
  const auto before = ::umask(0);
  ASSERT_TRUE(open()->put("k", answer()));
  ::umask(before);
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms::owner_all);
  ASSERT_EQ(files().size(), 1U);
  EXPECT_EQ(fs::status(files()[0]).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(CacheTest, ADamagedFileIsNoAnswerAndIsReplaced) {
  const auto cache = open();
  ASSERT_TRUE(cache->put("k", answer()));
  const fs::path file = files().at(0);
  const std::string whole = *read_file(file);
  for (const std::size_t length : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
    std::ofstream(file, std::ios::binary) << whole.substr(0, length);
    const auto found = cache->find("k");
    ASSERT_TRUE(found);
    EXPECT_FALSE(*found) << length;
  }
  ASSERT_TRUE(cache->put("k", answer("43")));
  EXPECT_EQ((*cache->find("k"))->completion.text, "43");
  EXPECT_EQ(files().size(), 1U);
}

TEST_F(CacheTest, AnAnswerUnderAnotherKeysNameIsIgnored) {
  const auto cache = open();
  ASSERT_TRUE(cache->put("a", answer()));
  const fs::path a = files().at(0);
  ASSERT_TRUE(cache->put("b", answer("other")));
  for (const auto& file : files()) {
    if (file != a) {
      fs::copy_file(a, file, fs::copy_options::overwrite_existing);
    }
  }
  EXPECT_TRUE(*cache->find("a"));
  EXPECT_FALSE(*cache->find("b"));
}

TEST_F(CacheTest, TwoProcessesMayShareIt) {
  const auto first = open();
  const auto second = open();
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(first->put("k", answer("first")));
    ASSERT_TRUE(second->put("k", answer("second")));
    EXPECT_TRUE(*first->find("k"));
  }
  EXPECT_EQ(files().size(), 1U);
}

TEST_F(CacheTest, AFolderThatCannotBeMadeIsAnError) {
  const auto cache = open_answer_cache("/proc/no/cache");
  ASSERT_FALSE(cache);
  EXPECT_EQ(cache.error().kind, ErrorKind::io);
}

}  // namespace
}  // namespace faceoff::store
