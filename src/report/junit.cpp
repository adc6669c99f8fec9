// JUnit XML in the form that Jenkins' schema knows (junit-10.xsd of its xunit plugin); docs/ci.md
// says what each CI makes of it.

#include "junit.h"

#include "case_text.h"
#include "look.h"
#include "media.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/report/case_views.h>
#include <faceoff/report/reporter.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using junit::Kind;
using junit::Suite;
using junit::TestCase;

TestCase gate_case(const compare::GateResult& gate, bool inconclusive_fails) {
  TestCase test{.name = gate.label, .body = gate.message};
  if (gate.state == compare::GateState::fail) {
    test.kind = Kind::failure;
    test.type = "gate";
  } else if (!gate.comparable) {
    test.kind = Kind::error;
    test.type = "not_comparable";
  } else if (gate.state == compare::GateState::inconclusive) {
    test.kind = inconclusive_fails ? Kind::failure : Kind::skipped;
    test.type = "inconclusive";
  }
  return test;
}

// Never empty: a run that did not end well shows even without a gate.
Suite gates_suite(const Report& report) {
  Suite suite{.name = "gates", .tests = {}};
  TestCase whole{.name = "the run is complete"};
  if (report.manifest.state != store::RunState::complete) {
    whole.kind = Kind::error;
    whole.type = std::string(store::to_string(report.manifest.state));
    whole.body = "the run did not end: " + whole.type;
  }
  suite.tests.push_back(std::move(whole));
  for (const compare::GateResult& gate : report.gates) {
    suite.tests.push_back(gate_case(gate, report.manifest.gating.inconclusive_fails));
  }
  if (!report.gates_note.empty()) {
    suite.tests.push_back({.name = "gates are judged",
                           .kind = Kind::skipped,
                           .type = "not_judged",
                           .body = report.gates_note});
  }
  return suite;
}

Suite flips_suite(const Report& report, const compare::PairComparison& pair) {
  Suite suite{.name = fmt::format("{} against {}",
                                  marked_name(report, pair.candidate),
                                  marked_name(report, pair.reference)),
              .tests = {}};
  for (const std::string& id : pair.score.only_reference_passes) {
    suite.tests.push_back({.name = id,
                           .kind = Kind::failure,
                           .type = "flip",
                           .body = fmt::format("{} passes this case, {} does not",
                                               display_text(pair.reference),
                                               display_text(pair.candidate))});
  }
  for (const std::string& id : pair.score.only_candidate_passes) {
    suite.tests.push_back({.name = id});
  }
  const std::uint64_t listed =
      pair.score.only_reference_passes.size() + pair.score.only_candidate_passes.size();
  const std::uint64_t all = pair.score.n_only_reference_passes + pair.score.n_only_candidate_passes;
  if (listed < all) {
    suite.tests.push_back({.name = "further flips",
                           .kind = Kind::skipped,
                           .type = "left_out",
                           .body = fmt::format("{} more are not listed", all - listed)});
  }
  return suite;
}

// "2026-08-22T14:03:11" of "2026-08-22T14:03:11.042Z".
std::string timestamp_of(const store::Manifest& run) {
  constexpr std::size_t kSeconds = 19;
  const std::string& utc = run.started_utc;
  return utc.size() > kSeconds && utc[10] == 'T' ? utc.substr(0, kSeconds) : std::string();
}

void write_test(const TestCase& test, const std::string& classname, std::string& out) {
  out += fmt::format(
      "    <testcase classname=\"{}\" name=\"{}\"", classname, xml_attribute(test.name));
  if (test.seconds) {
    out += fmt::format(" time=\"{:.3f}\"", *test.seconds);
  }
  if (test.kind == Kind::passed && test.body.empty()) {
    out += "/>\n";
    return;
  }
  out += ">";
  if (test.kind == Kind::passed) {
    out += "<system-out>" + xml_text(test.body) + "</system-out>";
  } else {
    const std::string_view element = test.kind == Kind::failure ? "failure"
                                     : test.kind == Kind::error ? "error"
                                                                : "skipped";
    // GitLab shows the body and not the message, Jenkins both.
    const std::string_view first = std::string_view(test.body).substr(0, test.body.find('\n'));
    out += fmt::format("<{0} type=\"{1}\" message=\"{2}\">{3}</{0}>",
                       element,
                       xml_attribute(test.type),
                       xml_attribute(fit_width(display_text(first), 200)),
                       xml_text(test.body));
  }
  out += "</testcase>\n";
}

std::size_t count(const Suite& suite, Kind kind) {
  return static_cast<std::size_t>(std::ranges::count(suite.tests, kind, &TestCase::kind));
}

constexpr std::size_t kMostAnswer = 2000;
// GitLab takes files below 30 MB.
constexpr std::size_t kMostBytes = 25'000'000;

TestCase test_of(const CaseView& item, const store::Record& record, bool repeats) {
  using score::Outcome;
  TestCase test{.name = item.id};
  if (repeats) {
    test.name += fmt::format("#{}", record.repeat);
  }
  if (record.timing.e2e) {
    test.seconds = to_seconds(*record.timing.e2e);
  }
  if (record.outcome == Outcome::failed) {
    test.kind = Kind::error;
    test.type = record.error ? std::string(backend::to_string(*record.error)) : "failed";
  } else if (!record.value) {
    test.kind = Kind::skipped;
    test.type = std::string(score::to_string(record.outcome));
  } else if (*record.value < 0.5) {
    test.kind = Kind::failure;
    test.type =
        record.outcome == Outcome::scored ? "score" : std::string(score::to_string(record.outcome));
  } else {
    return test;
  }
  test.body = why_text(record);
  if (const std::string answer = answer_text(record); !answer.empty()) {
    test.body += fmt::format("\nanswer: {}", std::string_view(answer).substr(0, kMostAnswer));
  }
  return test;
}

// One suite for each column. Cases beyond the limit are counted, not listed.
Result<std::vector<Suite>> case_suites(const Report& report, const CaseViews& cases) {
  std::vector<Suite> suites;
  for (const CaseColumn& column : cases.columns()) {
    suites.push_back({.name = marked_name(report, column.label), .tests = {}});
  }
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (bytes > kMostBytes) {
      for (Suite& suite : suites) {
        suite.tests.push_back(
            {.name = "further cases",
             .kind = Kind::skipped,
             .type = "left_out",
             .body = fmt::format("{} more cases are not listed: the file would be too large",
                                 cases.size() - i)});
      }
      break;
    }
    FACEOFF_TRY_ASSIGN(const CaseView item, cases.at(i));
    for (std::size_t column = 0; column < item.answers.size(); ++column) {
      for (const store::Record& record : item.answers[column]) {
        suites[column].tests.push_back(test_of(item, record, item.answers[column].size() > 1));
        const TestCase& test = suites[column].tests.back();
        // The first line of a body stands there twice, and escapes take room.
        bytes += 200 + test.name.size() + suites[column].name.size() + 2 * test.body.size();
      }
    }
  }
  return suites;
}

void write_suite(const Suite& suite, const Report& report, std::string& out) {
  const std::string classname =
      xml_attribute(fmt::format("faceoff.{}.{}", report.manifest.suite, suite.name));
  double seconds = 0;
  for (const TestCase& test : suite.tests) {
    seconds += test.seconds.value_or(0.0);
  }
  out += fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
      "time=\"{:.3f}\"",
      classname,
      suite.tests.size(),
      count(suite, Kind::failure),
      count(suite, Kind::error),
      count(suite, Kind::skipped),
      seconds);
  if (const std::string when = timestamp_of(report.manifest); !when.empty()) {
    out += fmt::format(" timestamp=\"{}\"", xml_attribute(when));
  }
  out += ">\n";
  for (const TestCase& test : suite.tests) {
    write_test(test, classname, out);
  }
  out += "  </testsuite>\n";
}

// GitLab drops every later test of a name that it has seen.
void make_names_unique(Suite& suite) {
  std::set<std::string> seen;
  for (TestCase& test : suite.tests) {
    const std::string name = test.name;
    for (int number = 2; !seen.insert(display_text(test.name)).second; ++number) {
      test.name = fmt::format("{} ({})", name, number);
    }
  }
}

}  // namespace

Status write_junit(const Report& report, const RenderOptions& options, const Sink& sink) {
  std::vector<Suite> suites{gates_suite(report)};
  if (options.junit_level == JunitLevel::flips) {
    for (const compare::PairComparison& pair : report.comparisons) {
      suites.push_back(flips_suite(report, pair));
    }
  } else if (options.junit_level == JunitLevel::cases && report.cases != nullptr) {
    FACEOFF_TRY_ASSIGN(auto of_cases, case_suites(report, *report.cases));
    std::ranges::move(of_cases, std::back_inserter(suites));
  }
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::string body;
  for (Suite& suite : suites) {
    make_names_unique(suite);
    tests += suite.tests.size();
    failures += count(suite, Kind::failure);
    errors += count(suite, Kind::error);
    write_suite(suite, report, body);
  }
  FACEOFF_TRY(
      sink(fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<testsuites name=\"faceoff\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                       tests,
                       failures,
                       errors)));
  FACEOFF_TRY(sink(body));
  return sink("</testsuites>\n");
}

}  // namespace faceoff::report
