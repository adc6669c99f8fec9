#pragma once

#include <faceoff/store/record.h>

#include <chrono>
#include <string>

namespace faceoff::store::test {

// A record in which every member is set.
inline Record full_record() {
  using namespace std::chrono_literals;
  Record r;
  r.suite = "arithmetic";
  r.case_id = "add-1";
  r.backend = "llama";
  r.repeat = 2;
  r.tags = {"add", "easy"};
  r.cluster = "sums";
  r.targets = {"42", "forty-two"};
  r.digest = "d1";
  r.messages = {{.role = chat::Role::system, .text = "Be brief."},
                {.role = chat::Role::user, .text = "17 + 25?"}};
  r.params.temperature = 0.0;
  r.params.max_tokens = 16;
  r.params.seed = 7;
  r.params.stop = {"\n"};
  r.params.response_format = "json";
  r.outcome = score::Outcome::scored;
  r.value = 1.0;
  r.scores = {{.scorer = "number",
               .verdict = score::Verdict::scored,
               .value = 1.0,
               .answer = "42",
               .reason = "equal"}};
  r.completion.text = "42 – é😀";
  r.completion.reasoning = "17 and 25";
  r.completion.tool_calls = {{.id = "c1", .name = "f", .arguments = "{\"a\":1}"}};
  r.completion.finish = chat::Finish::stop;
  r.completion.finish_text = "stop";
  r.completion.model = "tiny";
  r.completion.fingerprint = "b1";
  r.completion.usage = {.prompt_tokens = 21,
                        .completion_tokens = 2,
                        .cached_tokens = 0,
                        .reasoning_tokens = std::nullopt,
                        .source = "usage"};
  r.completion.server.prompt_ms = 12.5;
  r.completion.server.predicted_n = 2;
  r.timing.connect = 1200us;
  r.timing.ttfb = 5ms;
  r.timing.ttft = 41200us;
  r.timing.ttfo = 41200us;
  r.timing.e2e = 88ms;
  r.timing.tpot = 23400us;
  r.timing.max_gap = 30ms;
  r.timing.tail = 1ms;
  r.timing.characters_per_second = 55.5;
  r.timing.token_events = 2;
  r.timing.coalesced = 1;
  r.timing.source = chat::StampSource::loop;
  r.timing.events_ms = {41.2, 88.0};
  r.attempts = {{.number = 1,
                 .started_utc = "2026-01-01T00:00:00.000Z",
                 .http_status = 429,
                 .failure = backend::FailureKind::rate_limited,
                 .message = "slow down",
                 .waited = 0ns,
                 .took = 3ms,
                 .note = ""},
                {.number = 2,
                 .started_utc = "2026-01-01T00:00:01.000Z",
                 .http_status = 200,
                 .failure = std::nullopt,
                 .message = "",
                 .waited = 1s,
                 .took = 90ms,
                 .note = "n",
                 .resent = 1}};
  r.warnings = {"no [DONE] after the finish reason"};
  r.client_queue = 250us;
  r.simulated = true;
  return r;
}

inline Record small_record(const std::string& id, score::Outcome outcome = score::Outcome::scored) {
  Record r;
  r.suite = "s";
  r.case_id = id;
  r.backend = "b";
  r.digest = "d";
  r.outcome = outcome;
  if (outcome != score::Outcome::failed) {
    r.value = 1.0;
  } else {
    r.error = backend::FailureKind::server_error;
    r.error_message = "HTTP 500";
  }
  return r;
}

}  // namespace faceoff::store::test
