#pragma once

#include "tree_limits.h"

#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/node.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::doc {

// Builds one tree from the events of a YAML document, holds it to the bounds of reader.h and
// reports what breaks them. A call returns false when reading on would make no sense.
class YamlBuilder {
 public:
  YamlBuilder(SourcePtr source, Diagnostics& diagnostics)
      : source_(std::move(source)), diagnostics_(diagnostics) {}

  // `anchor` is empty when the value has none.
  [[nodiscard]] bool scalar(Node node, const std::string& anchor);
  [[nodiscard]] bool open(Kind kind, Span span, std::string anchor);
  [[nodiscard]] bool close(Mark end);
  [[nodiscard]] bool alias(const std::string& name, Span span);
  // Reports a tag on a value; the value is read all the same.
  void tag(std::string_view name, Span span);

  // The tree; nullopt when anything was reported.
  [[nodiscard]] std::optional<Node> take();

 private:
  struct Frame {
    Node node;
    std::string anchor;
    bool has_key = false;
    std::string key;
    Span key_span;
    std::map<std::string, Span, std::less<>> keys;
  };
  struct Anchor {
    Node node;
    Extent extent;
  };

  [[nodiscard]] bool expects_key() const;
  [[nodiscard]] bool count(const Extent& extent, Span span);
  [[nodiscard]] bool remember(const std::string& name, const Node& node);
  [[nodiscard]] bool is_open(const std::string& name) const;
  void take_key(Node node);
  void unknown_alias(const std::string& name, Span span);
  void add(Node node);
  void error(Span span, std::string code, std::string message, std::string help = {});

  SourcePtr source_;
  Diagnostics& diagnostics_;
  std::vector<Frame> stack_;
  std::map<std::string, Anchor, std::less<>> anchors_;
  std::optional<Node> root_;
  std::size_t nodes_ = 0;
  std::size_t copied_bytes_ = 0;
  bool failed_ = false;
};

}  // namespace faceoff::doc
