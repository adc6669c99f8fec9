#include "yaml_builder.h"

#include "mistake.h"

#include <faceoff/base/files.h>
#include <faceoff/base/text.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::doc {

void YamlBuilder::error(Span span, std::string code, std::string message, std::string help) {
  failed_ = true;
  Diagnostic diagnostic = mistake(source_, span, std::move(code), std::move(message));
  diagnostic.help = std::move(help);
  diagnostics_.add(std::move(diagnostic));
}

bool YamlBuilder::expects_key() const {
  return !stack_.empty() && stack_.back().node.is_mapping() && !stack_.back().has_key;
}

bool YamlBuilder::count(const Extent& extent, Span span) {
  nodes_ += extent.nodes;
  if (nodes_ > kMaxNodes) {
    error(span, "yaml::too-large", too_large_message(), kTooLargeHelp);
    return false;
  }
  return true;
}

// What is kept for aliases counts like what they expand to: nested anchors would otherwise hold the
// same values once for each level.
bool YamlBuilder::remember(const std::string& name, const Node& node) {
  const Extent extent = measure(node);
  copied_bytes_ += extent.bytes;
  if (!count(extent, node.span)) {
    return false;
  }
  anchors_.insert_or_assign(name, Anchor{node, extent});
  return true;
}

bool YamlBuilder::is_open(const std::string& name) const {
  return std::ranges::find(stack_, name, &Frame::anchor) != stack_.end();
}

void YamlBuilder::tag(std::string_view name, Span span) {
  error(span,
        "yaml::tag",
        fmt::format("tags such as '{}' are not supported", name),
        "put a text that begins with '!' in quotes");
}

bool YamlBuilder::scalar(Node node, const std::string& anchor) {
  if (!expects_key() && !count(Extent{}, node.span)) {
    return false;
  }
  if (!anchor.empty() && !remember(anchor, node)) {
    return false;
  }
  if (expects_key()) {
    take_key(std::move(node));
  } else {
    add(std::move(node));
  }
  return true;
}

void YamlBuilder::take_key(Node node) {
  Frame& frame = stack_.back();
  if (node.text == "<<" && node.style == Style::plain) {
    error(node.span,
          "yaml::merge-key",
          "the merge key '<<' is not supported",
          "write the keys out, or use an alias for a whole value");
  }
  const auto [it, inserted] = frame.keys.try_emplace(node.text, node.span);
  if (!inserted) {
    failed_ = true;
    Diagnostic diagnostic = mistake(source_,
                                    node.span,
                                    "yaml::duplicate-key",
                                    fmt::format("the key '{}' is given twice", node.text));
    diagnostic.label = "keys must be unique in a mapping";
    diagnostic.notes.push_back({it->second, "first defined here"});
    diagnostics_.add(std::move(diagnostic));
  }
  frame.has_key = true;
  frame.key = std::move(node.text);
  frame.key_span = node.span;
}

bool YamlBuilder::open(Kind kind, Span span, std::string anchor) {
  if (expects_key()) {
    const auto at = offset_of(*source_, stack_.back().node.span.begin);
    const bool braces = at && source_->text.compare(*at, 2, "{{") == 0;
    error(span,
          "yaml::key",
          fmt::format("a key must be a text, found {}",
                      kind == Kind::mapping ? "a mapping" : "a list"),
          braces ? "put a text that begins with '{{' in quotes" : "");
    return false;
  }
  if (stack_.size() >= static_cast<std::size_t>(kMaxDepth)) {
    error(span, "yaml::too-deep", too_deep_message());
    return false;
  }
  if (!count(Extent{}, span)) {
    return false;
  }
  Frame frame;
  frame.node.kind = kind;
  frame.node.span = span;
  frame.anchor = std::move(anchor);
  stack_.push_back(std::move(frame));
  return true;
}

bool YamlBuilder::close(Mark end) {
  Frame frame = std::move(stack_.back());
  stack_.pop_back();
  frame.node.span.end = end;
  if (!frame.anchor.empty() && !remember(frame.anchor, frame.node)) {
    return false;
  }
  add(std::move(frame.node));
  return true;
}

void YamlBuilder::unknown_alias(const std::string& name, Span span) {
  std::vector<std::string_view> names;
  for (const auto& [known, anchor] : anchors_) {
    names.push_back(known);
  }
  const auto near = closest(name, names);
  error(span,
        "yaml::alias",
        fmt::format("the alias '*{}' names nothing that stands before it", name),
        near ? fmt::format("did you mean '*{}'?", *near)
             : "put a text that begins with '*' in quotes");
}

bool YamlBuilder::alias(const std::string& name, Span span) {
  if (expects_key()) {
    error(span, "yaml::key", "an alias cannot be a key");
    return false;
  }
  if (is_open(name)) {
    error(span, "yaml::alias", fmt::format("the alias '*{}' stands inside its own value", name));
    return false;
  }
  const auto it = anchors_.find(name);
  if (it == anchors_.end()) {
    unknown_alias(name, span);
    return false;
  }
  const Anchor& anchor = it->second;
  if (stack_.size() + static_cast<std::size_t>(anchor.extent.height) >
      static_cast<std::size_t>(kMaxDepth)) {
    error(span, "yaml::too-deep", too_deep_message());
    return false;
  }
  copied_bytes_ += anchor.extent.bytes;
  if (copied_bytes_ > kMaxDocumentBytes) {
    error(span, "yaml::too-large", "the aliases expand to more than 64 MiB of text");
    return false;
  }
  if (!count(anchor.extent, span)) {
    return false;
  }
  add(anchor.node);
  return true;
}

void YamlBuilder::add(Node node) {
  if (stack_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& frame = stack_.back();
  if (frame.node.is_sequence()) {
    frame.node.items.push_back(std::move(node));
    return;
  }
  frame.node.members.push_back({std::move(frame.key), frame.key_span, std::move(node)});
  frame.has_key = false;
}

std::optional<Node> YamlBuilder::take() {
  return failed_ ? std::nullopt : std::move(root_);
}

}  // namespace faceoff::doc
