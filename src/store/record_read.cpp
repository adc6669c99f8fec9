#include "json_view.h"
#include "line_format.h"

#include <faceoff/base/base64.h>
#include <faceoff/base/digest.h>
#include <faceoff/base/units.h>
#include <faceoff/store/record.h>

#include <utility>

#include <fmt/format.h>

namespace faceoff::store {
namespace {

score::Verdict verdict_of(std::string_view name) {
  if (name == "scored") {
    return score::Verdict::scored;
  }
  return name == "no_extraction" ? score::Verdict::no_extraction : score::Verdict::unscored;
}

chat::Params read_params(const JsonView& in) {
  chat::Params p;
  p.temperature = optional_at<double>(in, "temperature");
  p.top_p = optional_at<double>(in, "top_p");
  p.top_k = optional_at<std::int64_t>(in, "top_k");
  p.min_p = optional_at<double>(in, "min_p");
  p.repeat_penalty = optional_at<double>(in, "repeat_penalty");
  p.presence_penalty = optional_at<double>(in, "presence_penalty");
  p.frequency_penalty = optional_at<double>(in, "frequency_penalty");
  p.max_tokens = optional_at<std::int64_t>(in, "max_tokens");
  p.seed = optional_at<std::int64_t>(in, "seed");
  p.top_logprobs = optional_at<std::int64_t>(in, "top_logprobs");
  p.reasoning_effort = optional_at<std::string>(in, "reasoning_effort");
  p.response_format = optional_at<std::string>(in, "response_format");
  p.stop = list_of<std::string>(in, "stop");
  return p;
}

std::string read_text(const JsonView& in, const std::string& key) {
  if (const auto encoded = optional_at<std::string>(in, key + "_b64")) {
    if (auto bytes = from_base64(*encoded)) {
      return *std::move(bytes);
    }
  }
  return value_or<std::string>(in, key, "");
}

void read_completion(const JsonView& in, chat::Completion& c) {
  c.text = read_text(in, "text");
  c.reasoning = read_text(in, "reasoning");
  c.refusal = optional_at<std::string>(in, "refusal");
  for_rows(in, "tool_calls", [&](const JsonView& call) {
    c.tool_calls.push_back({.id = value_or<std::string>(call, "id", ""),
                            .name = value_or<std::string>(call, "name", ""),
                            .arguments = value_or<std::string>(call, "arguments", "")});
  });
  c.finish =
      chat::parse_finish(value_or<std::string>(in, "finish", "none")).value_or(chat::Finish::other);
  c.finish_text = value_or<std::string>(in, "finish_reason", "");
  c.model = value_or<std::string>(in, "model", "");
  c.fingerprint = value_or<std::string>(in, "fingerprint", "");
  for_rows(in, "first_token", [&](const JsonView& chance) {
    c.first_token.push_back({.token = value_or<std::string>(chance, "token", ""),
                             .logprob = value_or<double>(chance, "logprob", 0.0)});
  });
}

chat::Usage read_usage(const JsonView& in) {
  return {.prompt_tokens = optional_at<std::int64_t>(in, "prompt_tokens"),
          .completion_tokens = optional_at<std::int64_t>(in, "completion_tokens"),
          .cached_tokens = optional_at<std::int64_t>(in, "cached_tokens"),
          .reasoning_tokens = optional_at<std::int64_t>(in, "reasoning_tokens"),
          .source = value_or<std::string>(in, "source", "")};
}

chat::ServerTiming read_server(const JsonView& in) {
  return {.queue_ms = optional_at<double>(in, "queue_ms"),
          .load_ms = optional_at<double>(in, "load_ms"),
          .prompt_ms = optional_at<double>(in, "prompt_ms"),
          .prompt_n = optional_at<std::int64_t>(in, "prompt_n"),
          .predicted_ms = optional_at<double>(in, "predicted_ms"),
          .predicted_n = optional_at<std::int64_t>(in, "predicted_n"),
          .processing_ms = optional_at<double>(in, "processing_ms"),
          .ttft_ms = optional_at<double>(in, "ttft_ms"),
          .itl_ms = optional_at<double>(in, "itl_ms")};
}

chat::StampSource stamp_source_of(std::string_view name) {
  for (const auto source :
       {chat::StampSource::kernel, chat::StampSource::loop, chat::StampSource::callback}) {
    if (chat::to_string(source) == name) {
      return source;
    }
  }
  return chat::StampSource::none;
}

void read_timing(const JsonView& in, Record& record) {
  chat::Timing& t = record.timing;
  record.client_queue = optional_ms(in, "client_queue_ms").value_or(Duration{0});
  t.connect = optional_ms(in, "connect_ms");
  t.ttfb = optional_ms(in, "ttfb_ms");
  t.ttft = optional_ms(in, "ttft_ms");
  t.ttfo = optional_ms(in, "ttfo_ms");
  t.e2e = optional_ms(in, "e2e_ms");
  t.tpot = optional_ms(in, "tpot_ms");
  t.max_gap = optional_ms(in, "max_gap_ms");
  t.tail = optional_ms(in, "tail_ms");
  t.characters_per_second = optional_at<double>(in, "char_s");
  t.token_events = value_or<std::uint32_t>(in, "token_events", 0);
  t.coalesced = value_or<std::uint32_t>(in, "coalesced", 0);
  t.streamed = value_or<bool>(in, "streamed", true);
  t.connection_reused = value_or<bool>(in, "conn_reused", false);
  t.source = stamp_source_of(value_or<std::string>(in, "stamp_source", "none"));
  t.events_ms = list_of<double>(in, "events_ms");
  t.dns = optional_ms(in, "dns_ms");
  t.tls = optional_ms(in, "tls_ms");
  t.eventual = optional_ms(in, "eventual_ms");
  t.throttled = optional_ms(in, "throttled_ms");
  t.burst_index = optional_at<double>(in, "burst_index");
  t.kernel_stamps = value_or<std::uint32_t>(in, "kernel_stamps", 0);
  t.events = value_or<std::string>(in, "events", "");
  t.other_ms = list_of<double>(in, "other_ms");
  t.event_tokens = list_of<std::uint32_t>(in, "event_tokens");
}

std::optional<backend::FailureKind> read_failure(const JsonView& in, const char* key) {
  const auto name = optional_at<std::string>(in, key);
  return name ? backend::parse_failure_kind(*name) : std::nullopt;
}

std::vector<Attempt> read_attempts(const JsonView& in) {
  std::vector<Attempt> attempts;
  for_rows(in, "attempts", [&](const JsonView& row) {
    attempts.push_back({.number = value_or<std::int32_t>(row, "number", 1),
                        .started_utc = value_or<std::string>(row, "started", ""),
                        .http_status = value_or<std::int32_t>(row, "http_status", 0),
                        .failure = read_failure(row, "error"),
                        .message = value_or<std::string>(row, "message", ""),
                        .waited = optional_ms(row, "wait_ms").value_or(Duration{0}),
                        .took = optional_ms(row, "took_ms").value_or(Duration{0}),
                        .note = value_or<std::string>(row, "note", ""),
                        .resent = value_or<std::int32_t>(row, "resent", 0)});
  });
  return attempts;
}

score::Preferred preferred_of(std::string_view name) {
  return name == "this"       ? score::Preferred::self
         : name == "opponent" ? score::Preferred::other
         : name == "tie"      ? score::Preferred::neither
                              : score::Preferred::nothing;
}

std::optional<Money> read_money(const JsonView& in, const char* key) {
  const auto text = optional_at<std::string>(in, key);
  const auto money = text ? parse_dollars(*text) : fail(ErrorKind::rejected, "");
  return money ? std::optional(*money) : std::nullopt;
}

score::Asked read_asked(const JsonView& in) {
  return {.backend = value_or<std::string>(in, "backend", ""),
          .purpose = value_or<std::string>(in, "purpose", ""),
          .model = value_or<std::string>(in, "model", ""),
          .digest = value_or<std::string>(in, "digest", ""),
          .answer = value_or<std::string>(in, "answer", ""),
          .verdict = value_or<std::string>(in, "verdict", ""),
          .failure = value_or<std::string>(in, "failure", ""),
          .usage = read_usage(part_of(in, "usage")),
          .cost = read_money(in, "cost_usd"),
          .simulated = value_or<bool>(in, "simulated", false)};
}

score::Judged read_judged(const JsonView& in) {
  score::Judged judged{.prompt = value_or<std::string>(in, "prompt", "")};
  judged.menu = list_of<std::string>(in, "menu");
  judged.ordered = value_or<bool>(in, "ordered", false);
  judged.awaits = value_or<bool>(in, "awaits", false);
  judged.human = optional_at<std::string>(in, "human");
  for_rows(in, "asked", [&](const JsonView& row) { judged.asked.push_back(read_asked(row)); });
  for_rows(in, "duels", [&](const JsonView& row) {
    score::Duel duel{.opponent = value_or<std::string>(row, "opponent", ""),
                     .outcome = preferred_of(value_or<std::string>(row, "outcome", "")),
                     .note = value_or<std::string>(row, "note", ""),
                     .verdicts = {}};
    for_rows(row, "verdicts", [&](const JsonView& verdict) {
      duel.verdicts.push_back(
          {.judge = value_or<std::string>(verdict, "judge", ""),
           .shown_first = preferred_of(value_or<std::string>(verdict, "shown_first", "")),
           .shown_second = preferred_of(value_or<std::string>(verdict, "shown_second", ""))});
    });
    judged.duels.push_back(std::move(duel));
  });
  for_rows(in, "canaries", [&](const JsonView& row) {
    judged.canaries.push_back({.judge = value_or<std::string>(row, "judge", ""),
                               .held = value_or<bool>(row, "held", false)});
  });
  return judged;
}

score::Score read_score(const JsonView& row) {
  score::Score score{.scorer = value_or<std::string>(row, "scorer", ""),
                     .verdict = verdict_of(value_or<std::string>(row, "verdict", "scored")),
                     .value = value_or<double>(row, "value", 0.0),
                     .answer = optional_at<std::string>(row, "answer"),
                     .reason = value_or<std::string>(row, "reason", ""),
                     .label = value_or<std::string>(row, "label", ""),
                     .counts = value_or<bool>(row, "counts", true)};
  for_rows(row, "trace", [&](const JsonView& step) {
    score.trace.push_back({.step = value_or<std::string>(step, "step", ""),
                           .taken = optional_at<std::string>(step, "taken")});
  });
  if (row.find("statistics")) {
    const JsonView statistics = part_of(row, "statistics");
    score.statistics = {.rule = value_or<std::string>(statistics, "rule", ""),
                        .counts = list_of<double>(statistics, "counts")};
  }
  score.weight = optional_at<double>(row, "weight");
  score.threshold = optional_at<double>(row, "threshold");
  score.graded = optional_at<double>(row, "graded");
  if (row.find("judged")) {
    score.judged = read_judged(part_of(row, "judged"));
  }
  return score;
}

std::vector<score::Score> read_scores(const JsonView& in) {
  std::vector<score::Score> scores;
  for_rows(in, "scores", [&](const JsonView& row) { scores.push_back(read_score(row)); });
  return scores;
}

void read_request(const JsonView& in, Record& record) {
  record.digest = value_or<std::string>(in, "digest", "");
  for_rows(in, "messages", [&](const JsonView& m) {
    record.messages.push_back(
        {.role =
             chat::parse_role(value_or<std::string>(m, "role", "user")).value_or(chat::Role::user),
         .text = value_or<std::string>(m, "content", "")});
  });
  record.params = read_params(part_of(in, "params"));
}

Result<Record> read_record(const JsonView& in) {
  Record record;
  record.run = value_or<std::string>(in, "run", "");
  record.suite = required<std::string>(in, "suite");
  record.case_id = required<std::string>(in, "case");
  record.backend = required<std::string>(in, "backend");
  record.repeat = required<std::int32_t>(in, "repeat");
  const auto word = required<std::string>(in, "outcome");
  const auto outcome = score::parse_outcome(word);
  if (!outcome) {
    return fail(ErrorKind::rejected, "unknown outcome '" + word + "'");
  }
  record.outcome = *outcome;
  record.value = optional_at<double>(in, "value");
  record.tags = list_of<std::string>(in, "tags");
  record.cluster = value_or<std::string>(in, "cluster", "");
  record.targets = list_of<std::string>(in, "targets");
  read_request(part_of(in, "request"), record);
  read_completion(part_of(in, "completion"), record.completion);
  record.completion.usage = read_usage(part_of(in, "usage"));
  record.completion.server = read_server(part_of(in, "server_timing"));
  read_timing(part_of(in, "timing"), record);
  record.attempts = read_attempts(in);
  record.scores = read_scores(in);
  if (in.find("error")) {
    const JsonView error = part_of(in, "error");
    record.error = read_failure(error, "kind");
    record.error_message = value_or<std::string>(error, "message", "");
  }
  record.warnings = list_of<std::string>(in, "warnings");
  record.simulated = value_or<bool>(in, "simulated", false);
  record.cached = value_or<bool>(in, "cached", false);
  record.suspended = value_or<bool>(in, "suspended", false);
  record.cost = read_money(in, "cost_usd");
  record.combined = value_or<std::string>(in, "combined", "lowest") == "mean"
                        ? suite::Combine::mean
                        : suite::Combine::lowest;
  record.graded = optional_at<double>(in, "graded");
  record.threshold = optional_at<double>(in, "threshold");
  record.awaits = value_or<bool>(in, "awaits", false);
  if (in.find("asked_for")) {
    const JsonView about = part_of(in, "asked_for");
    record.asked_for = {.backend = value_or<std::string>(about, "backend", ""),
                        .opponent = value_or<std::string>(about, "opponent", ""),
                        .scorer = value_or<std::string>(about, "scorer", ""),
                        .purpose = value_or<std::string>(about, "purpose", "")};
  }
  return record;
}

// One parser a thread: its buffers are used for line after line.
class LineParser {
 public:
  static LineParser& of_this_thread() {
    thread_local LineParser parser;
    return parser;
  }

  // `content`: the line in front of its checksum.
  Result<Record> read(std::string_view content) {
    text_.reserve(content.size() + 1 + simdjson::SIMDJSON_PADDING);
    text_.assign(content);
    text_ += '}';
    simdjson::dom::element root;
    if (const auto error = parser_.parse(text_.data(), text_.size(), false).get(root)) {
      return fail(ErrorKind::rejected,
                  std::string("not a record: ") + simdjson::error_message(error));
    }
    auto record = read_versioned(JsonView(root, "the line"));
    if (text_.capacity() > kMaxKept) {
      *this = LineParser();
    }
    return record;
  }

 private:
  // The greatest answer must not keep its memory for the rest of the program.
  static constexpr std::size_t kMaxKept = 1024UL * 1024;

  static Result<Record> read_versioned(const JsonView& in) {
    const auto schema = required<std::int32_t>(in, "schema");
    if (schema != kRecordSchema) {
      return fail(
          ErrorKind::rejected,
          fmt::format("the record has schema {}, this program reads {}", schema, kRecordSchema));
    }
    return read_record(in);
  }

  simdjson::dom::parser parser_;
  std::string text_;
};

}  // namespace

Result<Record> from_line(std::string_view line) {
  const bool has_frame = line.size() >= kCrcTail && line.ends_with("\"}") &&
                         line.substr(line.size() - kCrcTail, kCrcPrefix.size()) == kCrcPrefix;
  if (!has_frame) {
    return fail(ErrorKind::protocol, "the record has no checksum at its end");
  }
  const std::string_view content = line.substr(0, line.size() - kCrcTail);
  const std::string_view crc = line.substr(line.size() - kCrcDigits - 2, kCrcDigits);
  if (crc32_hex(content) != crc) {
    return fail(ErrorKind::protocol, "the record does not match its checksum");
  }
  try {
    return LineParser::of_this_thread().read(content);
  } catch (const std::exception& error) {
    return fail(ErrorKind::rejected, std::string("not a record: ") + error.what());
  }
}

}  // namespace faceoff::store
