#include "service.h"

#include "catalogue.h"

#include <faceoff/base/json_escape.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::simulate {

enum class Service::Route : std::uint8_t {
  none,
  openai_chat,
  ollama_chat,
  ollama_load,
  openai_embeddings,
  ollama_embeddings,
  health,
  models,
  props,
  slots,
  tags,
  show,
  running,
  version,
  root,
};

namespace {

End end_of(const HttpRequest& request) noexcept {
  return request.keep_alive ? End::keep_alive : End::close;
}

const Wire& chat_wire(Dialect dialect) {
  switch (dialect) {
    case Dialect::llama_server:
      return llama_wire();
    case Dialect::ollama:
      return ollama_openai_wire();
    case Dialect::openai:
      break;
  }
  return openai_wire();
}

}  // namespace

std::string presented_key(const HttpRequest& request) {
  if (const auto header = request.header("authorization")) {
    constexpr std::string_view kScheme = "bearer ";
    if (header->size() > kScheme.size() &&
        iequals_ascii(header->substr(0, kScheme.size()), kScheme)) {
      return to_valid_utf8(trim(header->substr(kScheme.size())));
    }
  }
  for (const std::string_view name : {"x-api-key", "api-key"}) {
    if (const auto header = request.header(name)) {
      return to_valid_utf8(*header);
    }
  }
  return {};
}

Service::Service(Script script, TimePoint started, bool keeps_notes)
    : script_(std::move(script)),
      started_(started),
      keeps_notes_(keeps_notes),
      answerer_(script_),
      picker_(script_),
      limiter_(script_, started) {}

Service::Route Service::route_of(const HttpRequest& request) {
  struct Row {
    std::string_view method;
    std::string_view path;
    Route route;
  };
  constexpr std::array kRows{
      Row{"POST", "/api/chat", Route::ollama_chat},
      Row{"POST", "/api/generate", Route::ollama_load},
      Row{"POST", "/api/embed", Route::ollama_embeddings},
      Row{"POST", "/api/show", Route::show},
      Row{"GET", "/api/tags", Route::tags},
      Row{"GET", "/api/ps", Route::running},
      Row{"GET", "/api/version", Route::version},
      Row{"GET", "/health", Route::health},
      Row{"GET", "/v1/health", Route::health},
      Row{"GET", "/v1/models", Route::models},
      Row{"GET", "/models", Route::models},
      Row{"GET", "/props", Route::props},
      Row{"GET", "/slots", Route::slots},
      Row{"GET", "/", Route::root},
  };
  // Base addresses differ ("/v1", "/openai/deployments/x"); the end of the path does not.
  if (request.method == "POST" && request.path.ends_with("/chat/completions")) {
    return Route::openai_chat;
  }
  if (request.method == "POST" && request.path.ends_with("/embeddings")) {
    return Route::openai_embeddings;
  }
  // A HEAD is answered like a GET, without the body.
  const std::string_view sent = request.method;
  const std::string_view method = sent == "HEAD" ? std::string_view("GET") : sent;
  const auto* const row = std::ranges::find_if(
      kRows, [&](const Row& r) { return r.method == method && r.path == request.path; });
  return row == kRows.end() ? Route::none : row->route;
}

Reply Service::handle(const HttpRequest& request, const Moment& moment) {
  ++serial_;
  const Route route = route_of(request);
  const bool loading = moment.now < started_ + script_.startup;
  if (loading && (route == Route::health || script_.dialect == Dialect::llama_server)) {
    return error(request, llama_wire(), {.cause = Cause::loading, .status = 503});
  }
  if (route == Route::health) {
    return page(request, R"({"status":"ok"})");
  }
  if (route == Route::root) {
    return page(request, "Ollama is running", "text/plain; charset=utf-8");
  }
  if (const auto cause = key_problem(request)) {
    return key_error(request, *cause);
  }
  return dispatch(request, route, moment);
}

Reply Service::key_error(const HttpRequest& request, Cause cause) const {
  ErrorFacts facts{.cause = cause, .status = 401};
  if (cause == Cause::authentication) {
    const std::string shown = to_valid_utf8(presented_key(request).substr(0, 3));
    facts.message = fmt::format("Incorrect API key provided: {}***.", shown);
  }
  return error(request, probe_wire(request), std::move(facts));
}

Reply Service::dispatch(const HttpRequest& request, Route route, const Moment& moment) {
  switch (route) {
    case Route::openai_embeddings:
      return embeddings(request, chat_wire(script_.dialect));
    case Route::ollama_embeddings:
      return embeddings(request, ollama_wire());
    case Route::openai_chat:
      return chat(request, chat_wire(script_.dialect), moment);
    case Route::ollama_chat:
      return chat(request, ollama_wire(), moment);
    case Route::ollama_load:
      return page(request,
                  fmt::format(R"({{"model":{},"created_at":"{}","response":"","done":true,)"
                              R"("done_reason":"load"}})",
                              json_quoted(served_model(script_)),
                              format_utc(moment.utc)));
    case Route::models:
      return page(request, models_body(script_, moment.utc));
    case Route::props:
      return page(request, props_body(script_));
    case Route::slots:
      return page(request, slots_body(script_, moment.busy_slots));
    case Route::tags:
      return page(request, tags_body(script_));
    case Route::show: {
      const std::string model = read_text_field(request.body, "model");
      if (!serves(model)) {
        return error(
            request, ollama_wire(), {.cause = Cause::unknown_model, .status = 404, .model = model});
      }
      return page(request, show_body(script_));
    }
    case Route::running:
      return page(request, running_body(script_));
    case Route::version:
      return page(request, R"({"version":"0.0.0-simulated"})");
    default:
      break;
  }
  return error(
      request,
      probe_wire(request),
      {.cause = Cause::not_found,
       .status = 404,
       .message = fmt::format(
           "Invalid URL ({} {})", to_valid_utf8(request.method), to_valid_utf8(request.path))});
}

Reply Service::refuse(int status, std::string_view reason) const {
  const HeadFacts head{.status = status, .content_type = "application/json", .extra = {}};
  const ErrorFacts facts{
      .cause = Cause::invalid_request, .status = status, .message = std::string(reason)};
  return single_reply(whole_answer(head, openai_wire().error(facts), End::close), End::close);
}

const Wire& Service::probe_wire(const HttpRequest& request) const {
  return request.path.starts_with("/api/") ? ollama_wire() : chat_wire(script_.dialect);
}

std::optional<Cause> Service::key_problem(const HttpRequest& request) const {
  if (script_.keys.empty()) {
    return std::nullopt;
  }
  const std::string key = presented_key(request);
  if (key.empty()) {
    return Cause::missing_key;
  }
  const bool known = std::ranges::find(script_.keys, key) != script_.keys.end();
  return known ? std::nullopt : std::optional(Cause::authentication);
}

bool Service::serves(std::string_view model) const {
  return script_.models.empty() || model == script_.model ||
         std::ranges::find(script_.models, model) != script_.models.end();
}

std::string Service::headers(const Wire& wire, Duration processing) const {
  std::string lines = wire.headers(serial_, processing);
  if (&wire == &openai_wire()) {
    lines += limiter_.headers();
  }
  return lines;
}

Reply Service::error(const HttpRequest& request,
                     const Wire& wire,
                     ErrorFacts facts,
                     std::string_view extra) const {
  const std::string lines = headers(wire, Duration::zero()) + std::string(extra);
  const HeadFacts head{.status = facts.status, .content_type = wire.body_type(), .extra = lines};
  return single_reply(whole_answer(head, wire.error(facts), end_of(request)), end_of(request));
}

Reply Service::page(const HttpRequest& request,
                    std::string_view body,
                    std::string_view type) const {
  const std::string lines = headers(probe_wire(request), Duration::zero());
  const HeadFacts head{.status = 200, .content_type = type, .extra = lines};
  std::string bytes = whole_answer(head, body, end_of(request));
  if (request.method == "HEAD") {
    bytes.resize(bytes.size() - body.size());
  }
  return single_reply(std::move(bytes), end_of(request));
}

}  // namespace faceoff::simulate
