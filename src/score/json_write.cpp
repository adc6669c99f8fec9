#include "json_value.h"

#include <nlohmann/json.hpp>

namespace faceoff::score {
namespace {

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write(const JsonValue& value, std::string& out) {
  switch (value.kind) {
    case JsonKind::null:
      out += "null";
      break;
    case JsonKind::boolean:
      out += value.boolean ? "true" : "false";
      break;
    case JsonKind::number:
      out += value.text;
      break;
    case JsonKind::string:
      out += quoted(value.text);
      break;
    case JsonKind::array:
      out += '[';
      for (const JsonValue& item : value.items) {
        out += &item == value.items.data() ? "" : ",";
        write(item, out);
      }
      out += ']';
      break;
    case JsonKind::object:
      out += '{';
      for (const JsonMember& member : value.members) {
        out += &member == value.members.data() ? "" : ",";
        out += quoted(member.key);
        out += ':';
        write(member.value, out);
      }
      out += '}';
      break;
  }
}

}  // namespace

std::string write_json(const JsonValue& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace faceoff::score
