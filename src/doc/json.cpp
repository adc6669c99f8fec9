#include "json_string.h"
#include "mistake.h"
#include "scalar.h"
#include "source_text.h"
#include "tree_limits.h"

#include <faceoff/base/text.h>
#include <faceoff/doc/reader.h>

#include <array>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

// RFC 8259, strict, with the place of every token. Recursion is bounded by kMaxDepth.
class JsonParser {
 public:
  JsonParser(SourcePtr source, Diagnostics& diagnostics)
      : source_(std::move(source)),
        diagnostics_(diagnostics),
        text_(source_->text),
        cursor_(text_, {source_->first_line, 1}) {}

  std::optional<Node> document() {
    skip_blanks();
    if (at_ == text_.size()) {
      error("empty", "the file is empty");
      return std::nullopt;
    }
    Node root;
    if (!value(root, 0)) {
      return std::nullopt;
    }
    skip_blanks();
    if (at_ < text_.size()) {
      error("syntax", fmt::format("expected the end after the value, found {}", found()));
    }
    return failed_ ? std::nullopt : std::optional(std::move(root));
  }

 private:
  [[nodiscard]] Mark here() { return cursor_.at(at_); }
  [[nodiscard]] bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }

  void skip_blanks() {
    const auto next = text_.find_first_not_of(" \t\r\n", at_);
    at_ = next == std::string_view::npos ? text_.size() : next;
  }

  // What stands here, for messages.
  [[nodiscard]] std::string found() const {
    if (at_ >= text_.size()) {
      return "the end of the file";
    }
    const auto rest = text_.substr(at_);
    const auto word = rest.find_first_of(" \t\r\n,:[]{}\"'");
    const std::string_view shown = word == 0 ? rest.substr(0, 1) : rest.substr(0, word);
    return fmt::format("'{}'", fit_width(display_text(shown.substr(0, 200)), 30));
  }

  Diagnostic& report(Span span, std::string_view slug, std::string message) {
    failed_ = true;
    diagnostic_ = mistake(source_, span, fmt::format("json::{}", slug), std::move(message));
    return diagnostic_;
  }

  // Reports at the place where the parser stands; returns false.
  bool error(std::string_view slug, std::string message, std::string help = {}) {
    const Mark mark = here();
    report({mark, mark}, slug, std::move(message)).help = std::move(help);
    diagnostics_.add(std::move(diagnostic_));
    return false;
  }

  bool value(Node& node, int depth) {
    if (++nodes_ > kMaxNodes) {
      error("too-large", too_large_message(), kTooLargeHelp);
      return false;
    }
    node.span.begin = here();
    bool sound = false;
    if (at('{') || at('[')) {
      sound = collection(node, depth);
    } else if (at('"')) {
      node.style = Style::quoted;
      sound = string(node.text);
    } else {
      sound = literal(node);
    }
    node.span.end = here();
    return sound;
  }

  bool collection(Node& node, int depth) {
    if (depth >= kMaxDepth) {
      return error("too-deep", too_deep_message());
    }
    const bool is_list = at('[');
    const char end = is_list ? ']' : '}';
    node.kind = is_list ? Kind::sequence : Kind::mapping;
    ++at_;
    skip_blanks();
    if (at(end)) {
      ++at_;
      return true;
    }
    std::map<std::string, Span, std::less<>> keys;
    while (true) {
      if (!(is_list ? value(node.items.emplace_back(), depth + 1)
                    : member(node, keys, depth + 1))) {
        return false;
      }
      skip_blanks();
      if (at(end)) {
        ++at_;
        return true;
      }
      if (!at(',')) {
        return error("syntax", fmt::format("expected ',' or '{}', found {}", end, found()));
      }
      const Mark comma = here();
      ++at_;
      skip_blanks();
      if (at(end)) {
        report({comma, {comma.line, comma.column + 1}},
               "syntax",
               fmt::format("a comma must not stand before '{}'", end));
        diagnostics_.add(std::move(diagnostic_));
        return false;
      }
    }
  }

  bool member(Node& node, std::map<std::string, Span, std::less<>>& keys, int depth) {
    if (!at('"')) {
      return error(
          "syntax", fmt::format("expected a key in double quotes, found {}", found()), comment());
    }
    Member& member = node.members.emplace_back();
    member.key_span.begin = here();
    if (!string(member.key)) {
      return false;
    }
    member.key_span.end = here();
    const auto [first, inserted] = keys.try_emplace(member.key, member.key_span);
    if (!inserted) {
      Diagnostic& diagnostic = report(
          member.key_span, "duplicate-key", fmt::format("the key '{}' is given twice", member.key));
      diagnostic.label = "keys must be unique in a mapping";
      diagnostic.notes.push_back({first->second, "first defined here"});
      diagnostics_.add(std::move(diagnostic_));
    }
    skip_blanks();
    if (!at(':')) {
      return error("syntax", fmt::format("expected ':' after the key, found {}", found()));
    }
    ++at_;
    skip_blanks();
    return value(member.value, depth);
  }

  bool string(std::string& out) {
    const Mark begin = here();
    const JsonString result = read_json_string(text_, at_, out);
    at_ = result.end;
    if (result.problem.empty()) {
      return true;
    }
    const Mark mark = here();
    Diagnostic& diagnostic = report({mark, mark}, "syntax", result.problem);
    diagnostic.help = result.help;
    if (mark != begin) {
      diagnostic.notes.push_back({{begin, begin}, "the text begins here"});
    }
    diagnostics_.add(std::move(diagnostic_));
    return false;
  }

  bool literal(Node& node) {
    const auto rest = text_.substr(at_);
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n,:[]{}\"'/"));
    node.text = word;
    const ScalarKind kind = word.empty() ? ScalarKind::text : classify(node);
    const bool is_word = word == "true" || word == "false" || word == "null";
    const bool is_number =
        (kind == ScalarKind::integer || kind == ScalarKind::real) && number_as_json(node) == word;
    if (!is_word && !is_number) {
      return error("syntax", fmt::format("expected a value, found {}", found()), hint(word));
    }
    at_ += word.size();
    return true;
  }

  [[nodiscard]] std::string comment() const {
    return at('/') || at('#') ? "JSON has no comments" : at('\'') ? "use double quotes" : "";
  }

  [[nodiscard]] std::string hint(std::string_view word) const {
    constexpr std::array<std::string_view, 3> kWords{"true", "false", "null"};
    const std::string lower = ascii_lower(word);
    for (const auto known : kWords) {
      if (lower == known) {
        return fmt::format("write {}", known);
      }
    }
    if (lower == "none" || lower == "nan" || lower.ends_with("infinity")) {
      return "JSON has no such value; write null";
    }
    return comment();
  }

  SourcePtr source_;
  Diagnostics& diagnostics_;
  std::string_view text_;
  Cursor cursor_;
  Diagnostic diagnostic_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<Node> parse_json(const SourcePtr& source, Diagnostics& diagnostics) {
  if (!check_encoding(source, diagnostics)) {
    return std::nullopt;
  }
  return JsonParser(source, diagnostics).document();
}

}  // namespace faceoff::doc
