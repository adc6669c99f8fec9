// Every fault of the wire, provoked by one line of a script: how it is classified, whether it is
// tried again, and that no answer is lost or made up. docs/backends.md has the table for users.
#include "bench.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

namespace faceoff::matrix {
namespace {

using backend::FailureKind;
using testing::HasSubstr;

enum class Again : std::uint8_t { no, once, yes };

std::size_t attempts_of(Again again, std::size_t allowed) {
  switch (again) {
    case Again::no:
      return 1;
    case Again::once:
      return 2;
    case Again::yes:
      break;
  }
  return allowed;
}

struct Row {
  const char* name;   // with the ids of the matrix rows that it covers
  const char* fault;  // one entry of the script's `faults`
  FailureKind kind;
  Again again;            // whether another attempt is made
  const char* part = "";  // of the message
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.fault;
}

// Answers that ran into our limits for the first token or the whole count as infinitely slow and
// are not asked for again (docs/metrics.md); a pause inside an answer is a fault of the wire.
class WireFault : public testing::TestWithParam<Row> {};

// Short limits only where the fault is to meet them: what is slow because the machine is busy must
// not look like one.
Options limits_for(const Row& row) {
  Options options;
  options.deadlines.first_token = row.kind == FailureKind::first_token_timeout ? 400ms : 60s;
  options.deadlines.idle = row.kind == FailureKind::idle_timeout ? 400ms : 60s;
  return options;
}

TEST_P(WireFault, IsNamedForWhatItIsAndTriedAgainWhereThatHelps) {
  const StandIn server(std::string("faults: [") + GetParam().fault + "]\n");
  Bench bench(server.url());
  const store::Record record = bench.ask(limits_for(GetParam()));
  EXPECT_EQ(name_of(record.error), backend::to_string(GetParam().kind)) << record.error_message;
  EXPECT_THAT(record.error_message, HasSubstr(GetParam().part));
  EXPECT_EQ(record.attempts.size(), attempts_of(GetParam().again, 3)) << record.error_message;
  for (const store::Attempt& attempt : record.attempts) {
    EXPECT_EQ(name_of(attempt.failure), backend::to_string(GetParam().kind)) << attempt.message;
  }
  EXPECT_NE(record.outcome, score::Outcome::scored);
  EXPECT_NE(record.value, 1.0);
}

// The same fault on the first attempt only: what may be tried again ends as if nothing had been.
TEST_P(WireFault, EndsInTheSameAnswerWhenItStrikesOnce) {
  const std::string fault = GetParam().fault;
  const StandIn server("faults: [" + fault.substr(0, fault.size() - 1) + ", times: 1}]\n");
  Bench bench(server.url());
  Options options = limits_for(GetParam());
  options.retry.max_retries = 20;
  const store::Record record = bench.ask(options);
  if (GetParam().again != Again::no) {
    EXPECT_EQ(record.value, 1.0) << record.error_message;
    EXPECT_EQ(record.completion.text, kAnswer);
    EXPECT_GE(record.attempts.size(), 2U);
  } else {
    EXPECT_NE(record.outcome, score::Outcome::scored);
    EXPECT_EQ(record.attempts.size(), 1U);
  }
}

// clang-format off
const Row kRows[] = {
    // name, script line, kind, tried again
    {"Net04Empty", "{kind: empty}", FailureKind::empty_reply, Again::yes},
    {"Net04ResetBefore", "{kind: reset_before}", FailureKind::reset, Again::yes},
    {"Net05ResetMid", "{kind: reset, after_tokens: 2}", FailureKind::truncated, Again::yes},
    {"Net05CloseInAChunk", "{kind: close, after_tokens: 2}", FailureKind::truncated, Again::yes},
    {"Net05CloseBeforeTheLength", "{kind: short_length}", FailureKind::truncated, Again::yes},
    {"Net06CloseWithoutLength", "{kind: no_length, after_tokens: 2}", FailureKind::truncated, Again::yes},
    {"Net06NoFinish", "{kind: no_finish}", FailureKind::truncated, Again::yes},
    {"Net08Stall", "{kind: stall, after_tokens: 2}", FailureKind::idle_timeout, Again::yes},
    {"Net09Comments", "{kind: keepalive_comments, for: 1h, interval: 50ms}", FailureKind::first_token_timeout, Again::no},
    {"Net10SlowHeader", "{kind: slow_header, interval: 50ms}", FailureKind::first_token_timeout, Again::no},
    {"Net11BadChunk", "{kind: bad_chunk}", FailureKind::protocol, Again::once},
    {"Net11Garbage", "{kind: garbage}", FailureKind::not_http, Again::no, "does not speak HTTP"},
    {"Net11Http09", "{kind: http09}", FailureKind::not_http, Again::no, "does not speak HTTP"},
    {"Net11TlsBytes", "{kind: tls_bytes}", FailureKind::not_http, Again::no, "https://"},
    {"Net11NulHeader", "{kind: nul_header}", FailureKind::protocol, Again::no},
    {"Net11TwoLengths", "{kind: two_lengths}", FailureKind::protocol, Again::no, "Content-Length"},
    {"Net11BigHeader", "{kind: big_header}", FailureKind::protocol, Again::no, "100 kB"},
    {"Net11ManyHeaders", "{kind: many_headers}", FailureKind::protocol, Again::no, "headers"},
    {"Net12Endless", "{kind: endless}", FailureKind::too_large, Again::no},
    {"Net12GzipBomb", "{kind: gzip_bomb}", FailureKind::bad_content_type, Again::no},
    {"Net15Html", "{kind: html}", FailureKind::bad_content_type, Again::no, "Sign in"},
    {"Net15StreamError", "{kind: stream_error, after_tokens: 1}", FailureKind::stream_error, Again::yes},
    {"Net15NotJson", "{kind: not_json, after_tokens: 1}", FailureKind::stream_error, Again::yes},
    {"NoContent", "{kind: no_content}", FailureKind::empty_reply, Again::no},
    {"Key03Redirect307", "{kind: redirect, location: 'http://127.0.0.1:9/'}", FailureKind::redirect, Again::no, "127.0.0.1:9"},
    {"Key03Redirect302", "{kind: redirect, status: 302, location: 'http://127.0.0.1:9/'}", FailureKind::redirect, Again::no, "127.0.0.1:9"},
    {"Key03Redirect308", "{kind: redirect, status: 308, location: 'http://127.0.0.1:9/'}", FailureKind::redirect, Again::no, "127.0.0.1:9"},
    {"Net18Status429", "{kind: status, status: 429, retry_after: '0'}", FailureKind::rate_limited, Again::yes},
    {"Net18Status500", "{kind: status, status: 500}", FailureKind::server_error, Again::yes},
    {"Net18Status503", "{kind: status, status: 503}", FailureKind::overloaded, Again::yes},
    {"Status429Quota", "{kind: status, status: 429, body_type: quota}", FailureKind::quota, Again::no},
    {"Status401", "{kind: status, status: 401}", FailureKind::auth, Again::no},
    {"Status400", "{kind: status, status: 400}", FailureKind::bad_request, Again::no},
};
// clang-format on

struct Documented {
  std::string kind;        // or "an answer"
  std::string again = {};  // "no", "once", "yes"
};

// Script line to what docs/simulate.md promises of it.
std::map<std::string, Documented> documented() {
  std::map<std::string, Documented> rows;
  std::ifstream in(std::string(FACEOFF_SOURCE_DIR) + "/docs/simulate.md");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("| `{kind:")) {
      continue;
    }
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(1));
    for (std::string cell; std::getline(parts, cell, '|');) {
      std::erase(cell, '`');
      cells.emplace_back(trim(cell));
    }
    if (cells.size() == 4) {
      rows[cells[0]] = {.kind = cells[2], .again = cells[3]};
    } else {
      ADD_FAILURE() << line;
    }
  }
  return rows;
}

TEST(WireFaultTable, OfTheDocumentationIsTheOneThatIsTested) {
  const auto rows = documented();
  for (const Row& row : kRows) {
    const auto found = rows.find(row.fault);
    // Further redirects are variants of one line.
    if (found == rows.end()) {
      EXPECT_THAT(row.fault, HasSubstr("redirect")) << "not in docs/simulate.md";
      continue;
    }
    EXPECT_EQ(found->second.kind, backend::to_string(row.kind)) << row.fault;
    constexpr std::array kWords{"no", "once", "yes"};
    EXPECT_EQ(found->second.again, kWords.at(static_cast<std::size_t>(row.again))) << row.fault;
  }
  for (const auto& [line, row] : rows) {
    const bool tested = std::ranges::any_of(kRows, [&](const Row& r) { return line == r.fault; });
    // An outage changes kind while it lasts: net_rows_test.cpp.
    EXPECT_EQ(tested, row.kind != "an answer" && !line.starts_with("{kind: outage")) << line;
    if (row.kind == "an answer") {
      const StandIn server("faults: [" + line + "]\n");
      Bench bench(server.url());
      const store::Record record = bench.ask();
      EXPECT_EQ(record.value, 1.0) << line << ": " << record.error_message;
      EXPECT_EQ(record.attempts.size(), 1U) << line;
    }
  }
}

TEST(WireFaultTable, HasALineForEveryKind) {
  const auto rows = documented();
  for (const std::string_view kind : simulate::fault_kinds()) {
    const std::string begin = "{kind: " + std::string(kind);
    EXPECT_TRUE(std::ranges::any_of(rows, [&](const auto& row) {
      return row.first.starts_with(begin + "}") || row.first.starts_with(begin + ",");
    })) << kind;
  }
}

INSTANTIATE_TEST_SUITE_P(Matrix, WireFault, testing::ValuesIn(kRows), [](const auto& row) {
  return std::string(row.param.name);
});

}  // namespace
}  // namespace faceoff::matrix
