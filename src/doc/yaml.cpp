#include "mistake.h"
#include "source_text.h"
#include "yaml_builder.h"

#include <faceoff/doc/reader.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <yaml.h>

namespace faceoff::doc {
namespace {

// libyaml's words for the mistakes that people make most, in ours.
struct Saying {
  std::string_view theirs;
  std::string_view ours;
  std::string_view help;
};
constexpr std::array kSayings{
    Saying{"found unexpected end of stream", "a quoted text has no closing quote", ""},
    Saying{"mapping values are not allowed in this context",
           "': ' cannot stand here",
           "put a text that holds ': ' in quotes"},
    Saying{"found character that cannot start any token",
           "a plain text cannot begin with this character",
           "put the text in quotes; indent with blanks, not with tabs"},
    Saying{"did not find expected key",
           "expected a key here",
           "check the indentation of this line and the quotes before it"},
    Saying{"could not find expected ':'",
           "expected ': ' after a key",
           "put a text of several lines in quotes or behind '|'"},
    Saying{"did not find expected '-' indicator",
           "expected '- ' and the next item of the list",
           "check the indentation of this line"},
    Saying{"did not find expected ',' or ']'", "expected ',' or ']'", ""},
    Saying{"did not find expected ',' or '}'", "expected ',' or '}'", ""},
    Saying{"found unknown escape character",
           "unknown escape in a text in double quotes",
           "write \\\\ for a backslash, or use single quotes"},
};

// What a mistake broke, likewise.
struct Broken {
  std::string_view theirs;
  std::string_view ours;
};
constexpr std::array kContexts{
    Broken{"while scanning a quoted scalar", "the text begins here"},
    Broken{"while parsing a block mapping", "the mapping begins here"},
    Broken{"while parsing a flow mapping", "the mapping begins here"},
    Broken{"while parsing a block collection", "the list begins here"},
    Broken{"while parsing a flow sequence", "the list begins here"},
    Broken{"while scanning a simple key", "the key begins here"},
};

std::string_view translate(std::string_view context) {
  for (const auto& row : kContexts) {
    if (context == row.theirs) {
      return row.ours;
    }
  }
  return context;
}

class Parser {
 public:
  explicit Parser(const std::string& text) : ready_(yaml_parser_initialize(&parser_) != 0) {
    if (ready_) {
      yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
      yaml_parser_set_input_string(
          &parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    }
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() {
    yaml_event_delete(&event_);
    if (ready_) {
      yaml_parser_delete(&parser_);
    }
  }

  // Reads the next event; false on a mistake.
  [[nodiscard]] bool next() {
    yaml_event_delete(&event_);
    return ready_ && yaml_parser_parse(&parser_, &event_) != 0;
  }
  [[nodiscard]] const yaml_event_t& event() const { return event_; }
  [[nodiscard]] const yaml_parser_t& state() const { return parser_; }

 private:
  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool ready_;
};

std::string to_text(const yaml_char_t* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

Style style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return Style::quoted;
    case YAML_LITERAL_SCALAR_STYLE:
    case YAML_FOLDED_SCALAR_STYLE:
      return Style::block;
    default:
      return Style::plain;
  }
}

// Code points that YAML does not allow outside of escapes (YAML 1.2.2, 5.1): controls, U+FEFF,
// U+FFFE, U+FFFF. `length` is that of the sequence.
bool is_forbidden(std::string_view at, std::size_t& length) {
  const auto first = static_cast<unsigned char>(at[0]);
  length = 1;
  if (first < 0x80) {
    return (first < 0x20 && first != '\t' && first != '\n' && first != '\r') || first == 0x7F;
  }
  const auto second = static_cast<unsigned char>(at.size() > 1 ? at[1] : '\0');
  if (first == 0xC2) {
    length = 2;
    return second < 0xA0 && second != 0x85;
  }
  length = 3;
  return at.starts_with(kByteOrderMark) || at.starts_with("\xEF\xBF\xBE") ||
         at.starts_with("\xEF\xBF\xBF");
}

std::string escape_of(std::string_view at) {
  const auto byte = [at](std::size_t i) { return static_cast<unsigned>(at[i]) & 0x3FU; };
  if (static_cast<unsigned char>(at[0]) < 0x80) {
    return fmt::format("\\x{:02X}", static_cast<unsigned>(at[0]));
  }
  if (at[0] == '\xC2') {
    return fmt::format("\\x{:02X}", 0x80U | byte(1));
  }
  return fmt::format("\\u{:04X}", 0xF000U | byte(1) << 6U | byte(2));
}

bool check_characters(const SourcePtr& source, Diagnostics& diagnostics) {
  const std::string_view text = source->text;
  std::size_t length = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool suspect = c < 0x20 || c == 0x7F || c == 0xC2 || c == 0xEF;
    if (!suspect || !is_forbidden(text.substr(i), length)) {
      continue;
    }
    const Mark mark = mark_at(*source, i);
    Diagnostic diagnostic = mistake(source,
                                    {mark, {mark.line, mark.column + 1}},
                                    "yaml::control-character",
                                    "a control character stands in the text");
    diagnostic.help = fmt::format("write it as \"{}\" in double quotes", escape_of(text.substr(i)));
    diagnostics.add(std::move(diagnostic));
    return false;
  }
  return true;
}

class Reader {
 public:
  Reader(const SourcePtr& source, Diagnostics& diagnostics)
      : source_(source),
        diagnostics_(diagnostics),
        lines_(*source),
        parser_(source->text),
        builder_(source, diagnostics) {}

  std::optional<Node> read() {
    while (true) {
      if (!parser_.next()) {
        syntax_error();
        return std::nullopt;
      }
      if (parser_.event().type == YAML_STREAM_END_EVENT) {
        break;
      }
      if (!take_event()) {
        return std::nullopt;
      }
    }
    if (documents_ == 0) {
      error({Mark{source_->first_line, 1}, {source_->first_line, 1}}, "empty", "the file is empty");
      return std::nullopt;
    }
    return builder_.take();
  }

 private:
  [[nodiscard]] Span span() const {
    return {lines_.mark(parser_.event().start_mark.index),
            lines_.mark(parser_.event().end_mark.index)};
  }

  bool take_event() {
    const yaml_event_t& event = parser_.event();
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        if (++documents_ > 1) {
          error(span(), "second-document", "a second document begins here; a file holds one");
          return false;
        }
        return true;
      case YAML_SCALAR_EVENT:
        return take_scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        check_tag(event.data.sequence_start.tag);
        return builder_.open(Kind::sequence, span(), to_text(event.data.sequence_start.anchor));
      case YAML_MAPPING_START_EVENT:
        check_tag(event.data.mapping_start.tag);
        return builder_.open(Kind::mapping, span(), to_text(event.data.mapping_start.anchor));
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return builder_.close(span().end);
      case YAML_ALIAS_EVENT:
        return builder_.alias(to_text(event.data.alias.anchor), span());
      default:
        return true;
    }
  }

  bool take_scalar(const yaml_event_t& event) {
    check_tag(event.data.scalar.tag);
    Node node;
    node.style = style_of(event.data.scalar.style);
    node.text.assign(reinterpret_cast<const char*>(event.data.scalar.value),
                     event.data.scalar.length);
    node.span = span();
    return builder_.scalar(std::move(node), to_text(event.data.scalar.anchor));
  }

  void check_tag(const yaml_char_t* tag) {
    if (tag != nullptr) {
      builder_.tag(to_text(tag), {span().begin, span().begin});
    }
  }

  void error(Span span, std::string_view slug, std::string message) {
    Diagnostic diagnostic =
        mistake(source_, span, fmt::format("yaml::{}", slug), std::move(message));
    diagnostics_.add(std::move(diagnostic));
  }

  void syntax_error() {
    const yaml_parser_t& state = parser_.state();
    const std::string_view problem = state.problem == nullptr ? "out of memory" : state.problem;
    Diagnostic diagnostic;
    diagnostic.code = "yaml::syntax";
    diagnostic.message = problem;
    for (const auto& saying : kSayings) {
      if (problem == saying.theirs) {
        diagnostic.message = saying.ours;
        diagnostic.help = saying.help;
      }
    }
    diagnostic.source = source_;
    const Mark mark = lines_.mark(state.problem_mark.index);
    diagnostic.span = {mark, mark};
    const Mark context = lines_.mark(state.context_mark.index);
    if (state.context != nullptr && context != mark) {
      diagnostic.notes.push_back({{context, context}, std::string(translate(state.context))});
    }
    diagnostics_.add(std::move(diagnostic));
  }

  SourcePtr source_;
  Diagnostics& diagnostics_;
  LineTable lines_;
  Parser parser_;
  YamlBuilder builder_;
  int documents_ = 0;
};

}  // namespace

std::optional<Node> parse_yaml(const SourcePtr& source, Diagnostics& diagnostics) {
  if (!check_encoding(source, diagnostics) || !check_characters(source, diagnostics)) {
    return std::nullopt;
  }
  return Reader(source, diagnostics).read();
}

}  // namespace faceoff::doc
