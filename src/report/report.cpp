#include <faceoff/base/secret.h>
#include <faceoff/report/report.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace faceoff::report {
namespace {

// Host and port of a URL that was checked when the backend was made.
std::string host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(scheme + 3);
  }
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto user = url.rfind('@'); user != std::string_view::npos) {
    url.remove_prefix(user + 1);
  }
  return std::string(url);
}

}  // namespace

Report build_report(const store::Manifest& manifest,
                    std::span<const compare::Summary> summaries,
                    std::vector<compare::PairComparison> comparisons) {
  Report report;
  report.manifest = manifest;
  for (const compare::Summary& summary : summaries) {
    Column column;
    const auto entry = std::find_if(
        manifest.backends.begin(), manifest.backends.end(), [&](const store::BackendEntry& e) {
          return e.name == summary.backend;
        });
    if (entry != manifest.backends.end()) {
      column.entry = *entry;
    } else {
      column.entry.name = summary.backend;
    }
    column.summary = summary;
    column.host = host_of(column.entry.base_url);
    for (compare::FailureCount& failure : column.summary.failures) {
      failure.message = redactor().redact(failure.message);
    }
    report.columns.push_back(std::move(column));
  }
  for (std::string& argument : report.manifest.command) {
    argument = redactor().redact(argument);
  }
  report.comparisons = std::move(comparisons);
  return report;
}

}  // namespace faceoff::report
