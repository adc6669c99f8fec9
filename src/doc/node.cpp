#include "scalar.h"

#include <faceoff/doc/node.h>

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_json_scalar(std::string& out, const Node& node) {
  switch (classify(node)) {
    case ScalarKind::null:
      out += "null";
      return;
    case ScalarKind::boolean:
      out += boolean_value(node) ? "true" : "false";
      return;
    case ScalarKind::integer:
    case ScalarKind::real:
      out += number_as_json(node);
      return;
    case ScalarKind::text:
      append_json_string(out, node.text);
      return;
  }
}

void append_json(std::string& out, const Node& node) {
  if (node.is_scalar()) {
    append_json_scalar(out, node);
    return;
  }
  out += node.is_sequence() ? '[' : '{';
  bool first = true;
  for (const auto& item : node.items) {
    out += first ? "" : ",";
    first = false;
    append_json(out, item);
  }
  for (const auto& member : node.members) {
    out += first ? "" : ",";
    first = false;
    append_json_string(out, member.key);
    out += ':';
    append_json(out, member.value);
  }
  out += node.is_sequence() ? ']' : '}';
}

}  // namespace

bool Node::is_null() const noexcept {
  return is_scalar() && classify(*this) == ScalarKind::null;
}

const Member* Node::find_member(std::string_view key) const noexcept {
  const auto it = std::ranges::find(members, key, &Member::key);
  return it == members.end() ? nullptr : &*it;
}

const Node* Node::find(std::string_view key) const noexcept {
  const Member* member = find_member(key);
  return member == nullptr ? nullptr : &member->value;
}

std::string_view describe(const Node& node) noexcept {
  if (node.is_sequence()) {
    return "a list";
  }
  if (node.is_mapping()) {
    return "a mapping";
  }
  switch (classify(node)) {
    case ScalarKind::null:
      return "nothing";
    case ScalarKind::boolean:
      return "a boolean";
    case ScalarKind::integer:
    case ScalarKind::real:
      return "a number";
    case ScalarKind::text:
      return "a text";
  }
  return "a text";
}

std::string to_json(const Node& node) {
  std::string out;
  append_json(out, node);
  return out;
}

}  // namespace faceoff::doc
