#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace faceoff::test {

// Compares `actual` with tests/data/<name>. With FACEOFF_UPDATE_GOLDEN=1 the file is rewritten, so
// that the change shows in the diff.
inline void expect_golden(std::string_view name, std::string_view actual) {
  const std::filesystem::path file = std::filesystem::path(FACEOFF_TEST_DATA) / name;
  const char* update = std::getenv("FACEOFF_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << actual;
    return;
  }
  std::ifstream in(file, std::ios::binary);
  ASSERT_TRUE(in.good()) << "missing " << file << "; run once with FACEOFF_UPDATE_GOLDEN=1";
  const std::string expected{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(actual, expected) << "in " << file;
}

}  // namespace faceoff::test
