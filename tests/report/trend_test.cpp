// A suite over its runs: on a terminal, for GitHub, for machines, and as a page.
#include "report/hostile.h"
#include "report/hostile_texts.h"
#include "report/sample.h"
#include "report/tags.h"
#include "support/golden.h"
#include "trend_view.h"

#include <faceoff/base/text.h>
#include <faceoff/report/reporter.h>
#include <faceoff/report/trend.h>


#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faceoff::report {
namespace {

using test::expect_golden;
using test::payloads;
using testing::HasSubstr;
using testing::Not;

Trend sample_trend() {
  Trend trend{.suite = "support", .points = {}};
  for (int i = 0; i < 4; ++i) {
    TrendPoint point;
    point.run = "support-2026082" + std::to_string(i) + "T140311Z-7f3a92c" + std::to_string(i);
    point.suite_digest = i < 3 ? "a" : "b";
    point.started_utc = "2026-08-2" + std::to_string(i) + "T14:03:11.000Z";
    point.state = i == 2 ? "interrupted" : "complete";
    point.backend = "gpt-4o";
    point.model = "gpt-4o-2024-11-20";
    point.cases = 200;
    const double score = 0.8 + 0.02 * i;
    point.score = {.value = score, .lo = score - 0.06, .hi = score + 0.05};
    point.ttft = {.value = 0.41, .lo = 0.39, .hi = 0.44};
    point.e2e = {.value = 1.92, .lo = 1.84, .hi = 2.01};
    trend.points.push_back(point);
  }
  trend.points.back().score.value.reset();
  return trend;
}

TEST(Trend, ShowsRunsAtEveryWidth) {
  std::string all;
  for (const std::size_t width : {0U, 40U, 80U, 120U}) {
    all += "=== " + std::to_string(width) + "\n" + write_trend(sample_trend(), {.width = width});
  }
  all += "=== 80, ASCII\n" + write_trend(sample_trend(), {.width = 80, .unicode = false});
  expect_golden("report/trend.txt", all);
  expect_golden("report/trend.json", write_trend_json(sample_trend()));
}

TEST(Trend, Out01ForeignNamesAreMadeSafe) {
  for (const std::string& payload : payloads()) {
    Trend trend = sample_trend();
    trend.suite = payload;
    for (TrendPoint& point : trend.points) {
      point.backend = payload;
      point.run = payload;
      point.started_utc = payload;
    }
    const std::string text = write_trend(trend, {.width = 80});
    EXPECT_EQ(display_text(text, Lines::keep), text) << display_text(payload);
  }
}

// Four runs of two backends: the second one was left out once, and changed its model in the end.
Trend two_backends() {
  Trend both{.suite = "support", .points = {}};
  for (const TrendPoint& point : sample_trend().points) {
    both.points.push_back(point);
    if (both.points.size() == 1) {
      continue;
    }
    TrendPoint other = point;
    other.backend = "llama-4-scout";
    other.model = both.points.size() > 5 ? "scout-q8" : "scout-q4";
    other.score = {.value = 0.7, .lo = 0.63, .hi = 0.76};
    other.e2e = {.value = 4.1, .lo = 3.9, .hi = 4.4};
    both.points.push_back(std::move(other));
  }
  both.points[1].baseline = "main";
  return both;
}

// Figures that every point of a report's run has, behind two older ones.
Report report_with_trend() {
  const std::vector<test::SampleBackend> backends{test::gpt(), test::llama()};
  std::vector<store::Record> records = test::sample_records(test::gpt(), 12);
  for (store::Record& record : test::sample_records(test::llama(), 12)) {
    records.push_back(std::move(record));
  }
  Report report = test::report_of(test::sample_manifest(backends, 12), records);
  report.trend = two_backends();
  report.trend->run = report.trend->points.back().run;
  return report;
}

std::string without_script(std::string page) {
  const auto from = page.rfind("<script>");
  page.erase(from, page.find("</script>", from) - from);
  return page;
}

TEST(TrendView, PutsPointsOfARunSideBySide) {
  const Trend trend = two_backends();
  const TrendView view(trend);
  ASSERT_EQ(view.runs.size(), 4U);
  ASSERT_EQ(view.backends.size(), 2U);
  EXPECT_EQ(view.runs[0].points[1], nullptr);
  EXPECT_EQ(view.before(1, 1), nullptr);
  EXPECT_EQ(view.before(3, 1), view.runs[2].points[1]);
  EXPECT_TRUE(view.runs[3].suite_changed);
  EXPECT_FALSE(view.runs[2].suite_changed);
  EXPECT_FALSE(continues(*view.runs[3].points[0], *view.runs[2].points[0]));
  EXPECT_TRUE(continues(*view.runs[2].points[0], *view.runs[1].points[0]));
  const TrendView one(trend, {"llama-4-scout"});
  EXPECT_EQ(one.runs.size(), 3U);
  EXPECT_EQ(trend_note(*view.runs[3].points[1], view.runs[2].points[1]),
            "suite changed, other model");
}

TEST(TrendPage, HasChartsAndTheirFigures) {
  const std::string page = write_trend_html(two_backends(), "0.1.0");
  EXPECT_THAT(page, HasSubstr("<h1><bdi>support</bdi></h1>"));
  EXPECT_THAT(page, HasSubstr("score and latency over 4 runs"));
  const auto count = [&page](const std::string& what) {
    std::size_t n = 0;
    for (auto at = page.find(what); at != std::string::npos; at = page.find(what, at + 1)) {
      ++n;
    }
    return n;
  };
  EXPECT_EQ(count("<svg class=\"chart\""), 3U);
  EXPECT_EQ(count("Figures of this chart"), 3U);
  EXPECT_EQ(count("class=\"change\""), 3U);
  EXPECT_EQ(count("class=\"mark hollow\""), 6U);
  EXPECT_THAT(page, HasSubstr("84.0% [78.0, 89.0]"));
  EXPECT_THAT(page, HasSubstr("4.10 s [3.90, 4.40]"));
  EXPECT_THAT(page, HasSubstr("baseline main"));
  // Nothing is loaded, and only what stands in the file is alive.
  EXPECT_EQ(count("http://"), 1U);  // the name of the language of pictures, in our script
  EXPECT_EQ(count("https://"), 0U);
  EXPECT_THAT(page, HasSubstr("default-src &#39;none&#39;; script-src &#39;sha256-"));
  EXPECT_THAT(page, Not(HasSubstr("style=\"")));
}

TEST(TrendPage, ShowsRunsWithoutFigures) {
  Trend trend = sample_trend();
  for (TrendPoint& point : trend.points) {
    point.score = {};
    point.ttft = {.value = 0.0, .lo = 0.0, .hi = std::numeric_limits<double>::infinity()};
    point.e2e = {};
  }
  const std::string page = write_trend_html(trend, "0.1.0");
  EXPECT_THAT(page, Not(HasSubstr("<svg class=\"chart\"")));
  EXPECT_THAT(page, Not(HasSubstr("nan")));
  EXPECT_THAT(write_trend_html({.suite = "none", .points = {}}, "0"), HasSubstr("over 0 runs"));
}

TEST(TrendPage, Out04MakesNoElementOfAnyText) {
  const auto page_with = [](const std::string& text) {
    Trend trend = two_backends();
    trend.suite = text;
    for (TrendPoint& point : trend.points) {
      (point.backend == "gpt-4o" ? point.backend : point.model) = text;
      point.run = point.run.substr(0, point.run.rfind('-') + 1) + text;
      point.started_utc = text;
      point.baseline = text;
      point.suite_digest = text;
      point.cost_usd = text;
    }
    trend.points.front().state = text;
    return without_script(write_trend_html(trend, "0.1.0"));
  };
  const auto harmless = test::tags_in(page_with("plain"));
  for (const std::string& text : test::hostile_texts()) {
    const std::string page = page_with(text);
    EXPECT_TRUE(test::tags_in(page) == harmless) << display_text(text);
    EXPECT_TRUE(is_valid_utf8(page));
    for (const char c : page) {
      const auto byte = static_cast<unsigned char>(c);
      ASSERT_TRUE(byte == '\n' || (byte >= 0x20 && byte != 0x7F)) << display_text(text);
    }
  }
}

TEST(TrendPart, StandsInAReportThatHasRunsBeforeItsOwn) {
  Report report = report_with_trend();
  const std::string page = *to_text(*find("html"), report);
  EXPECT_THAT(page, HasSubstr("<a href=\"#trend\">Trend</a>"));
  EXPECT_THAT(page, HasSubstr("<h2 id=\"trend\">"));
  EXPECT_THAT(page, HasSubstr(">this run</text>"));
  EXPECT_THAT(page, HasSubstr(">baseline</text>"));
  // Alone there is nothing to see.
  std::erase_if(report.trend->points,
                [&](const TrendPoint& point) { return point.run != report.trend->run; });
  EXPECT_THAT(*to_text(*find("html"), report), Not(HasSubstr("id=\"trend\"")));
  report.trend.reset();
  EXPECT_THAT(*to_text(*find("html"), report), Not(HasSubstr("#trend")));
}

}  // namespace
}  // namespace faceoff::report
