#pragma once

#include <faceoff/doc/decoder.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/node.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace faceoff::suite {

struct Variable {
  std::string text;
  doc::Span span;  // of its name
  doc::SourcePtr source;
};
using Variables = std::map<std::string, Variable, std::less<>>;

// Reads a mapping of names to texts or numbers.
[[nodiscard]] Variables decode_variables(const doc::Context& context, const doc::Node& node);

// What one case can see: its own variables before those of the defaults. A view of all it names.
struct Scope {
  const doc::Context& context;  // of the case
  const Variables& own;
  const Variables& defaults;
  doc::Span case_span;

  [[nodiscard]] const Variable* find(std::string_view name) const;
};

// A template as it stands in a file.
struct Template {
  const doc::Node& node;  // a scalar
  const doc::SourcePtr& source;
  std::string_view what;  // "the prompt"
  bool from_defaults = false;
};

// Fills a template in; reports what is wrong with it at its place.
[[nodiscard]] std::optional<std::string> fill_in(const Scope& scope, const Template& text);
// Reports braces that no variables could mend.
void check_syntax(const doc::Context& context, const Template& text);

// The place of bytes [offset, offset + length) of a scalar in its file, where they begin with "{{";
// the whole scalar when escapes hide it.
[[nodiscard]] doc::Span place_of(const doc::Source& source,
                                 const doc::Node& node,
                                 std::size_t offset,
                                 std::size_t length);

}  // namespace faceoff::suite
