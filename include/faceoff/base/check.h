#pragma once

namespace faceoff::detail {
[[noreturn]] void check_failed(const char* file, int line, const char* condition, const char* why);
}  // namespace faceoff::detail

// A defect of this program, never reachable by user input: prints where and why, then aborts.
#define FACEOFF_CHECK(condition, why)                                         \
  do {                                                                        \
    if (!(condition)) {                                                       \
      ::faceoff::detail::check_failed(__FILE__, __LINE__, #condition, (why)); \
    }                                                                         \
  } while (false)
