#pragma once

// What the checkers of IFEval are made with, and their makers; ifeval.cpp has the table.

#include "ifeval.h"

#include <faceoff/base/regex.h>

#include <optional>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score::ifeval {

using InstructionPtr = std::unique_ptr<Instruction>;

template <class Check>
class Checked final : public Instruction {
 public:
  explicit Checked(Check check) : check_(std::move(check)) {}
  [[nodiscard]] Result<bool> followed(const std::string& response) const override {
    return check_(response);
  }

 private:
  Check check_;
};

template <class Check>
InstructionPtr checked(Check check) {
  return std::make_unique<Checked<Check>>(std::move(check));
}

// Reads the arguments of one instruction.
class Arguments {
 public:
  Arguments(const doc::Context& context, const doc::Node& node)
      : context_(context),
        node_(node),
        reader_(context, node, "an instruction"),
        before_(context.diagnostics->size()) {
    static_cast<void>(reader_.get("id"));
  }
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  std::string text(std::string_view key) {
    const doc::Node* node = reader_.require(key);
    return node == nullptr ? std::string()
                           : doc::as_string(context_, *node, key).value_or(std::string());
  }
  std::vector<std::string> texts(std::string_view key) {
    const doc::Node* node = reader_.require(key);
    return node == nullptr
               ? std::vector<std::string>()
               : doc::as_strings(context_, *node, key).value_or(std::vector<std::string>());
  }
  std::size_t count(std::string_view key) {
    const doc::Node* node = reader_.require(key);
    const auto value = node == nullptr ? std::nullopt : doc::as_integer(context_, *node, key);
    if (value && (*value < 0 || *value > 1'000'000)) {
      context_.error(node->span, "wrong-value", fmt::format("'{}' must be from 0 to 1000000", key));
      return 0;
    }
    return static_cast<std::size_t>(value.value_or(0));
  }
  // True for "at least", false for "less than".
  bool at_least(std::string_view key) {
    const std::string relation = text(key);
    if (relation != "at least" && relation != "less than" && ok()) {
      context_.error(node_.find(key)->span,
                     "wrong-value",
                     fmt::format("'{}' must be 'at least' or 'less than'", key));
    }
    return relation == "at least";
  }
  std::optional<Regex> pattern(std::string_view pattern, Regex::Options options) {
    auto regex = Regex::compile(pattern, options);
    if (!regex) {
      context_.error(node_.span, "bad-pattern", regex.error().message);
      return std::nullopt;
    }
    return *std::move(regex);
  }
  void wrong(std::string message) { context_.error(node_.span, "wrong-value", std::move(message)); }
  [[nodiscard]] bool ok() const { return context_.diagnostics->size() == before_; }
  bool finish() {
    reader_.finish();
    return ok();
  }

 private:
  const doc::Context& context_;
  const doc::Node& node_;
  doc::MappingReader reader_;
  std::size_t before_;
};

[[nodiscard]] inline bool compare(std::size_t count, bool at_least, std::size_t bound) noexcept {
  return at_least ? count >= bound : count < bound;
}

// How often `regex` matches, up to `most`.
[[nodiscard]] inline Result<std::size_t> count_matches(const Regex& regex,
                                                       std::string_view text,
                                                       std::size_t most) {
  FACEOFF_TRY_ASSIGN(const auto found, regex.match_all(text, most));
  return found.size();
}

[[nodiscard]] inline Regex fixed(std::string_view pattern, Regex::Options options = {}) {
  return *Regex::compile(pattern, options);
}

[[nodiscard]] InstructionPtr keywords_existence(Arguments& in);
[[nodiscard]] InstructionPtr keywords_frequency(Arguments& in);
[[nodiscard]] InstructionPtr forbidden_words(Arguments& in);
[[nodiscard]] InstructionPtr letter_frequency(Arguments& in);
[[nodiscard]] InstructionPtr response_language(Arguments& in);
[[nodiscard]] InstructionPtr number_sentences(Arguments& in);
[[nodiscard]] InstructionPtr number_words(Arguments& in);
[[nodiscard]] InstructionPtr number_paragraphs(Arguments& in);
[[nodiscard]] InstructionPtr nth_paragraph_first_word(Arguments& in);
[[nodiscard]] InstructionPtr number_placeholders(Arguments& in);
[[nodiscard]] InstructionPtr postscript(Arguments& in);
[[nodiscard]] InstructionPtr number_bullet_lists(Arguments& in);
[[nodiscard]] InstructionPtr constrained_response(Arguments& in);
[[nodiscard]] InstructionPtr number_highlighted_sections(Arguments& in);
[[nodiscard]] InstructionPtr multiple_sections(Arguments& in);
[[nodiscard]] InstructionPtr json_format(Arguments& in);
[[nodiscard]] InstructionPtr title(Arguments& in);
[[nodiscard]] InstructionPtr two_responses(Arguments& in);
[[nodiscard]] InstructionPtr repeat_prompt(Arguments& in);
[[nodiscard]] InstructionPtr end_checker(Arguments& in);
[[nodiscard]] InstructionPtr quotation(Arguments& in);
[[nodiscard]] InstructionPtr capital_word_frequency(Arguments& in);
[[nodiscard]] InstructionPtr english_capital(Arguments& in);
[[nodiscard]] InstructionPtr english_lowercase(Arguments& in);
[[nodiscard]] InstructionPtr no_comma(Arguments& in);

}  // namespace faceoff::score::ifeval
