#pragma once

// What a JUnit file is made of. Private to report.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faceoff::report::junit {

enum class Kind : std::uint8_t { passed, failure, error, skipped };

// Strings are foreign; they are made safe where they are written.
struct TestCase {
  std::string name;
  Kind kind = Kind::passed;
  std::string type = {};  // of the failure: gate, score, http_429
  std::string body = {};  // its first line is the message
  std::optional<double> seconds = {};
};

struct Suite {
  std::string name;
  std::vector<TestCase> tests;
};

}  // namespace faceoff::report::junit
