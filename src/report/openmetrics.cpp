// OpenMetrics text, as GitLab's metrics reports read it: gauges of one run.

#include "look.h"
#include "media.h"

#include <faceoff/base/units.h>
#include <faceoff/report/reporter.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

// All samples of one name, headed by what it means.
class Family {
 public:
  Family(std::string_view name, std::string_view help) : name_(name) {
    head_ = fmt::format("# TYPE {0} gauge\n# HELP {0} {1}\n", name, help);
  }
  void add(const std::string& labels, std::optional<double> value) {
    if (value) {
      samples_ += fmt::format("{}{{{}}} {}\n", name_, labels, *value);
    }
  }
  [[nodiscard]] std::string text() const { return samples_.empty() ? "" : head_ + samples_; }

 private:
  std::string name_;
  std::string head_;
  std::string samples_;
};

std::string labels_of(const Report& report, const Column& column) {
  return fmt::format("suite={},backend={}{}",
                     metric_label(report.manifest.suite),
                     metric_label(column.summary.backend),
                     is_simulated(column) ? ",simulated=\"true\"" : "");
}

std::string scores(const Report& report) {
  Family score("faceoff_score", "Mean score over all cases, 1 is best.");
  Family low("faceoff_score_low", "Lower end of the score's interval.");
  Family high("faceoff_score_high", "Upper end of the score's interval.");
  Family tag_score("faceoff_tag_score", "Mean score over the cases with a tag.");
  for (const Column& column : report.columns) {
    const std::string labels = labels_of(report, column);
    const compare::ScoreEstimate& estimate = column.summary.all.score;
    score.add(labels, estimate.value);
    low.add(labels, estimate.lo);
    high.add(labels, estimate.hi);
    for (const compare::Slice& slice : column.summary.tags) {
      tag_score.add(labels + ",tag=" + metric_label(slice.tag), slice.score.value);
    }
  }
  return score.text() + low.text() + high.text() + tag_score.text();
}

std::string latencies(const Report& report) {
  Family ttft("faceoff_first_token_seconds", "Time to the first token.");
  Family e2e("faceoff_answer_seconds", "Time to the whole answer.");
  Family rate("faceoff_decode_tokens_per_second", "Median rate of one answer.");
  for (const Column& column : report.columns) {
    const std::string labels = labels_of(report, column);
    const auto add = [&labels](Family& family, const compare::LatencySummary& latency) {
      family.add(labels + ",quantile=\"0.5\"", latency.p50.value);
      family.add(labels + ",quantile=\"0.95\"", latency.p95.value);
    };
    add(ttft, column.summary.ttft);
    add(e2e, column.summary.e2e);
    rate.add(labels, column.summary.decode_rate);
  }
  return ttft.text() + e2e.text() + rate.text();
}

std::string counts(const Report& report) {
  Family cases("faceoff_cases", "Cases with a record.");
  Family failed("faceoff_failed_ratio", "Share of trials that failed.");
  Family cost("faceoff_cost_dollars", "What the run cost, where prices are known.");
  Family gates("faceoff_gates", "Gates by state.");
  for (const Column& column : report.columns) {
    const std::string labels = labels_of(report, column);
    const compare::Slice& all = column.summary.all;
    cases.add(labels, static_cast<double>(all.cases));
    if (all.trials > 0) {
      failed.add(labels,
                 static_cast<double>(all.outcomes.of(score::Outcome::failed)) /
                     static_cast<double>(all.trials));
    }
    if (column.summary.with_cost > 0) {
      constexpr double kPicodollars = 1e12;
      cost.add(labels, static_cast<double>(column.summary.cost.picodollars) / kPicodollars);
    }
  }
  using compare::GateState;
  for (const GateState state : {GateState::pass, GateState::fail, GateState::inconclusive}) {
    if (!report.gates.empty()) {
      gates.add(fmt::format("suite={},state=\"{}\"",
                            metric_label(report.manifest.suite),
                            compare::to_string(state)),
                static_cast<double>(
                    std::ranges::count(report.gates, state, &compare::GateResult::state)));
    }
  }
  return cases.text() + failed.text() + cost.text() + gates.text();
}

}  // namespace

std::string write_openmetrics(const Report& report, const RenderOptions& options) {
  static_cast<void>(options);
  return scores(report) + latencies(report) + counts(report) + "# EOF\n";
}

}  // namespace faceoff::report
