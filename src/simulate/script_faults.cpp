#include "script_reader.h"
#include "wire.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace faceoff::simulate {
namespace {

struct KindRow {
  FaultKind kind;
  std::string_view name;
};
constexpr std::array kKinds{
    KindRow{FaultKind::status, "status"},
    KindRow{FaultKind::redirect, "redirect"},
    KindRow{FaultKind::outage, "outage"},
    KindRow{FaultKind::reset_before, "reset_before"},
    KindRow{FaultKind::empty, "empty"},
    KindRow{FaultKind::reset, "reset"},
    KindRow{FaultKind::close, "close"},
    KindRow{FaultKind::stall, "stall"},
    KindRow{FaultKind::stream_error, "stream_error"},
    KindRow{FaultKind::no_done, "no_done"},
    KindRow{FaultKind::no_finish, "no_finish"},
    KindRow{FaultKind::no_length, "no_length"},
    KindRow{FaultKind::short_length, "short_length"},
    KindRow{FaultKind::html, "html"},
    KindRow{FaultKind::no_content, "no_content"},
    KindRow{FaultKind::whole_json, "whole_json"},
    KindRow{FaultKind::not_json, "not_json"},
    KindRow{FaultKind::garbage, "garbage"},
    KindRow{FaultKind::http09, "http09"},
    KindRow{FaultKind::tls_bytes, "tls_bytes"},
    KindRow{FaultKind::slow_header, "slow_header"},
    KindRow{FaultKind::drip, "drip"},
    KindRow{FaultKind::nul_header, "nul_header"},
    KindRow{FaultKind::big_header, "big_header"},
    KindRow{FaultKind::many_headers, "many_headers"},
    KindRow{FaultKind::two_lengths, "two_lengths"},
    KindRow{FaultKind::bad_chunk, "bad_chunk"},
    KindRow{FaultKind::endless, "endless"},
    KindRow{FaultKind::gzip_bomb, "gzip_bomb"},
    KindRow{FaultKind::keepalive_comments, "keepalive_comments"},
    KindRow{FaultKind::drop_keep_alive, "drop_keep_alive"},
};

constexpr std::int64_t kMany = std::numeric_limits<std::int32_t>::max();

bool read_kind(const doc::Context& context, doc::MappingReader& mapping, Fault& fault) {
  const doc::Node* node = mapping.require("kind");
  const auto name = node == nullptr ? std::nullopt : doc::as_string(context, *node, "kind");
  if (!name) {
    return false;
  }
  const auto* const row = std::ranges::find(kKinds, *name, &KindRow::name);
  if (row != kKinds.end()) {
    fault.kind = row->kind;
    return true;
  }
  unknown_word(context, *node, "kind", fault_kinds());
  return false;
}

void read_body_type(const doc::Context& context, doc::MappingReader& mapping, Fault& fault) {
  const doc::Node* node = mapping.get("body_type");
  if (node == nullptr) {
    return;
  }
  const auto name = doc::as_string(context, *node, "body_type");
  if (name && !parse_cause(*name)) {
    unknown_word(context, *node, "body_type", cause_names());
  } else if (name) {
    fault.body_type = *name;
  }
}

// Keys that only some kinds have; for the others they are unknown.
void read_details(const doc::Context& context, doc::MappingReader& mapping, Fault& fault) {
  const FaultKind kind = fault.kind;
  const auto is = [kind](std::initializer_list<FaultKind> kinds) {
    return std::ranges::find(kinds, kind) != kinds.end();
  };
  using enum FaultKind;
  if (is({status})) {
    fault.status = static_cast<int>(
        read_integer(context, mapping, "status", {400, 599}).value_or(fault.status));
    read_header_text(context, mapping, "retry_after", fault.retry_after);
  }
  if (is({status, stream_error})) {
    read_body_type(context, mapping, fault);
  }
  if (is({redirect})) {
    constexpr int kPlainRedirect = 307;
    fault.status = static_cast<int>(
        read_integer(context, mapping, "status", {300, 399}).value_or(kPlainRedirect));
    if (mapping.require("location") != nullptr) {
      read_header_text(context, mapping, "location", fault.location);
    }
  }
  if (is({reset, close, stall, stream_error, no_length, bad_chunk, not_json})) {
    fault.after_tokens = read_integer(context, mapping, "after_tokens", {0, kMany}).value_or(0);
  }
  if (is({no_length})) {
    if (const doc::Node* node = mapping.get("done")) {
      fault.done = doc::as_bool(context, *node, "done").value_or(true);
    }
  }
  if (is({outage}) && mapping.require("for") == nullptr) {
    return;
  }
  if (is({stall, outage, keepalive_comments})) {
    // Reading the key also makes it an allowed one; absent and 0s mean different things.
    if (mapping.get("for") != nullptr) {
      Duration duration{};
      read_duration(context, mapping, "for", duration);
      fault.duration = duration;
    }
  }
  if (is({slow_header, drip, keepalive_comments})) {
    read_duration(context, mapping, "interval", fault.interval);
    if (fault.interval < std::chrono::milliseconds(1)) {
      fault.interval = std::chrono::milliseconds(1);
    }
  }
}

}  // namespace

std::string_view to_string(FaultKind kind) noexcept {
  return std::ranges::find(kKinds, kind, &KindRow::kind)->name;
}

std::vector<std::string_view> fault_kinds() {
  std::vector<std::string_view> names;
  names.reserve(kKinds.size());
  for (const KindRow& kind : kKinds) {
    names.push_back(kind.name);
  }
  return names;
}

void read_header_text(const doc::Context& context,
                      doc::MappingReader& mapping,
                      std::string_view key,
                      std::string& target) {
  const doc::Node* node = mapping.get(key);
  if (node == nullptr) {
    return;
  }
  const auto text = doc::as_string(context, *node, key);
  if (!text) {
    return;
  }
  const bool control = std::ranges::any_of(
      *text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (control) {
    context.error(
        node->span, "bad-header", fmt::format("'{}' must not hold control characters", key));
    return;
  }
  target = *text;
}

namespace {

void read_conditions(const doc::Context& context, doc::MappingReader& mapping, Fault& fault) {
  fault.times = read_integer(context, mapping, "times", {1, kMany});
  fault.every = read_integer(context, mapping, "every", {1, kMany});
  fault.attempts = read_integer(context, mapping, "attempts", {1, kMany});
  fault.from_request = read_integer(context, mapping, "from_request", {1, kMany});
  fault.to_request = read_integer(context, mapping, "to_request", {1, kMany});
  fault.share = read_share(context, mapping, "share");
  read_text(context, mapping, "match", fault.match);
  if (const doc::Node* regex = mapping.get("match_regex")) {
    fault.regex = read_regex(context, *regex);
  }
  read_text(context, mapping, "case", fault.case_pattern);
  for (const auto& [key, target] : {std::pair("from", &fault.from), {"until", &fault.until}}) {
    if (mapping.get(key) != nullptr) {
      read_duration(context, mapping, key, target->emplace());
    }
  }
}

}  // namespace

std::optional<Fault> read_fault(const doc::Context& context, const doc::Node& node) {
  const std::size_t before = context.diagnostics->size();
  doc::MappingReader mapping(context, node, "a fault");
  Fault fault;
  if (!read_kind(context, mapping, fault)) {
    return std::nullopt;
  }
  read_details(context, mapping, fault);
  read_conditions(context, mapping, fault);
  mapping.finish();
  if (context.diagnostics->size() != before) {
    return std::nullopt;
  }
  return fault;
}

}  // namespace faceoff::simulate
