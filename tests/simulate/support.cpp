#include "support.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace faceoff::simulate::testing {
namespace {

using nlohmann::ordered_json;

std::string shape(const ordered_json& value, std::string_view ignored) {
  switch (value.type()) {
    case ordered_json::value_t::object: {
      std::vector<std::string> members;
      for (const auto& [key, member] : value.items()) {
        if (key != ignored) {
          members.push_back(key + ":" + shape(member, ignored));
        }
      }
      return fmt::format("{{{}}}", fmt::join(members, ","));
    }
    case ordered_json::value_t::array: {
      std::vector<std::string> items;
      for (const auto& item : value) {
        std::string one = shape(item, ignored);
        if (items.empty() || items.back() != one) {
          items.push_back(std::move(one));
        }
      }
      return fmt::format("[{}]", fmt::join(items, ","));
    }
    case ordered_json::value_t::string:
      return "s";
    case ordered_json::value_t::boolean:
      return "b";
    case ordered_json::value_t::null:
      return "null";
    default:
      return "n";
  }
}

// The body behind the chunk framing; false when the framing breaks or ends too soon.
bool dechunk(std::string_view bytes, HttpAnswer& answer) {
  while (true) {
    const std::size_t end = bytes.find("\r\n");
    std::size_t size = 0;
    if (end == std::string_view::npos ||
        std::from_chars(bytes.data(), bytes.data() + end, size, 16).ptr != bytes.data() + end) {
      return false;
    }
    bytes.remove_prefix(end + 2);
    if (bytes.size() < size + 2 || bytes.substr(size, 2) != "\r\n") {
      answer.body += bytes.substr(0, size);
      return false;
    }
    answer.body += bytes.substr(0, size);
    bytes.remove_prefix(size + 2);
    if (size == 0) {
      answer.rest = bytes;
      return true;
    }
  }
}

}  // namespace

std::string chat_body(std::string_view prompt, std::string_view more) {
  return fmt::format(R"({{"model":"m","messages":[{{"role":"user","content":{}}}]{}}})",
                     nlohmann::json(prompt).dump(),
                     more);
}

std::string request_bytes(std::string_view method,
                          std::string_view path,
                          std::string_view body,
                          std::string_view headers) {
  return fmt::format("{} {} HTTP/1.1\r\nHost: x\r\n{}Content-Length: {}\r\n\r\n{}",
                     method,
                     path,
                     headers,
                     body.size(),
                     body);
}

HttpRequest request(std::string_view method,
                    std::string_view path,
                    std::string_view body,
                    std::string_view headers) {
  std::string bytes = request_bytes(method, path, body, headers);
  RequestParser parser;
  static_cast<void>(parser.parse(bytes));
  return parser.take();
}

std::vector<Step> steps_of(Reply& reply) {
  std::vector<Step> steps;
  while (auto step = reply.steps->next()) {
    steps.push_back(*std::move(step));
  }
  return steps;
}

std::string HttpAnswer::header(std::string_view name) const {
  for (const std::string_view line : split(head, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && iequals_ascii(line.substr(0, colon), name)) {
      return std::string(trim(line.substr(colon + 1)));
    }
  }
  return {};
}

HttpAnswer parse_answer(std::string_view bytes) {
  HttpAnswer answer;
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos || !bytes.starts_with("HTTP/1.1 ")) {
    answer.rest = bytes;
    return answer;
  }
  answer.head = bytes.substr(0, end);
  std::from_chars(bytes.data() + 9, bytes.data() + 12, answer.status);
  bytes.remove_prefix(end + 4);
  if (answer.header("transfer-encoding") == "chunked") {
    answer.whole = dechunk(bytes, answer);
    return answer;
  }
  const std::string length = answer.header("content-length");
  std::size_t size = bytes.size();
  std::from_chars(length.data(), length.data() + length.size(), size);
  answer.whole = !length.empty() && bytes.size() >= size;
  answer.body = bytes.substr(0, std::min(size, bytes.size()));
  answer.rest = bytes.substr(answer.body.size());
  return answer;
}

HttpAnswer answer_of(Reply reply) {
  std::string bytes;
  for (const Step& step : steps_of(reply)) {
    bytes += step.bytes;
  }
  return parse_answer(bytes);
}

std::vector<std::string> sse_data(std::string_view body) {
  std::vector<std::string> data;
  for (const std::string_view line : split(body, '\n')) {
    if (line.starts_with("data: ")) {
      data.emplace_back(line.substr(6));
    }
  }
  return data;
}

std::vector<std::string> lines_of(std::string_view body) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(body, '\n')) {
    if (!line.empty()) {
      lines.emplace_back(line);
    }
  }
  return lines;
}

std::string shape_of(std::string_view json, std::string_view ignored) {
  const auto value = ordered_json::parse(json.begin(), json.end(), nullptr, false);
  return value.is_discarded() ? std::string(json) : shape(value, ignored);
}

std::vector<std::string> shapes_of(const std::vector<std::string>& frames,
                                   std::string_view ignored) {
  std::vector<std::string> shapes;
  for (const std::string& frame : frames) {
    std::string one = shape_of(frame, ignored);
    if (shapes.empty() || shapes.back() != one) {
      shapes.push_back(std::move(one));
    }
  }
  return shapes;
}

std::string data_file(std::string_view name) {
  return read_file(std::filesystem::path(FACEOFF_TEST_DATA) / "simulate" / name)
      .value_or(fmt::format("missing test data: {}", name));
}

HttpAnswer ask(Script script, const HttpRequest& request) {
  Service service(std::move(script), TimePoint{});
  return answer_of(
      service.handle(request, {.now = TimePoint{}, .utc = UtcTime{}, .busy_slots = 0}));
}

}  // namespace faceoff::simulate::testing
