#pragma once

#include <faceoff/base/clock.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/node.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faceoff::doc {

// Where a decoder reports to: the file and the area of its diagnostic codes ("suite", "config").
struct Context {
  SourcePtr source;
  std::string_view area;
  Diagnostics* diagnostics;

  void error(Span span,
             std::string_view slug,
             std::string message,
             std::string label = {},
             std::string help = {}) const;
};

// Typed reading of one node. Each function reports what is wrong and returns nullopt; `what` is the
// key that the message names ("'temperature' must be a number, found a list"). A text may be any
// scalar but null, as it was written (42, 1.10, yes); a number or a boolean must be a plain one.
[[nodiscard]] std::optional<std::string> as_string(const Context&,
                                                   const Node&,
                                                   std::string_view what);
[[nodiscard]] std::optional<double> as_number(const Context&, const Node&, std::string_view what);
[[nodiscard]] std::optional<std::int64_t> as_integer(const Context&,
                                                     const Node&,
                                                     std::string_view what);
[[nodiscard]] std::optional<bool> as_bool(const Context&, const Node&, std::string_view what);
[[nodiscard]] std::optional<Duration> as_duration(const Context&,
                                                  const Node&,
                                                  std::string_view what);
// One text or a list of texts.
[[nodiscard]] std::optional<std::vector<std::string>> as_strings(const Context&,
                                                                 const Node&,
                                                                 std::string_view what);

// Reads a mapping key by key and, at finish(), reports every key that nobody asked for, with the
// nearest allowed one. Usage: MappingReader m(context, node, "a case"); m.get("id"); ...
// m.finish();
class MappingReader {
 public:
  // Reports when `node` is no mapping; every get() then returns nullptr.
  MappingReader(const Context& context, const Node& node, std::string_view what);
  // The value of `key`, or nullptr. Makes `key` an allowed one.
  [[nodiscard]] const Node* get(std::string_view key);
  // As get(), and reports when the key is missing.
  [[nodiscard]] const Node* require(std::string_view key);
  void finish();

 private:
  const Context& context_;
  const Node& node_;
  std::string_view what_;
  std::vector<std::string_view> allowed_;
};

}  // namespace faceoff::doc
