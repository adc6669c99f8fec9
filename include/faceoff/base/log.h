#pragma once

#include <faceoff/base/result.h>

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace faceoff::log {

enum class Level : std::uint8_t { trace, debug, info, warn, error, off };

// Diagnostic logging (not results, not progress). Every line is redacted and passed through
// display_text. Before set_up() only warnings and errors appear, on stderr. Thread-safe.
struct Options {
  Level stderr_level = Level::warn;
  std::filesystem::path file;  // empty: none; otherwise everything from debug up goes there
};
[[nodiscard]] Status set_up(const Options& options);

void trace(std::string_view message);
void debug(std::string_view message);
void info(std::string_view message);
void warn(std::string_view message);
void error(std::string_view message);
[[nodiscard]] bool enabled(Level level) noexcept;

}  // namespace faceoff::log
