#include "support.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace faceoff::backend::testing {
namespace {

std::filesystem::path wire_path(std::string_view name) {
  return std::filesystem::path(FACEOFF_TEST_DATA) / "wire" / name;
}

std::string text_or_dash(const std::optional<std::int64_t>& value) {
  return value ? std::to_string(*value) : "-";
}

}  // namespace

std::string test_name(std::string_view text) {
  std::string name(text);
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

std::string read_wire(std::string_view name) {
  auto text = read_file(wire_path(name));
  EXPECT_TRUE(text) << name;
  return text.value_or("");
}

Head read_head(std::string_view body_file) {
  const std::string name = std::string(body_file.substr(0, body_file.rfind('.'))) + ".txt";
  Head head;
  if (!std::filesystem::exists(wire_path(name))) {
    head.headers.emplace_back("content-type", "text/event-stream");
    return head;
  }
  const std::string text = read_wire(name);
  for (const auto line : split(text, '\n')) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("HTTP/")) {
      head.status = std::stoi(std::string(line.substr(line.find(' ') + 1)));
    } else if (colon != std::string_view::npos) {
      head.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 2)));
    }
  }
  return head;
}

Environment environment(std::map<std::string, std::string, std::less<>> values) {
  return [values = std::move(values)](std::string_view name) -> std::optional<std::string> {
    const auto it = values.find(name);
    return it == values.end() ? std::nullopt : std::optional(it->second);
  };
}

Spec local_spec(std::string_view adapter) {
  Spec spec;
  spec.name = "b";
  spec.adapter = adapter;
  spec.model = "some-model";
  spec.base_url = "http://127.0.0.1:1";
  spec.origin = Origin::flag;
  spec.managed = true;
  return spec;
}

std::unique_ptr<Backend> make(const Spec& spec, const Environment& env) {
  auto backend = create(spec, env);
  EXPECT_TRUE(backend) << (backend ? "" : backend.error().message);
  return backend ? std::move(*backend) : nullptr;
}

Decoded decode(const Backend& backend,
               const Head& head,
               std::string_view body,
               const std::vector<std::size_t>& cuts,
               const std::optional<Failure>& transport_failure) {
  Decoded decoded;
  const auto decoder = backend.decoder();
  decoder->on_headers(head.status, head.headers);
  std::size_t begin = 0;
  TimePoint at;
  for (const std::size_t end : cuts) {
    decoder->on_bytes(body.substr(begin, end - begin), at, decoded.events);
    begin = end;
    at += std::chrono::milliseconds(1);
  }
  decoder->on_bytes(body.substr(begin), at, decoded.events);
  decoded.reply = decoder->finish(transport_failure, at, UtcTime(), decoded.events);
  return decoded;
}

std::string classes(const Decoded& decoded) {
  std::vector<std::string> names;
  for (const auto& event : decoded.events) {
    names.emplace_back(chat::to_string(event.what));
  }
  return join(names, " ");
}

std::string describe(const Decoded& decoded) {
  const auto& completion = decoded.reply.completion;
  std::string out = fmt::format("text={} reasoning={} refusal={} finish={}/{} model={} print={}",
                                completion.text,
                                completion.reasoning,
                                completion.refusal.value_or("-"),
                                chat::to_string(completion.finish),
                                completion.finish_text,
                                completion.model,
                                completion.fingerprint);
  for (const auto& call : completion.tool_calls) {
    out += fmt::format(" tool={}/{}/{}", call.id, call.name, call.arguments);
  }
  const auto& usage = completion.usage;
  out += fmt::format(" usage={}/{}/{}/{}/{}",
                     text_or_dash(usage.prompt_tokens),
                     text_or_dash(usage.completion_tokens),
                     text_or_dash(usage.cached_tokens),
                     text_or_dash(usage.reasoning_tokens),
                     usage.source);
  const auto& server = completion.server;
  out += fmt::format(" server={}/{}/{}/{}/{}",
                     server.load_ms.value_or(-1),
                     server.prompt_ms.value_or(-1),
                     text_or_dash(server.prompt_n),
                     server.predicted_ms.value_or(-1),
                     text_or_dash(server.predicted_n));
  if (const auto& failure = decoded.reply.failure) {
    out += fmt::format(" failure={} '{}'", to_string(failure->kind), failure->message);
  }
  out += decoded.reply.streamed ? " streamed" : " whole";
  out += " warnings=" + join(decoded.reply.warnings, "|") + " events=" + classes(decoded);
  for (const auto& event : decoded.events) {
    out += fmt::format(",{}", event.characters);
  }
  return out;
}

}  // namespace faceoff::backend::testing
