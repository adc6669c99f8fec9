#include "chat_backend.h"

#include "embeddings.h"
#include "openai_decoder.h"

#include <faceoff/base/json_escape.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::backend {
namespace {

constexpr std::string_view kOldLimit = "max_tokens";
constexpr std::string_view kNewLimit = "max_completion_tokens";

OrderedJson encode_format(const OrderedJson& format) {
  if (format.is_string()) {
    return {{"type", "json_object"}};
  }
  OrderedJson schema{{"name", "answer"}, {"schema", format}};
  // `strict` is refused for schemas that allow further members.
  const auto more = format.find("additionalProperties");
  if (more != format.end() && more->is_boolean() && !more->get<bool>()) {
    schema["strict"] = true;
  }
  return {{"type", "json_schema"}, {"json_schema", std::move(schema)}};
}

// These only steer how the answer is drawn. Leaving out another parameter (a stop text, a schema)
// would ask for a different answer, so those stay and the request fails.
bool may_be_dropped(Parameter parameter) {
  return parameter != Parameter::max_tokens && parameter != Parameter::stop &&
         parameter != Parameter::response_format && parameter != Parameter::top_logprobs;
}

// Written out, not by way of a tree: prompts are nearly all of a request, and every trial has one.
void append_messages(std::string& body, const chat::Request& request, bool developer_role) {
  body += "\"messages\":[";
  bool first = true;
  for (const auto& message : request.messages) {
    const bool replace = message.role == chat::Role::developer && !developer_role;
    body += first ? "{\"role\":\"" : ",{\"role\":\"";
    body += chat::to_string(replace ? chat::Role::system : message.role);
    body += "\",\"content\":\"";
    if (is_valid_utf8(message.text)) {
      append_json_escaped(body, message.text);
    } else {
      append_json_escaped(body, to_valid_utf8(message.text));
    }
    body += "\"}";
    first = false;
  }
  body += ']';
}

}  // namespace

OrderedJson encode_messages(const chat::Request& request, bool developer_role) {
  OrderedJson messages = OrderedJson::array();
  for (const auto& message : request.messages) {
    const bool replace = message.role == chat::Role::developer && !developer_role;
    messages.push_back({{"role", chat::to_string(replace ? chat::Role::system : message.role)},
                        {"content", message.text}});
  }
  return messages;
}

ChatBackend::ChatBackend(Wiring wiring, ChatWire wire)
    : HttpBackend(std::move(wiring)), wire_(std::move(wire)) {}

std::unique_ptr<Decoder> ChatBackend::decoder() const {
  return make_openai_decoder();
}

std::set<Parameter> ChatBackend::left_out_of(const chat::Params& params) const {
  if (params.reasoning_effort == "none") {
    return {};
  }
  return {wire_.refused.begin(), wire_.refused.end()};
}

std::unique_ptr<Decoder> ChatBackend::decoder_for(const chat::Request& request) const {
  return request.wants == chat::Wants::embeddings ? make_embeddings_decoder() : decoder();
}

Status ChatBackend::add_parameters(OrderedJson& body,
                                   const chat::Params& params,
                                   const Change& change) const {
  const std::set<Parameter> skipped = left_out_of(params);
  FACEOFF_TRY_ASSIGN(auto settings, settings_of(params));
  for (auto& [parameter, value] : settings) {
    FACEOFF_TRY_ASSIGN(std::string_view name, wire_name(wire_.names, parameter, adapter()));
    if (skipped.contains(parameter) || change.drop == parameter) {
      continue;
    }
    if (parameter == Parameter::max_tokens) {
      body[change.limit.value_or(wire_.limit)] = std::move(value);
    } else if (parameter == Parameter::response_format) {
      body[std::string(name)] = encode_format(value);
    } else {
      if (parameter == Parameter::top_logprobs) {
        body["logprobs"] = true;  // without it the number is refused
      }
      body[std::string(name)] = std::move(value);
    }
  }
  return {};
}

Result<net::HttpRequest> ChatBackend::encode_with(const chat::Request& request,
                                                  const Change& change) const {
  std::string body = "{";
  if (!wire_.model.empty()) {
    body += "\"model\":" + json_quoted(to_valid_utf8(wire_.model)) + ",";
  }
  append_messages(body, request, wire_.developer_role);
  body += ",\"stream\":true,\"stream_options\":{\"include_usage\":true";
  if (wire_.obfuscation_off && !change.without_obfuscation_field) {
    body += ",\"include_obfuscation\":false";
  }
  body += '}';
  OrderedJson settings = OrderedJson::object();
  FACEOFF_TRY(add_parameters(settings, chat::merge(spec().params, request.params), change));
  add_native(settings);
  if (!settings.empty()) {
    const std::string members = dump_json(settings);
    body += ',';
    body.append(members, 1, members.size() - 2);
  }
  body += '}';
  return post(wire_.path, std::move(body));
}

Result<net::HttpRequest> ChatBackend::encode(const chat::Request& request) const {
  if (request.wants == chat::Wants::embeddings) {
    // Beside the chat, whatever stands around it in the path.
    constexpr std::string_view kChat = "/chat/completions";
    std::string path = wire_.path;
    if (const auto at = path.find(kChat); at != std::string::npos) {
      path.replace(at, kChat.size(), "/embeddings");
    }
    return post(path, dump_json(encode_embeddings(wire_.model, request)));
  }
  return encode_with(request, {});
}

std::vector<std::string> ChatBackend::left_out(const chat::Request& request) const {
  std::vector<std::string> notes;
  if (request.wants == chat::Wants::embeddings) {
    return notes;
  }
  const chat::Params params = chat::merge(spec().params, request.params);
  const auto settings = settings_of(params);
  const std::set<Parameter> skipped = left_out_of(params);
  if (!settings) {
    return notes;
  }
  for (const auto& setting : *settings) {
    if (skipped.contains(setting.first)) {
      notes.push_back(fmt::format("'{}' was not sent: model '{}' takes only its default",
                                  to_string(setting.first),
                                  model()));
    }
  }
  return notes;
}

std::optional<ChatBackend::Change> ChatBackend::change_for(std::string_view parameter,
                                                           const chat::Params& params,
                                                           std::string& note) const {
  Change change;
  if (parameter.ends_with("include_obfuscation") && wire_.obfuscation_off) {
    note = "include_obfuscation left out: the server does not take it";
    change.without_obfuscation_field = true;
    return change;
  }
  if (parameter == wire_.limit && params.max_tokens) {
    change.limit = wire_.limit == kOldLimit ? kNewLimit : kOldLimit;
    note = fmt::format("{} renamed to {}", wire_.limit, *change.limit);
    return change;
  }
  const auto row = std::ranges::find(wire_.names, parameter, &WireName::name);
  const auto settings = settings_of(params);
  if (row == wire_.names.end() || !may_be_dropped(row->parameter) || !settings) {
    return std::nullopt;
  }
  const auto setting = std::ranges::find(*settings, row->parameter, &Setting::first);
  if (setting == settings->end() || left_out_of(params).contains(row->parameter)) {
    return std::nullopt;
  }
  change.drop = row->parameter;
  note = fmt::format(
      "{} {} left out: the model takes only its default", parameter, dump_json(setting->second));
  return change;
}

std::optional<Backend::Adjusted> ChatBackend::adjust(const chat::Request& request,
                                                     const Failure& failure) const {
  if (failure.kind != FailureKind::bad_request || failure.parameter.empty() ||
      request.wants == chat::Wants::embeddings) {
    return std::nullopt;
  }
  Adjusted adjusted;
  const auto change =
      change_for(failure.parameter, chat::merge(spec().params, request.params), adjusted.note);
  if (!change) {
    return std::nullopt;
  }
  auto repeated = encode_with(request, *change);
  if (!repeated) {
    return std::nullopt;
  }
  adjusted.request = std::move(*repeated);
  return adjusted;
}

}  // namespace faceoff::backend
