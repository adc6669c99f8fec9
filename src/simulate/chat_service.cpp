#include "catalogue.h"
#include "clock_text.h"
#include "service.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/random.h>

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

constexpr std::uint64_t kJitterSalt = 0x71773;

End end_of(const HttpRequest& request) noexcept {
  return request.keep_alive ? End::keep_alive : End::close;
}

Cause cause_of(BadChat::Why why) noexcept {
  switch (why) {
    case BadChat::Why::empty:
      return Cause::empty_body;
    case BadChat::Why::json:
      return Cause::bad_json;
    case BadChat::Why::field:
      break;
  }
  return Cause::invalid_request;
}

// What a struck request is told, should the fault be one that tells something.
ErrorFacts fault_error(const Fault& fault, const ChatCall& call) {
  const int status = fault.kind == FaultKind::status ? fault.status : 500;
  const Cause cause = parse_cause(fault.body_type).value_or(usual_cause(status));
  return {.cause = cause,
          .status = status,
          .model = call.model,
          .prompt_tokens = call.prompt_tokens,
          .context = call.prompt_tokens};
}

std::int64_t visible_tokens(const Answer& answer) {
  if (answer.tool_call) {
    return count_tokens(answer.tool_call->arguments);
  }
  return count_tokens(answer.refusal ? *answer.refusal : answer.text);
}

}  // namespace

Reply Service::chat(const HttpRequest& request, const Wire& wire, const Moment& moment) {
  ++chats_;
  const auto read = read_chat(request.body, wire.shape());
  if (const auto* bad = std::get_if<BadChat>(&read)) {
    return error(
        request,
        wire,
        {.cause = cause_of(bad->why), .status = 400, .message = bad->message, .param = bad->param});
  }
  const ChatCall& call = std::get<ChatCall>(read);
  if (!serves(call.model)) {
    // llama-server's router mode calls an unknown model a bad request.
    return error(request,
                 wire,
                 {.cause = Cause::unknown_model,
                  .status = &wire == &llama_wire() ? 400 : 404,
                  .model = call.model});
  }
  if (script_.context && call.prompt_tokens >= *script_.context) {
    return error(request,
                 wire,
                 {.cause = Cause::context,
                  .status = 400,
                  .param = "messages",
                  .model = call.model,
                  .prompt_tokens = call.prompt_tokens,
                  .context = *script_.context});
  }
  return answer(request, wire, call, moment);
}

Reply Service::answer(const HttpRequest& request,
                      const Wire& wire,
                      const ChatCall& call,
                      const Moment& moment) {
  const std::string_view case_id = answerer_.case_of(call.prompt);
  const Fault* fault = picker_.pick(
      {.prompt = call.prompt, .case_id = case_id, .since_start = moment.now - started_});
  const auto noted = [&](Reply reply, bool answers) {
    if (keeps_notes_) {
      reply.note = ChatNote{.request = chats_,
                            .model = call.model,
                            .prompt_digest = sha256_hex(call.prompt),
                            .case_id = std::string(case_id),
                            .fault = fault == nullptr ? std::string_view() : to_string(fault->kind),
                            .answers = answers};
    }
    return reply;
  };
  if (fault == nullptr) {
    if (auto refused = limited_rate(request, wire, call, moment)) {
      return noted(*std::move(refused), false);
    }
    const ChatFacts facts = facts_of(call, moment);
    return noted(call.stream ? streamed(request, wire, facts, nullptr)
                             : unstreamed(request, wire, facts, nullptr),
                 true);
  }
  ++faults_;
  return noted(struck(request, wire, call, moment, *fault), leaves_an_answer(*fault, call.stream));
}

Reply Service::struck(const HttpRequest& request,
                      const Wire& wire,
                      const ChatCall& call,
                      const Moment& moment,
                      const Fault& fault) {
  const ErrorFacts told = fault_error(fault, call);
  const ChatFacts facts = facts_of(call, moment);
  const std::string lines = headers(wire, facts.first_token);
  const std::string key = presented_key(request);
  const StruckAnswer struck{.fault = fault,
                            .wire = wire,
                            .error = told,
                            .headers = lines,
                            .presented_key = key,
                            .end = end_of(request)};
  if (auto whole = whole_fault(struck)) {
    return *std::move(whole);
  }
  const bool stream =
      call.stream && fault.kind != FaultKind::whole_json && fault.kind != FaultKind::short_length;
  Reply reply =
      stream ? streamed(request, wire, facts, &struck) : unstreamed(request, wire, facts, &struck);
  if (fault.kind == FaultKind::slow_header) {
    reply.steps = dripping_head(std::move(reply.steps), fault.interval);
  } else if (fault.kind == FaultKind::drip) {
    reply.steps = dripping_body(std::move(reply.steps), fault.interval);
  }
  return reply;
}

std::optional<Reply> Service::limited_rate(const HttpRequest& request,
                                           const Wire& wire,
                                           const ChatCall& call,
                                           const Moment& moment) {
  // A provider reserves what the answer may cost before it knows what it does cost.
  const auto verdict =
      limiter_.charge(call.prompt_tokens + call.max_tokens.value_or(0), moment.now);
  if (verdict.wait <= Duration::zero()) {
    return std::nullopt;
  }
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(verdict.wait);
  const std::string extra =
      fmt::format("retry-after: {}\r\nretry-after-ms: {}\r\nx-should-retry: true\r\n",
                  std::chrono::ceil<std::chrono::seconds>(verdict.wait).count(),
                  ms.count());
  const std::string_view what = verdict.tokens ? "tokens per min (TPM)" : "requests per min (RPM)";
  return error(request,
               wire,
               {.cause = verdict.tokens ? Cause::token_limit : Cause::rate_limit,
                .status = 429,
                .message = fmt::format(
                    "Rate limit reached for {} in organization org-simulated on {}. Please try "
                    "again in {}.",
                    call.model,
                    what,
                    go_duration(verdict.wait))},
               extra);
}

ChatFacts Service::facts_of(const ChatCall& call, const Moment& moment) {
  ChatCall bounded = call;
  if (script_.context) {
    const std::int64_t room = *script_.context - call.prompt_tokens;
    bounded.max_tokens = std::min(call.max_tokens.value_or(room), room);
  }
  ChatFacts facts;
  facts.serial = script_.seed * 1'000'003 + serial_;
  facts.utc = moment.utc;
  facts.model = !script_.model.empty() ? script_.model
                : !call.model.empty()  ? call.model
                                       : served_model(script_);
  facts.answer = limited(answerer_.answer(call.prompt), bounded);
  facts.prompt_tokens = call.prompt_tokens;
  if (!facts.answer.reasoning.empty()) {
    facts.reasoning_tokens = count_tokens(facts.answer.reasoning);
  }
  if (script_.clock) {
    constexpr std::int64_t kClockTokens = 100;
    const std::int64_t tokens =
        std::clamp<std::int64_t>(bounded.max_tokens.value_or(kClockTokens), 1, 100'000);
    facts.answer = Answer{.text = clock_text(tokens)};
    facts.reasoning_tokens = 0;
    facts.completion_tokens = tokens;
    facts.clock = true;
  } else {
    facts.completion_tokens = facts.reasoning_tokens + visible_tokens(facts.answer);
  }
  facts.include_usage = call.include_usage;
  facts.per_token = script_.latency.per_token;
  Random random(script_.seed ^ kJitterSalt ^ fnv1a(call.prompt) ^ (serial_ << 20U));
  const double shift = (2.0 * random.uniform() - 1.0) * to_ms(script_.latency.jitter);
  facts.first_token = std::max(Duration::zero(), script_.latency.first_token + from_ms(shift));
  return facts;
}

Reply Service::streamed(const HttpRequest& request,
                        const Wire& wire,
                        const ChatFacts& facts,
                        const StruckAnswer* struck) {
  const std::string lines = headers(wire, facts.first_token);
  const HeadFacts head{.status = 200, .content_type = wire.stream_type(), .extra = lines};
  StreamPlan plan;
  plan.chunked = request.minor_version >= 1 &&
                 (struck == nullptr || struck->fault.kind != FaultKind::no_length);
  plan.head = stream_head(head, plan.chunked, end_of(request));
  plan.frames = wire.frames(facts);
  plan.clock = facts.clock;
  plan.schedule = {.first = facts.first_token,
                   .interval = facts.per_token,
                   .pause_after = std::nullopt,
                   .pause = {}};
  End end = plan.chunked ? end_of(request) : End::close;
  if (struck != nullptr) {
    const End bent = bend_stream(*struck, plan);
    end = bent == End::keep_alive ? end : bent;
  }
  return {.steps = stream_steps(std::move(plan)), .end = end, .takes_slot = true};
}

Reply Service::unstreamed(const HttpRequest& request,
                          const Wire& wire,
                          const ChatFacts& facts,
                          const StruckAnswer* struck) {
  const Duration at = facts.first_token + facts.per_token * (facts.completion_tokens - 1);
  const std::string lines = headers(wire, at);
  const HeadFacts head{.status = 200, .content_type = wire.body_type(), .extra = lines};
  std::string bytes = whole_answer(head, wire.body(facts), end_of(request));
  Reply reply = struck == nullptr ? single_reply(std::move(bytes), end_of(request), at)
                                  : bend_whole(*struck, std::move(bytes), at);
  reply.takes_slot = true;
  return reply;
}

}  // namespace faceoff::simulate
