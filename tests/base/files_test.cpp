#include "support/temp_folder.h"

#include <faceoff/base/files.h>

#include <fstream>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

namespace faceoff {
namespace {

namespace fs = std::filesystem;

TEST(ReadFile, ReturnsTheWholeContent) {
  const test::TempFolder folder;
  const auto path = folder.write("a.txt", std::string("one\0two", 7));
  EXPECT_EQ(*read_file(path), std::string("one\0two", 7));
}

TEST(ReadFile, NamesThePathWhenThereIsNone) {
  const auto result = read_file("/no/such/file");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::io);
  EXPECT_EQ(result.error().message, "/no/such/file: No such file or directory");
}

TEST(ReadFile, RefusesFoldersFifosDevicesAndHugeFiles) {
  const test::TempFolder folder;
  const auto fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_FALSE(read_file(folder.path()));
  EXPECT_FALSE(read_file(fifo));
  EXPECT_FALSE(read_file("/dev/zero"));
  EXPECT_FALSE(read_file(folder.write("big", "0123456789"), 9));
}

TEST(OpenBeneath, OpensFilesBesideAndBelow) {
  const test::TempFolder folder;
  folder.write("data/cases.jsonl", "x");
  EXPECT_TRUE(open_beneath(folder.path(), "data/cases.jsonl"));
}

TEST(OpenBeneath, SUI_03_NeverLeavesTheFolder) {
  const test::TempFolder folder;
  const test::TempFolder outside;
  outside.write("secret", "x");
  fs::create_symlink(outside.path() / "secret", folder.path() / "link");
  fs::create_symlink("loop", folder.path() / "loop");
  fs::create_directory_symlink(outside.path(), folder.path() / "dir");
  ASSERT_EQ(::mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
  for (const auto* name : {"../etc/passwd",
                           "/etc/passwd",
                           "~/x",
                           "link",
                           "loop",
                           "dir/secret",
                           "fifo",
                           "a/../../b",
                           "",
                           "/dev/zero",
                           "/proc/self/environ"}) {
    const auto result = open_beneath(folder.path(), name);
    ASSERT_FALSE(result) << name;
    EXPECT_EQ(result.error().kind, ErrorKind::usage) << name;
  }
}

TEST(WriteFileAtomic, ReplacesTheContentAndLeavesNothingElse) {
  const test::TempFolder folder;
  const auto path = folder.write("run.json", "old");
  ASSERT_TRUE(write_file_atomic(path, "new"));
  EXPECT_EQ(*read_file(path), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(WriteFileAtomic, FailsWhereTheFolderIsMissing) {
  const auto status = write_file_atomic("/no/such/folder/x", "y");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::io);
}

TEST(WriteAll, ReportsAFullDevice) {
  const UniqueFd fd(::open("/dev/full", 1));
  const auto status = write_all(fd.get(), "x", "/dev/full");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "/dev/full: No space left on device");
}

}  // namespace
}  // namespace faceoff
