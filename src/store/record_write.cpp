#include "json.h"
#include "line_format.h"

#include <faceoff/base/base64.h>
#include <faceoff/base/digest.h>
#include <faceoff/base/secret.h>
#include <faceoff/base/text.h>
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

Json write_params(const chat::Params& p) {
  Json out = Json::object();
  const auto put = [&out](const char* key, const auto& value) {
    if (value) {
      out[key] = *value;
    }
  };
  put("temperature", p.temperature);
  put("top_p", p.top_p);
  put("top_k", p.top_k);
  put("min_p", p.min_p);
  put("repeat_penalty", p.repeat_penalty);
  put("presence_penalty", p.presence_penalty);
  put("frequency_penalty", p.frequency_penalty);
  put("max_tokens", p.max_tokens);
  put("seed", p.seed);
  put("reasoning_effort", p.reasoning_effort);
  put("response_format", p.response_format);
  if (!p.stop.empty()) {
    out["stop"] = p.stop;
  }
  return out;
}

// Bytes that are no UTF-8 survive in base64 beside the readable text.
void put_text(Json& out, const char* key, const std::string& text) {
  out[key] = text;
  if (!is_valid_utf8(text)) {
    out[std::string(key) + "_b64"] = to_base64(text);
  }
}

Json write_completion(const chat::Completion& c) {
  Json out;
  put_text(out, "text", c.text);
  if (!c.reasoning.empty()) {
    put_text(out, "reasoning", c.reasoning);
  }
  out["refusal"] = or_null(c.refusal);
  Json calls = Json::array();
  for (const auto& call : c.tool_calls) {
    calls.push_back({{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}});
  }
  out["tool_calls"] = std::move(calls);
  out["finish"] = chat::to_string(c.finish);
  out["finish_reason"] = c.finish_text;
  out["model"] = c.model;
  out["fingerprint"] = c.fingerprint;
  return out;
}

Json write_usage(const chat::Usage& u) {
  return {{"prompt_tokens", or_null(u.prompt_tokens)},
          {"completion_tokens", or_null(u.completion_tokens)},
          {"cached_tokens", or_null(u.cached_tokens)},
          {"reasoning_tokens", or_null(u.reasoning_tokens)},
          {"source", u.source}};
}

Json write_server(const chat::ServerTiming& s) {
  Json out = Json::object();
  const auto put = [&out](const char* key, const auto& value) {
    if (value) {
      out[key] = *value;
    }
  };
  put("queue_ms", s.queue_ms);
  put("load_ms", s.load_ms);
  put("prompt_ms", s.prompt_ms);
  put("prompt_n", s.prompt_n);
  put("predicted_ms", s.predicted_ms);
  put("predicted_n", s.predicted_n);
  put("processing_ms", s.processing_ms);
  return out;
}

Json write_timing(const Record& record) {
  const chat::Timing& t = record.timing;
  Json events = Json::array();
  for (const double ms : t.events_ms) {
    events.push_back(rounded_ms(ms));
  }
  return {{"client_queue_ms", rounded_ms(to_ms(record.client_queue))},
          {"connect_ms", ms_or_null(t.connect)},
          {"ttfb_ms", ms_or_null(t.ttfb)},
          {"ttft_ms", ms_or_null(t.ttft)},
          {"ttfo_ms", ms_or_null(t.ttfo)},
          {"e2e_ms", ms_or_null(t.e2e)},
          {"tpot_ms", ms_or_null(t.tpot)},
          {"max_gap_ms", ms_or_null(t.max_gap)},
          {"tail_ms", ms_or_null(t.tail)},
          {"char_s", or_null(t.characters_per_second)},
          {"token_events", t.token_events},
          {"coalesced", t.coalesced},
          {"streamed", t.streamed},
          {"conn_reused", t.connection_reused},
          {"stamp_source", chat::to_string(t.source)},
          {"events_ms", std::move(events)}};
}

Json failure_name(const std::optional<backend::FailureKind>& kind) {
  return kind ? Json(backend::to_string(*kind)) : Json(nullptr);
}

Json write_attempts(const std::vector<Attempt>& attempts) {
  Json out = Json::array();
  for (const auto& a : attempts) {
    Json row{{"number", a.number},
             {"started", a.started_utc},
             {"http_status", a.http_status},
             {"error", failure_name(a.failure)},
             {"wait_ms", rounded_ms(to_ms(a.waited))},
             {"took_ms", rounded_ms(to_ms(a.took))}};
    if (!a.message.empty()) {
      row["message"] = redactor().redact(a.message);
    }
    if (a.resent > 0) {
      row["resent"] = a.resent;
    }
    if (!a.note.empty()) {
      row["note"] = a.note;
    }
    out.push_back(std::move(row));
  }
  return out;
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

Json write_asked(const score::Asked& asked) {
  Json out{{"backend", asked.backend},
           {"purpose", asked.purpose},
           {"model", asked.model},
           {"digest", asked.digest},
           {"verdict", asked.verdict},
           {"answer", asked.answer},
           {"usage", write_usage(asked.usage)}};
  if (!asked.failure.empty()) {
    out["failure"] = redactor().redact(asked.failure);
  }
  if (asked.cost) {
    out["cost_usd"] = decimal_dollars(*asked.cost);
  }
  if (asked.simulated) {
    out["simulated"] = true;
  }
  return out;
}

Json write_judged(const score::Judged& judged) {
  Json out{{"prompt", judged.prompt}, {"menu", judged.menu}, {"ordered", judged.ordered}};
  for (const auto& asked : judged.asked) {
    out["asked"].push_back(write_asked(asked));
  }
  for (const auto& duel : judged.duels) {
    Json row{{"opponent", duel.opponent}, {"outcome", name_of(duel.outcome)}};
    for (const auto& verdict : duel.verdicts) {
      row["verdicts"].push_back({{"judge", verdict.judge},
                                 {"shown_first", name_of(verdict.shown_first)},
                                 {"shown_second", name_of(verdict.shown_second)}});
    }
    if (!duel.note.empty()) {
      row["note"] = redactor().redact(duel.note);
    }
    out["duels"].push_back(std::move(row));
  }
  for (const auto& canary : judged.canaries) {
    out["canaries"].push_back({{"judge", canary.judge}, {"held", canary.held}});
  }
  if (judged.human) {
    out["human"] = *judged.human;
  }
  if (judged.awaits) {
    out["awaits"] = true;
  }
  return out;
}

Json write_scores(const std::vector<score::Score>& scores) {
  Json out = Json::array();
  for (const auto& s : scores) {
    Json row{{"scorer", s.scorer},
             {"verdict", name_of(s.verdict)},
             {"value", s.verdict == score::Verdict::unscored ? Json(nullptr) : Json(s.value)},
             {"answer", or_null(s.answer)},
             {"reason", s.reason}};
    if (!s.label.empty()) {
      row["label"] = s.label;
    }
    if (!s.counts) {
      row["counts"] = false;
    }
    for (const auto& step : s.trace) {
      row["trace"].push_back({{"step", step.step}, {"taken", or_null(step.taken)}});
    }
    if (s.statistics) {
      row["statistics"] = {{"rule", s.statistics->rule}, {"counts", s.statistics->counts}};
    }
    const auto put = [&row](const char* key, const std::optional<double>& value) {
      if (value) {
        row[key] = *value;
      }
    };
    put("weight", s.weight);
    put("threshold", s.threshold);
    put("graded", s.graded);
    if (s.judged) {
      row["judged"] = write_judged(*s.judged);
    }
    out.push_back(std::move(row));
  }
  return out;
}

Json write_request(const Record& record) {
  Json messages = Json::array();
  for (const auto& m : record.messages) {
    messages.push_back({{"role", chat::to_string(m.role)}, {"content", m.text}});
  }
  return {{"digest", record.digest},
          {"messages", std::move(messages)},
          {"params", write_params(record.params)}};
}

Json write_record(const Record& record, std::string_view run) {
  Json out{{"schema", kRecordSchema},
           {"suite", record.suite},
           {"case", record.case_id},
           {"backend", record.backend},
           {"repeat", record.repeat},
           {"outcome", score::to_string(record.outcome)},
           {"value", or_null(record.value)},
           {"tags", record.tags},
           {"cluster", record.cluster},
           {"targets", record.targets},
           {"request", write_request(record)},
           {"completion", write_completion(record.completion)},
           {"usage", write_usage(record.completion.usage)},
           {"timing", write_timing(record)},
           {"server_timing", write_server(record.completion.server)},
           {"attempts", write_attempts(record.attempts)},
           {"scores", write_scores(record.scores)}};
  if (record.error) {
    out["error"] = {{"kind", backend::to_string(*record.error)},
                    {"message", redactor().redact(record.error_message)}};
  } else {
    out["error"] = nullptr;
  }
  out["warnings"] = record.warnings;
  out["simulated"] = record.simulated;
  out["cached"] = record.cached;
  if (const std::string_view id = run.empty() ? record.run : run; !id.empty()) {
    out["run"] = id;
  }
  if (record.suspended) {
    out["suspended"] = true;
  }
  if (record.cost) {
    out["cost_usd"] = decimal_dollars(*record.cost);
  }
  if (record.scores.size() > 1) {
    out["combined"] = record.combined == suite::Combine::mean ? "mean" : "lowest";
  }
  if (record.graded) {
    out["graded"] = *record.graded;
  }
  if (record.threshold) {
    out["threshold"] = *record.threshold;
  }
  if (record.awaits) {
    out["awaits"] = true;
  }
  if (const auto& about = record.asked_for) {
    out["asked_for"] = {{"backend", about->backend},
                        {"opponent", about->opponent},
                        {"scorer", about->scorer},
                        {"purpose", about->purpose}};
  }
  return out;
}

}  // namespace

TrialKey key_of(const Record& record) {
  return {.case_id = record.case_id,
          .backend = record.backend,
          .repeat = record.repeat,
          .digest = request_digest(record.digest, record.params)};
}

std::string request_digest(std::string_view case_digest, const chat::Params& params) {
  return sha256_hex(std::string(case_digest) + "\n" + dump(write_params(params)));
}

std::string to_line(const Record& record, std::string_view run) {
  std::string line = redactor().redact_known(dump(write_record(record, run)));
  line.pop_back();
  const std::string crc = crc32_hex(line);
  line += kCrcPrefix;
  line += crc;
  line += "\"}";
  return line;
}

}  // namespace faceoff::store
