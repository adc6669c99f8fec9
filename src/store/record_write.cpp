#include "json.h"
#include "line_format.h"

#include <faceoff/base/base64.h>
#include <faceoff/base/digest.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>
#include <faceoff/store/json_line.h>
#include <faceoff/store/record.h>

#include <utility>

namespace faceoff::store {
namespace {

std::string_view name_of(score::Verdict verdict) {
  switch (verdict) {
    case score::Verdict::scored:
      return "scored";
    case score::Verdict::no_extraction:
      return "no_extraction";
    case score::Verdict::unscored:
      return "unscored";
  }
  return "unscored";
}

void write_params(JsonLine& out, const chat::Params& p) {
  out.open('{')
      .member_if("temperature", p.temperature)
      .member_if("top_p", p.top_p)
      .member_if("top_k", p.top_k)
      .member_if("min_p", p.min_p)
      .member_if("repeat_penalty", p.repeat_penalty)
      .member_if("presence_penalty", p.presence_penalty)
      .member_if("frequency_penalty", p.frequency_penalty)
      .member_if("max_tokens", p.max_tokens)
      .member_if("seed", p.seed)
      .member_if("top_logprobs", p.top_logprobs)
      .member_if("reasoning_effort", p.reasoning_effort)
      .member_if("response_format", p.response_format);
  if (!p.stop.empty()) {
    out.member("stop", p.stop);
  }
  out.close('}');
}

// Bytes that are no UTF-8 survive in base64 beside the readable text.
void put_text(JsonLine& out, const std::string& key, const std::string& text) {
  out.member(key, text);
  if (!is_valid_utf8(text)) {
    out.member(key + "_b64", to_base64(text));
  }
}

void write_completion(JsonLine& out, const chat::Completion& c) {
  out.open('{');
  put_text(out, "text", c.text);
  if (!c.reasoning.empty()) {
    put_text(out, "reasoning", c.reasoning);
  }
  out.member("refusal", c.refusal).key("tool_calls").open('[');
  for (const auto& call : c.tool_calls) {
    out.open('{')
        .member("id", call.id)
        .member("name", call.name)
        .member("arguments", call.arguments)
        .close('}');
  }
  out.close(']')
      .member("finish", chat::to_string(c.finish))
      .member("finish_reason", c.finish_text)
      .member("model", c.model)
      .member("fingerprint", c.fingerprint);
  if (!c.first_token.empty()) {
    out.key("first_token").open('[');
    for (const auto& chance : c.first_token) {
      out.open('{').member("token", chance.token).member("logprob", chance.logprob).close('}');
    }
    out.close(']');
  }
  out.close('}');
}

void write_usage(JsonLine& out, const chat::Usage& u) {
  out.open('{')
      .member("prompt_tokens", u.prompt_tokens)
      .member("completion_tokens", u.completion_tokens)
      .member("cached_tokens", u.cached_tokens)
      .member("reasoning_tokens", u.reasoning_tokens)
      .member("source", u.source)
      .close('}');
}

void write_server(JsonLine& out, const chat::ServerTiming& s) {
  out.open('{')
      .member_if("queue_ms", s.queue_ms)
      .member_if("load_ms", s.load_ms)
      .member_if("prompt_ms", s.prompt_ms)
      .member_if("prompt_n", s.prompt_n)
      .member_if("predicted_ms", s.predicted_ms)
      .member_if("predicted_n", s.predicted_n)
      .member_if("processing_ms", s.processing_ms)
      .member_if("ttft_ms", s.ttft_ms)
      .member_if("itl_ms", s.itl_ms)
      .close('}');
}

std::optional<double> rounded(const std::optional<Duration>& d) {
  return d ? std::optional(rounded_ms(to_ms(*d))) : std::nullopt;
}

void write_times(JsonLine& out, std::string_view key, const std::vector<double>& times) {
  out.key(key).open('[');
  for (const double ms : times) {
    out.value(rounded_ms(ms));
  }
  out.close(']');
}

void write_timing(JsonLine& out, const Record& record) {
  const chat::Timing& t = record.timing;
  out.open('{')
      .member("client_queue_ms", rounded_ms(to_ms(record.client_queue)))
      .member("connect_ms", rounded(t.connect))
      .member("ttfb_ms", rounded(t.ttfb))
      .member("ttft_ms", rounded(t.ttft))
      .member("ttfo_ms", rounded(t.ttfo))
      .member("e2e_ms", rounded(t.e2e))
      .member("tpot_ms", rounded(t.tpot))
      .member("max_gap_ms", rounded(t.max_gap))
      .member("tail_ms", rounded(t.tail))
      .member("char_s", t.characters_per_second)
      .member("burst_index", t.burst_index)
      .member("token_events", t.token_events)
      .member("coalesced", t.coalesced)
      .member("kernel_stamps", t.kernel_stamps)
      .member("streamed", t.streamed)
      .member("conn_reused", t.connection_reused)
      .member("stamp_source", chat::to_string(t.source));
  write_times(out, "events_ms", t.events_ms);
  out.member("events", t.events);
  write_times(out, "other_ms", t.other_ms);
  out.member_if("dns_ms", rounded(t.dns))
      .member_if("tls_ms", rounded(t.tls))
      .member_if("eventual_ms", rounded(t.eventual))
      .member_if("throttled_ms", rounded(t.throttled));
  if (!t.event_tokens.empty()) {
    out.member("event_tokens", t.event_tokens);
  }
  out.close('}');
}

void write_attempts(JsonLine& out, const std::vector<Attempt>& attempts) {
  out.open('[');
  for (const auto& a : attempts) {
    out.open('{')
        .member("number", a.number)
        .member("started", a.started_utc)
        .member("http_status", a.http_status)
        .key("error");
    if (a.failure) {
      out.value(backend::to_string(*a.failure));
    } else {
      out.null();
    }
    out.member("wait_ms", rounded_ms(to_ms(a.waited))).member("took_ms", rounded_ms(to_ms(a.took)));
    if (!a.message.empty()) {
      out.member("message", redactor().redact(a.message));
    }
    if (a.resent > 0) {
      out.member("resent", a.resent);
    }
    if (!a.note.empty()) {
      out.member("note", a.note);
    }
    out.close('}');
  }
  out.close(']');
}

std::string_view name_of(score::Preferred preferred) {
  switch (preferred) {
    case score::Preferred::self:
      return "this";
    case score::Preferred::other:
      return "opponent";
    case score::Preferred::neither:
      return "tie";
    case score::Preferred::nothing:
      break;
  }
  return "none";
}

void write_asked(JsonLine& out, const score::Asked& asked) {
  out.open('{')
      .member("backend", asked.backend)
      .member("purpose", asked.purpose)
      .member("model", asked.model)
      .member("digest", asked.digest)
      .member("verdict", asked.verdict)
      .member("answer", asked.answer)
      .key("usage");
  write_usage(out, asked.usage);
  if (!asked.failure.empty()) {
    out.member("failure", redactor().redact(asked.failure));
  }
  if (asked.cost) {
    out.member("cost_usd", decimal_dollars(*asked.cost));
  }
  if (asked.simulated) {
    out.member("simulated", true);
  }
  out.close('}');
}

void write_duel(JsonLine& out, const score::Duel& duel) {
  out.open('{').member("opponent", duel.opponent).member("outcome", name_of(duel.outcome));
  out.key("verdicts").open('[');
  for (const auto& verdict : duel.verdicts) {
    out.open('{')
        .member("judge", verdict.judge)
        .member("shown_first", name_of(verdict.shown_first))
        .member("shown_second", name_of(verdict.shown_second))
        .close('}');
  }
  out.close(']');
  if (!duel.note.empty()) {
    out.member("note", redactor().redact(duel.note));
  }
  out.close('}');
}

void write_judged(JsonLine& out, const score::Judged& judged) {
  out.open('{')
      .member("prompt", judged.prompt)
      .member("menu", judged.menu)
      .member("ordered", judged.ordered);
  out.key("asked").open('[');
  for (const auto& asked : judged.asked) {
    write_asked(out, asked);
  }
  out.close(']');
  if (!judged.duels.empty()) {
    out.key("duels").open('[');
    for (const auto& duel : judged.duels) {
      write_duel(out, duel);
    }
    out.close(']');
  }
  if (!judged.canaries.empty()) {
    out.key("canaries").open('[');
    for (const auto& canary : judged.canaries) {
      out.open('{').member("judge", canary.judge).member("held", canary.held).close('}');
    }
    out.close(']');
  }
  if (judged.human) {
    out.member("human", *judged.human);
  }
  if (judged.awaits) {
    out.member("awaits", true);
  }
  out.close('}');
}

void write_score(JsonLine& out, const score::Score& s) {
  out.open('{').member("scorer", s.scorer).member("verdict", name_of(s.verdict)).key("value");
  if (s.verdict == score::Verdict::unscored) {
    out.null();
  } else {
    out.value(s.value);
  }
  out.member("answer", s.answer).member("reason", s.reason);
  if (!s.label.empty()) {
    out.member("label", s.label);
  }
  if (!s.counts) {
    out.member("counts", false);
  }
  if (!s.trace.empty()) {
    out.key("trace").open('[');
    for (const auto& step : s.trace) {
      out.open('{').member("step", step.step).member("taken", step.taken).close('}');
    }
    out.close(']');
  }
  if (s.statistics) {
    out.key("statistics")
        .open('{')
        .member("rule", s.statistics->rule)
        .member("counts", s.statistics->counts)
        .close('}');
  }
  out.member_if("weight", s.weight)
      .member_if("threshold", s.threshold)
      .member_if("graded", s.graded);
  if (s.judged) {
    out.key("judged");
    write_judged(out, *s.judged);
  }
  out.close('}');
}

void write_request(JsonLine& out, const Record& record) {
  out.open('{').member("digest", record.digest).key("messages").open('[');
  for (const auto& m : record.messages) {
    out.open('{').member("role", chat::to_string(m.role)).member("content", m.text).close('}');
  }
  out.close(']').key("params");
  write_params(out, record.params);
  out.close('}');
}

void write_end(JsonLine& out, const Record& record, std::string_view run) {
  out.key("error");
  if (record.error) {
    out.open('{')
        .member("kind", backend::to_string(*record.error))
        .member("message", redactor().redact(record.error_message))
        .close('}');
  } else {
    out.null();
  }
  out.member("warnings", record.warnings)
      .member("simulated", record.simulated)
      .member("cached", record.cached);
  if (const std::string_view id = run.empty() ? record.run : run; !id.empty()) {
    out.member("run", id);
  }
  if (record.suspended) {
    out.member("suspended", true);
  }
  if (record.cost) {
    out.member("cost_usd", decimal_dollars(*record.cost));
  }
  if (record.scores.size() > 1) {
    out.member("combined", record.combined == suite::Combine::mean ? "mean" : "lowest");
  }
  out.member_if("graded", record.graded).member_if("threshold", record.threshold);
  if (record.awaits) {
    out.member("awaits", true);
  }
  if (const auto& about = record.asked_for) {
    out.key("asked_for")
        .open('{')
        .member("backend", about->backend)
        .member("opponent", about->opponent)
        .member("scorer", about->scorer)
        .member("purpose", about->purpose)
        .close('}');
  }
}

std::string write_record(const Record& record, std::string_view run) {
  JsonLine out;
  out.open('{')
      .member("schema", kRecordSchema)
      .member("suite", record.suite)
      .member("case", record.case_id)
      .member("backend", record.backend)
      .member("repeat", record.repeat)
      .member("outcome", score::to_string(record.outcome))
      .member("value", record.value)
      .member("tags", record.tags)
      .member("cluster", record.cluster)
      .member("targets", record.targets)
      .key("request");
  write_request(out, record);
  out.key("completion");
  write_completion(out, record.completion);
  out.key("usage");
  write_usage(out, record.completion.usage);
  out.key("timing");
  write_timing(out, record);
  out.key("server_timing");
  write_server(out, record.completion.server);
  out.key("attempts");
  write_attempts(out, record.attempts);
  out.key("scores").open('[');
  for (const auto& s : record.scores) {
    write_score(out, s);
  }
  out.close(']');
  write_end(out, record, run);
  out.close('}');
  return out.take();
}

}  // namespace

TrialKey key_of(const Record& record) {
  return {.case_id = record.case_id,
          .backend = record.backend,
          .repeat = record.repeat,
          .digest = request_digest(record.digest, record.params)};
}

std::string request_digest(std::string_view case_digest, const chat::Params& params) {
  JsonLine text;
  write_params(text, params);
  return sha256_hex(std::string(case_digest) + "\n" + text.take());
}

std::string to_line(const Record& record, std::string_view run) {
  std::string line = redactor().redact_known(write_record(record, run));
  line.pop_back();
  const std::string crc = crc32_hex(line);
  line += kCrcPrefix;
  line += crc;
  line += "\"}";
  return line;
}

}  // namespace faceoff::store
