#include "log_file.h"

#include <faceoff/base/files.h>

#include <csignal>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace faceoff::store {
namespace {

namespace fs = std::filesystem;

class LogFileTest : public testing::Test {
 protected:
  LogFileTest() { fs::remove(path_); }
  ~LogFileTest() override { fs::remove(path_); }

  UniqueFd open() const {
    return UniqueFd(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  }
  [[nodiscard]] std::string content() const { return *read_file(path_); }

  const fs::path path_ =
      fs::path(testing::TempDir()) / ("log_file_test." + std::to_string(::getpid()));
};

TEST_F(LogFileTest, WritesWhatWasAddedWithTheNextFlushAndNotBefore) {
  LogFile log(open(), path_);
  log.add("one");
  log.add("two");
  EXPECT_EQ(content(), "");
  ASSERT_TRUE(log.flush(TimePoint{}));
  EXPECT_EQ(content(), "one\ntwo\n");
  ASSERT_TRUE(log.flush(TimePoint{}));
  log.add("three");
  ASSERT_TRUE(log.close());
  EXPECT_EQ(content(), "one\ntwo\nthree\n");
}

TEST_F(LogFileTest, LosesNothingThatWasAddedWhenItGoes) {
  {
    LogFile log(open(), path_);
    log.add("one");
  }
  EXPECT_EQ(content(), "one\n");
}

TEST_F(LogFileTest, SyncsBesideTheCallerAndCloses) {
  LogFile log(open(), path_);
  TimePoint now{std::chrono::hours(1)};
  for (int i = 0; i < 5; ++i) {
    log.add(std::to_string(i));
    ASSERT_TRUE(log.flush(now));
    now += std::chrono::seconds(2);
  }
  ASSERT_TRUE(log.close());
  EXPECT_EQ(content(), "0\n1\n2\n3\n4\n");
}

// The limit strikes within the third of four lines that are written together.
TEST_F(LogFileTest, KeepsTheWholeLinesOfAWriteThatTheDiskCutsOff) {
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  {
    LogFile log(open(), path_);
    log.add("first");
    ASSERT_TRUE(log.flush(TimePoint{}));
    rlimit small = limit;
    small.rlim_cur = 20;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    log.add("second");
    log.add("a third that is too long");
    log.add("fourth");
    const Status flushed = log.flush(TimePoint{});
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().kind, ErrorKind::io);
    EXPECT_NE(flushed.error().message.find(path_.string()), std::string::npos);
    EXPECT_EQ(content(), "first\nsecond\n");
    log.add("later");
    ASSERT_TRUE(log.flush(TimePoint{}));
  }
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(content(), "first\nsecond\nlater\n");
}

}  // namespace
}  // namespace faceoff::store
