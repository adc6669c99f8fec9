#include <faceoff/report/reporter.h>

#include <algorithm>
#include <array>

namespace faceoff::report {
namespace {

template <std::string (*Write)(const Report&, const RenderOptions&)>
Status whole(const Report& report, const RenderOptions& options, const Sink& sink) {
  return sink(Write(report, options));
}

constexpr std::array kReporters{
#define FACEOFF_TEXT_REPORTER(name, extension, summary, write) \
  Reporter{name, extension, summary, false, whole<write>},
#define FACEOFF_CASE_REPORTER(name, extension, summary, write) \
  Reporter{name, extension, summary, true, write},
#include "reporters.def"
#undef FACEOFF_TEXT_REPORTER
#undef FACEOFF_CASE_REPORTER
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

Result<std::string> to_text(const Reporter& reporter,
                            const Report& report,
                            const RenderOptions& options) {
  std::string text;
  FACEOFF_TRY(reporter.write(report, options, [&text](std::string_view piece) -> Status {
    text += piece;
    return {};
  }));
  return text;
}

}  // namespace faceoff::report
