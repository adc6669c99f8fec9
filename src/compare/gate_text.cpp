#include "gate_words.h"

#include <faceoff/base/text.h>

#include <utility>

#include <fmt/format.h>

namespace faceoff::compare {
namespace {

constexpr std::string_view kSpecial = " \t\r\n(),<>=\"";

// A name as a word, in quotes where it would not be read back as one.
std::string name_word(std::string_view name) {
  if (!name.empty() && name.find_first_of(kSpecial) == std::string_view::npos) {
    return std::string(name);
  }
  return fmt::format("\"{}\"", name);
}

struct Token {
  enum class Kind : std::uint8_t { end, word, quoted, symbol };
  Kind kind = Kind::end;
  std::string_view text = {};  // without quotes
  std::size_t begin = 0;
  std::size_t end = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) { advance(); }

  tl::expected<Gate, GateMistake> parse() {
    if (read_head() && read_arguments() && read_rest() && read_tag() && finish()) {
      return gate_;
    }
    return tl::make_unexpected(std::move(mistake_));
  }

 private:
  bool wrong(const Token& at, std::string message, std::string help = {}) {
    mistake_ = {at.begin, at.end, std::move(message), std::move(help)};
    return false;
  }
  bool wrong(const Token& at, const std::optional<WordMistake>& mistake) {
    return !mistake || wrong(at, mistake->message, mistake->help);
  }

  [[nodiscard]] bool at_symbol(std::string_view symbol) const {
    return now_.kind == Token::Kind::symbol && now_.text == symbol;
  }
  [[nodiscard]] bool at_name() const {
    return now_.kind == Token::Kind::word || now_.kind == Token::Kind::quoted;
  }
  [[nodiscard]] std::string found() const {
    return now_.kind == Token::Kind::end ? "the end" : fmt::format("'{}'", now_.text);
  }

  void advance() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    now_ = {.begin = at_, .end = at_};
    if (at_ == text_.size()) {
      return;
    }
    if (text_[at_] == '"') {
      const auto close = std::min(text_.find('"', at_ + 1), text_.size());
      now_.kind = Token::Kind::quoted;
      now_.text = text_.substr(at_ + 1, close - at_ - 1);
      open_quote_ = open_quote_ || close == text_.size();
      at_ = std::min(close + 1, text_.size());
    } else if (kSpecial.find(text_[at_]) != std::string_view::npos) {
      const bool two = text_[at_] != '=' && at_ + 1 < text_.size() && text_[at_ + 1] == '=';
      now_.kind = Token::Kind::symbol;
      now_.text = text_.substr(at_, two ? 2 : 1);
      at_ += now_.text.size();
    } else {
      now_.kind = Token::Kind::word;
      now_.text = text_.substr(at_, text_.find_first_of(kSpecial, at_) - at_);
      at_ += now_.text.size();
    }
    now_.end = at_;
  }

  bool read_head() {
    if (now_.kind != Token::Kind::word) {
      return wrong(now_, "a gate begins with its kind", "write e.g. alarm or score >= 80%");
    }
    head_ = now_;
    if (!wrong(now_, read_kind(now_.text, gate_))) {
      return false;
    }
    advance();
    return true;
  }

  // (BACKEND), (BACKEND, AMOUNT) or (AMOUNT)
  bool read_arguments() {
    if (!at_symbol("(")) {
      return true;
    }
    advance();
    if (!at_name()) {
      return wrong(now_, fmt::format("expected a backend, found {}", found()));
    }
    Gate probe = gate_;
    const bool is_amount =
        now_.kind == Token::Kind::word && in_call() && !read_amount(now_.text, probe);
    if (!is_amount) {
      if (now_.text.empty()) {
        return wrong(now_, "the backend has no name");
      }
      gate_.backend = now_.text;
      advance();
    }
    if (!is_amount && at_symbol(",")) {
      advance();
      if (!in_call()) {
        return wrong(now_,
                     fmt::format("'{}' takes a backend only", head_.text),
                     fmt::format("write e.g. {}", row_of(gate_.kind).example));
      }
      if (!at_name()) {
        return wrong(now_, fmt::format("expected an amount, found {}", found()));
      }
    }
    if (at_name() && !take_amount()) {
      return false;
    }
    if (!at_symbol(")")) {
      return wrong(now_, fmt::format("expected ')', found {}", found()));
    }
    advance();
    return true;
  }

  // Kinds whose amount may stand among the arguments.
  [[nodiscard]] bool in_call() const { return row_of(gate_.kind).comparison.empty(); }

  bool take_amount() {
    if (!wrong(now_, read_amount(now_.text, gate_))) {
      return false;
    }
    has_amount_ = true;
    advance();
    return true;
  }

  bool read_rest() {
    const KindRow& row = row_of(gate_.kind);
    if (!row.comparison.empty()) {
      if (!at_symbol(row.comparison)) {
        return wrong(now_,
                     fmt::format("expected '{}', found {}", row.comparison, found()),
                     fmt::format("write e.g. {}", row.example));
      }
      advance();
    } else if (now_.kind == Token::Kind::word && now_.text == "margin" &&
               row.amount == Amount::points && !has_amount_) {
      advance();
    }
    const bool at_amount = at_name() && now_.text != "on";
    if (at_amount && !has_amount_) {
      return take_amount();
    }
    if (!has_amount_ && row.needs_amount) {
      return wrong(now_,
                   row.comparison.empty() && row.amount == Amount::points
                       ? fmt::format("'{}' needs a margin", head_.text)
                       : fmt::format("'{}' needs a limit", head_.text),
                   fmt::format("write e.g. {}", row.example));
    }
    return true;
  }

  bool read_tag() {
    if (now_.kind != Token::Kind::word || now_.text != "on") {
      return true;
    }
    advance();
    if (now_.kind != Token::Kind::word || !now_.text.starts_with("tag:")) {
      return wrong(now_, fmt::format("expected tag:NAME, found {}", found()));
    }
    const Token word = now_;
    gate_.tag = word.text.substr(4);
    advance();
    if (gate_.tag.empty() && now_.kind == Token::Kind::quoted && now_.begin == word.end) {
      gate_.tag = now_.text;
      advance();
    }
    if (gate_.tag.empty()) {
      return wrong(word, "the tag has no name");
    }
    return wrong(word, check_parts(gate_));
  }

  bool finish() {
    if (open_quote_) {
      return wrong({.begin = text_.size(), .end = text_.size()}, "a quote is not closed");
    }
    return now_.kind == Token::Kind::end ||
           wrong(now_,
                 fmt::format("unexpected {}", found()),
                 fmt::format("write e.g. {}", row_of(gate_.kind).example));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Token now_;
  Token head_;
  Gate gate_;
  GateMistake mistake_;
  bool has_amount_ = false;
  bool open_quote_ = false;
};

}  // namespace

tl::expected<Gate, GateMistake> parse_gate(std::string_view text) {
  return Parser(text).parse();
}

std::string to_string(const Gate& gate) {
  const KindRow& row = row_of(gate.kind);
  std::string out = kind_word(gate);
  if (!gate.backend.empty()) {
    // A name that looks like an amount would be taken for one.
    Gate probe = gate;
    const bool like_amount = row.comparison.empty() && !read_amount(gate.backend, probe);
    out += like_amount ? fmt::format("(\"{}\")", gate.backend)
                       : fmt::format("({})", name_word(gate.backend));
  }
  if (!row.comparison.empty()) {
    out += fmt::format(" {}", row.comparison);
  }
  if (row.needs_amount || gate.limit != 0.0) {
    out += fmt::format(" {}", amount_word(gate));
  }
  if (!gate.tag.empty()) {
    out += fmt::format(" on tag:{}", name_word(gate.tag));
  }
  return out;
}

std::string show(const GateMistake& mistake, std::string_view text) {
  const std::size_t begin = std::min(mistake.begin, text.size());
  const std::size_t end = std::clamp(mistake.end, begin, text.size());
  const std::string carets(
      std::max<std::size_t>(1, display_width(display_text(text.substr(begin, end - begin)))), '^');
  return fmt::format("{}{}{}\n  {}\n  {}{}",
                     mistake.message,
                     mistake.help.empty() ? "" : "; ",
                     mistake.help,
                     display_text(text),
                     std::string(display_width(display_text(text.substr(0, begin))), ' '),
                     carets);
}

}  // namespace faceoff::compare
