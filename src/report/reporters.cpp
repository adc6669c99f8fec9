#include <faceoff/report/reporter.h>

#include <algorithm>
#include <array>

namespace faceoff::report {
namespace {

constexpr std::array kReporters{
#define FACEOFF_REPORTER(name, extension, summary, write) Reporter{name, extension, summary, write},
#include "reporters.def"
#undef FACEOFF_REPORTER
};

}  // namespace

std::span<const Reporter> all() {
  return kReporters;
}

const Reporter* find(std::string_view name) noexcept {
  const auto* const found = std::find_if(
      kReporters.begin(), kReporters.end(), [&](const Reporter& row) { return row.name == name; });
  return found == kReporters.end() ? nullptr : &*found;
}

}  // namespace faceoff::report
