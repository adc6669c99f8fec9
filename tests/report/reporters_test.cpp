#include "report/sample.h"

#include <faceoff/report/reporter.h>

#include <set>

#include <gtest/gtest.h>

namespace faceoff::report {
namespace {

TEST(Reporters, HaveUniqueNamesThatAreFound) {
  std::set<std::string_view> names;
  for (const Reporter& reporter : all()) {
    EXPECT_TRUE(names.insert(reporter.name).second) << reporter.name;
    EXPECT_EQ(find(reporter.name), &reporter);
    EXPECT_FALSE(reporter.extension.empty());
    EXPECT_FALSE(reporter.summary.empty());
  }
  EXPECT_EQ(find("pdf"), nullptr);
}

TEST(Reporters, WriteAnyReportAndEndInANewline) {
  const Report empty = build_report({}, {}, {});
  const Report full = test::full_report();
  for (const Reporter& reporter : all()) {
    for (const Report* report : {&empty, &full}) {
      const std::string text = *to_text(reporter, *report);
      ASSERT_FALSE(text.empty()) << reporter.name;
      EXPECT_EQ(text.back(), '\n') << reporter.name;
      EXPECT_EQ(text, *to_text(reporter, *report)) << reporter.name;
    }
  }
}

TEST(Report, TakesTheHostFromTheBaseUrl) {
  store::Manifest manifest = test::sample_manifest({test::gpt(), test::llama()}, 4);
  manifest.backends[0].base_url = "https://example.org:8443/v1?x=1";
  const Report report = test::report_of(manifest, {});
  EXPECT_EQ(report.columns[0].host, "example.org:8443");
  EXPECT_EQ(report.columns[1].host, "127.0.0.1:8080");
}

}  // namespace
}  // namespace faceoff::report
