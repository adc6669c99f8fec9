#include "support/temp_folder.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/file_digest.h>

#include <gtest/gtest.h>

namespace faceoff {
namespace {

TEST(Digest, MatchesPublishedVectors) {
  // FIPS 180-2, appendix B.1; RFC 3720 uses another CRC, this is the check value of ISO-HDLC.
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc32_hex(""), "00000000");
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cU);
}

TEST(FileDigest, IsThatOfTheContentHoweverLong) {
  const test::TempFolder folder;
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, (std::size_t{2} << 20U) + 7}) {
    const std::string content(size, 'x');
    const auto digest = sha256_hex_of_file(folder.write("f", content));
    ASSERT_TRUE(digest) << digest.error().message;
    EXPECT_EQ(*digest, sha256_hex(content)) << size;
  }
}

TEST(FileDigest, SaysWhyThereIsNone) {
  const test::TempFolder folder;
  const auto missing = sha256_hex_of_file(folder.path() / "nowhere");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::io);
  const auto not_regular = sha256_hex_of_file(folder.path());
  ASSERT_FALSE(not_regular);
  EXPECT_NE(not_regular.error().message.find("no regular file"), std::string::npos);
  const auto stopped = sha256_hex_of_file(folder.write("f", "x"), [] { return true; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace faceoff
