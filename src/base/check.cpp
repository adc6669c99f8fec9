#include <faceoff/base/check.h>

#include <cstdio>
#include <cstdlib>

namespace faceoff::detail {

void check_failed(const char* file, int line, const char* condition, const char* why) {
  std::fprintf(stderr, "%s:%d: defect in faceoff: %s (%s)\n", file, line, why, condition);
  std::abort();
}

}  // namespace faceoff::detail
