#include "support/temp_folder.h"

#include <faceoff/doc/reader.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace faceoff::doc {
namespace {

using test::TempFolder;
using testing::HasSubstr;

TEST(Load, TakesTheFormatFromTheExtension) {
  const TempFolder folder;
  Diagnostics diagnostics;
  for (const char* name : {"a.yaml", "a.yml", "a.YAML"}) {
    const auto document = load(folder.write(name, "a: [x]\n"), diagnostics);
    ASSERT_TRUE(document && *document) << name;
    EXPECT_EQ(to_json((*document)->root), R"({"a":["x"]})");
  }
  const auto document = load(folder.write("a.json", R"({"a": "\ud83d\ude00"})"), diagnostics);
  ASSERT_TRUE(document && *document);
  EXPECT_EQ((*document)->root.find("a")->text, "😀");
  const auto other = load(folder.write("a.txt", "a: 1"), diagnostics);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::usage);
  EXPECT_THAT(other.error().message, HasSubstr("unknown kind of file '.txt'"));
}

TEST(Load, DropsAByteOrderMark) {
  const TempFolder folder;
  Diagnostics diagnostics;
  const auto document = load(folder.write("a.yaml",
                                          "\xEF\xBB\xBF"
                                          "a: 1\n"),
                             diagnostics);
  ASSERT_TRUE(document && *document);
  EXPECT_EQ((*document)->root.find("a")->span.begin, (Mark{1, 4}));
}

TEST(Load, KeepsTheNameAsGiven) {
  Diagnostics diagnostics;
  const auto document = load("no/such/file.yaml", diagnostics);
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().kind, ErrorKind::io);
  EXPECT_THAT(document.error().message, HasSubstr("no/such/file.yaml"));
}

TEST(SuiteFaults, SUI_01_AFileOf100MegabytesIsRefusedUnread) {
  const TempFolder folder;
  const auto path = folder.write("big.yaml", "a: 1\n");
  ASSERT_EQ(::truncate(path.c_str(), 100L * 1024 * 1024), 0);
  Diagnostics diagnostics;
  const auto document = load(path, diagnostics);
  ASSERT_FALSE(document);
  EXPECT_THAT(document.error().message, HasSubstr("more than the limit"));
}

TEST(SuiteFaults, SUI_03_AFifoIsRefused) {
  const TempFolder folder;
  const auto path = folder.path() / "pipe.yaml";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  Diagnostics diagnostics;
  const auto document = load(path, diagnostics);
  ASSERT_FALSE(document);
  EXPECT_THAT(document.error().message, HasSubstr("is not a regular file"));
}

}  // namespace
}  // namespace faceoff::doc
