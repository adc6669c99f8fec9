// Steps that know how an answer is built: code blocks, JSON, boxes, thinking aloud.

#include "code_text.h"
#include "extraction_steps.h"
#include "json_text.h"
#include "number_token.h"
#include "python_text.h"
#include "words.h"

#include <faceoff/base/text.h>
#include <faceoff/base/unicode.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {

StepPtr read_code_block(const doc::Context& context,
                        const doc::Node& /*at*/,
                        const doc::Node* value) {
  std::string language;
  std::size_t place = 1;
  if (value != nullptr && value->is_mapping()) {
    doc::MappingReader reader(context, *value, "the step 'code_block'");
    if (const doc::Node* node = reader.get("language")) {
      language = lower(doc::as_string(context, *node, "language").value_or(""));
    }
    place = place_value(context, reader.get("pick"), "pick", 1).value_or(1);
    reader.finish();
  } else if (value != nullptr) {
    language = lower(doc::as_string(context, *value, "code_block").value_or(""));
  }
  return each([language, place](const std::string& text) {
    std::vector<std::string> found;
    for (auto& [name, body] : code_blocks(text)) {
      if (language.empty() || name == language) {
        found.push_back(std::move(body));
      }
    }
    return at_place(found, place);
  });
}

namespace {

std::string json_text(const JsonValue& value) {
  std::string out;
  switch (value.kind) {
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return value.boolean ? "true" : "false";
    case JsonKind::number:
    case JsonKind::string:
      return value.text;
    case JsonKind::array:
    case JsonKind::object:
      return write_json(value);
  }
  return out;
}

}  // namespace

StepPtr read_json_pointer(const doc::Context& context,
                          const doc::Node& at,
                          const doc::Node* value) {
  const auto pointer = value == nullptr ? std::optional<std::string>()
                                        : doc::as_string(context, *value, "json_pointer");
  if (!pointer || !is_json_pointer(*pointer)) {
    context.error(value == nullptr ? at.span : value->span,
                  "wrong-value",
                  "'json_pointer' takes a JSON pointer such as /answer or /items/0/price");
    return nullptr;
  }
  return each([pointer = *pointer](const std::string& text) -> Taken {
    const auto found = find_json(text, JsonExtract::any);
    const JsonValue* part = found && found->value ? find_part(*found->value, pointer) : nullptr;
    return part == nullptr ? std::nullopt : Taken(json_text(*part));
  });
}

// Without <think>...</think> and its like; what stands before a lone closing tag goes as well, and
// an open one swallows the rest.
StepPtr read_without_think(const doc::Context& /*context*/,
                           const doc::Node& /*at*/,
                           const doc::Node* /*value*/) {
  return each([](const std::string& text) {
    std::string out = text;
    for (const std::string_view tag : {"think", "thinking", "reasoning"}) {
      const std::string open = fmt::format("<{}>", tag);
      const std::string close = fmt::format("</{}>", tag);
      std::string kept;
      std::size_t at = 0;
      while (at < out.size()) {
        const auto begin = out.find(open, at);
        const auto end = out.find(close, at);
        if (end != std::string::npos && (begin == std::string::npos || end < begin)) {
          kept.clear();
          at = end + close.size();
        } else if (begin == std::string::npos) {
          kept.append(out, at);
          break;
        } else {
          kept.append(out, at, begin - at);
          at = end == std::string::npos ? out.size() : end + close.size();
        }
      }
      out = std::move(kept);
    }
    return Taken(strip(out));
  });
}

// Texts in place of others, in one pass: what was put in is not replaced again. Where several begin
// at one place the longest counts.
StepPtr read_replace(const doc::Context& context, const doc::Node& at, const doc::Node* value) {
  if (value == nullptr || !value->is_mapping() || value->members.empty()) {
    context.error(value == nullptr ? at.span : value->span,
                  "wrong-value",
                  "'replace' takes a mapping of texts to what stands in their place: {yes: true}");
    return nullptr;
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const doc::Member& member : value->members) {
    if (member.key.empty()) {
      context.error(member.key_span, "wrong-value", "a text to replace is empty");
      return nullptr;
    }
    auto instead = doc::as_string(context, member.value, "replace");
    if (!instead) {
      return nullptr;
    }
    pairs.emplace_back(member.key, *std::move(instead));
  }
  std::ranges::stable_sort(
      pairs, std::ranges::greater(), [](const auto& pair) { return pair.first.size(); });
  return each([pairs = std::move(pairs)](const std::string& text) {
    std::string out;
    std::string_view rest = text;
    while (!rest.empty()) {
      const auto here = std::ranges::find_if(
          pairs, [rest](const auto& pair) { return rest.starts_with(pair.first); });
      if (here == pairs.end()) {
        out += rest.front();
        rest.remove_prefix(1);
      } else {
        out += here->second;
        rest.remove_prefix(here->first.size());
      }
    }
    return Taken(std::move(out));
  });
}

StepPtr read_boxed(const doc::Context& context, const doc::Node& /*at*/, const doc::Node* value) {
  const auto place = place_value(context, value, "boxed", 0);
  return place ? each([place = *place](const std::string& text) -> Taken {
    std::vector<std::string> found;
    for (const std::string_view box : split(boxed_parts(text), '\n')) {
      if (!box.empty()) {
        found.emplace_back(box);
      }
    }
    return at_place(found, place);
  })
               : nullptr;
}

}  // namespace faceoff::score
