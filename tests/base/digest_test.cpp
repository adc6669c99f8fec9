#include <faceoff/base/digest.h>

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

}  // namespace
}  // namespace faceoff
