#include "variables.h"

#include <faceoff/base/text.h>
#include <faceoff/suite/template.h>

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace faceoff::suite {
namespace {

// Finding an exact place takes a walk through the file; nobody reads more mistakes than this.
constexpr std::size_t kMaxExactPlaces = 200;
// Missing variables of one text that are all reported.
constexpr std::size_t kMaxNamesReported = 10;

std::string place_text(const Variable& variable, const doc::SourcePtr& from) {
  const auto line = variable.span.begin.line;
  return variable.source == from ? fmt::format("line {}", line)
                                 : fmt::format("{}:{}", variable.source->name, line);
}

std::vector<std::string_view> names_of(const Scope& scope) {
  std::vector<std::string_view> names;
  for (const auto* variables : {&scope.own, &scope.defaults}) {
    for (const auto& [name, variable] : *variables) {
      if (std::ranges::find(names, name) == names.end()) {
        names.emplace_back(name);
      }
    }
  }
  return names;
}

void explain_unknown(const Scope& scope,
                     const Template& text,
                     const std::string& name,
                     doc::Diagnostic& diagnostic) {
  const auto names = names_of(scope);
  if (const auto near = closest(name, names)) {
    diagnostic.label = fmt::format("did you mean '{{{{{}}}}}' ({})?",
                                   *near,
                                   place_text(*scope.find(*near), scope.context.source));
  }
  diagnostic.help = names.empty()
                        ? "define it under 'vars'; write \\{{ for braces that mean themselves"
                        : fmt::format("variables of this case: {}", fmt::join(names, ", "));
  if (!text.from_defaults) {
    diagnostic.message = fmt::format("{} uses {{{{{}}}}}, which is not defined", text.what, name);
    return;
  }
  // The default is right for other cases: this one lacks the variable.
  const bool same_file = text.source == scope.context.source;
  diagnostic.message = fmt::format(
      "this case does not define {{{{{}}}}}, which {} of the defaults{} uses",
      name,
      text.what,
      same_file ? "" : fmt::format(" ({}:{})", text.source->name, diagnostic.span.begin.line));
  if (same_file) {
    diagnostic.notes.push_back({diagnostic.span, "used here"});
  }
  diagnostic.source = scope.context.source;
  diagnostic.span = scope.case_span;
}

doc::Diagnostic describe_error(const Template& text, const TemplateError& error, doc::Span span) {
  doc::Diagnostic diagnostic;
  diagnostic.source = text.source;
  diagnostic.span = span;
  switch (error.kind) {
    case TemplateError::Kind::unclosed:
      diagnostic.code = "suite::unclosed-braces";
      diagnostic.message = fmt::format("{} has '{{{{' without '}}}}'", text.what);
      diagnostic.help = "write \\{{ for braces that mean themselves";
      break;
    case TemplateError::Kind::bad_name:
      diagnostic.code = "suite::bad-variable-name";
      diagnostic.message =
          fmt::format("'{}' in {} cannot be the name of a variable", error.name, text.what);
      diagnostic.help =
          "a name has letters, digits, _ . and -; write \\{{ for braces that mean themselves";
      break;
    case TemplateError::Kind::unknown_name:
      diagnostic.code = "suite::undefined-variable";
      break;
    case TemplateError::Kind::too_large:
      diagnostic.code = "suite::too-large";
      diagnostic.message = fmt::format(
          "{} is longer than {} MiB with its variables", text.what, kMaxRendered / 1024 / 1024);
      diagnostic.span = text.node.span;
      break;
  }
  return diagnostic;
}

doc::Span error_place(const doc::Diagnostics& diagnostics,
                      const Template& text,
                      const TemplateError& error) {
  if (diagnostics.size() >= kMaxExactPlaces || error.kind == TemplateError::Kind::too_large) {
    return text.node.span;
  }
  return place_of(*text.source, text.node, error.offset, error.length);
}

// How many "{{" begin before `end`.
std::size_t count_open(std::string_view text, std::size_t end) {
  std::size_t count = 0;
  for (auto at = text.find("{{"); at < end; at = text.find("{{", at + 2)) {
    ++count;
  }
  return count;
}

std::size_t find_open(std::string_view text, std::size_t number) {
  auto at = text.find("{{");
  for (; number > 0 && at != std::string_view::npos; --number) {
    at = text.find("{{", at + 2);
  }
  return at;
}

}  // namespace

const Variable* Scope::find(std::string_view name) const {
  for (const auto* variables : {&own, &defaults}) {
    if (const auto it = variables->find(name); it != variables->end()) {
      return &it->second;
    }
  }
  return nullptr;
}

Variables decode_variables(const doc::Context& context, const doc::Node& node) {
  Variables variables;
  if (!node.is_mapping()) {
    context.error(node.span,
                  "wrong-type",
                  fmt::format("'vars' must be a mapping, found {}", doc::describe(node)));
    return variables;
  }
  for (const auto& member : node.members) {
    if (!is_variable_name(member.key)) {
      context.error(member.key_span,
                    "bad-variable-name",
                    fmt::format("'{}' cannot be the name of a variable", member.key),
                    {},
                    "a name has letters, digits, _ . and -");
      continue;
    }
    if (auto text = doc::as_string(context, member.value, member.key)) {
      variables.emplace(member.key, Variable{*std::move(text), member.key_span, context.source});
    }
  }
  return variables;
}

doc::Span place_of(const doc::Source& source,
                   const doc::Node& node,
                   std::size_t offset,
                   std::size_t length) {
  const auto begin = doc::offset_of(source, node.span.begin);
  const auto end = doc::offset_of(source, node.span.end);
  if (!begin || !end || *end < *begin) {
    return node.span;
  }
  // Only escapes can change the number of braces between the file and the text.
  const std::string_view raw = std::string_view(source.text).substr(*begin, *end - *begin);
  const std::string_view text = node.text;
  if (count_open(raw, raw.size()) != count_open(text, text.size())) {
    return node.span;
  }
  const std::size_t at = find_open(raw, count_open(text, offset));
  if (at == std::string_view::npos || raw.substr(at, length) != text.substr(offset, length)) {
    return node.span;
  }
  return {doc::mark_at(source, *begin + at), doc::mark_at(source, *begin + at + length)};
}

std::optional<std::string> fill_in(const Scope& scope, const Template& text) {
  std::vector<std::string> reported;
  const auto lookup = [&](std::string_view name) -> std::optional<std::string_view> {
    if (const Variable* variable = scope.find(name); variable != nullptr) {
      return variable->text;
    }
    const bool known = std::ranges::find(reported, name) != reported.end();
    return known ? std::optional<std::string_view>("") : std::nullopt;
  };
  auto& diagnostics = *scope.context.diagnostics;
  while (true) {
    auto result = render(text.node.text, lookup);
    if (auto* filled = std::get_if<std::string>(&result)) {
      return reported.empty() ? std::optional(std::move(*filled)) : std::nullopt;
    }
    const auto& error = std::get<TemplateError>(result);
    auto diagnostic = describe_error(text, error, error_place(diagnostics, text, error));
    const bool unknown = error.kind == TemplateError::Kind::unknown_name;
    if (unknown) {
      explain_unknown(scope, text, error.name, diagnostic);
    }
    diagnostics.add(std::move(diagnostic));
    if (!unknown || reported.size() >= kMaxNamesReported) {
      return std::nullopt;
    }
    // Once more, to see the other names that are missing.
    reported.push_back(error.name);
  }
}

void check_syntax(const doc::Context& context, const Template& text) {
  const auto result = render(text.node.text, [](std::string_view) { return std::string_view(); });
  if (const auto* error = std::get_if<TemplateError>(&result)) {
    auto& diagnostics = *context.diagnostics;
    diagnostics.add(describe_error(text, *error, error_place(diagnostics, text, *error)));
  }
}

}  // namespace faceoff::suite
