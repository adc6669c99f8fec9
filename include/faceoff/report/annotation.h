#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace faceoff::report {

enum class Level : std::uint8_t { notice, warning, error };

// Where in the repository; a line of 0: nowhere.
struct SourcePlace {
  std::string_view file = {};
  std::uint64_t line = 0;
  std::uint64_t column = 0;
};

// A command of GitHub's runner, "::error file=a.yaml,line=3,title=faceoff::message", one line with
// its end. The only way to write one: foreign text in it is escaped and starts no other.
[[nodiscard]] std::string annotation(Level level,
                                     std::string_view title,
                                     std::string_view message,
                                     const SourcePlace& place = {});

}  // namespace faceoff::report
