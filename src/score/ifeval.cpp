#include "ifeval.h"

#include "python_text.h"
#include "words.h"

#include <faceoff/base/regex.h>
#include <faceoff/base/text.h>
#include <faceoff/base/unicode.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace faceoff::score {
namespace {

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

bool compare(std::size_t count, bool at_least, std::size_t bound) noexcept {
  return at_least ? count >= bound : count < bound;
}

// How often `regex` matches, up to `most`.
Result<std::size_t> count_matches(const Regex& regex, std::string_view text, std::size_t most) {
  FACEOFF_TRY_ASSIGN(const auto found, regex.match_all(text, most));
  return found.size();
}

Regex fixed(std::string_view pattern, Regex::Options options = {}) {
  return *Regex::compile(pattern, options);
}

InstructionPtr keywords_existence(Arguments& in) {
  std::vector<Regex> patterns;
  for (const std::string& keyword : in.texts("keywords")) {
    if (auto regex = in.pattern(keyword, {.ignore_case = true})) {
      patterns.push_back(*std::move(regex));
    }
  }
  return checked([patterns = std::move(patterns)](const std::string& response) -> Result<bool> {
    for (const Regex& pattern : patterns) {
      FACEOFF_TRY_ASSIGN(const auto match, pattern.match(response));
      if (!match) {
        return false;
      }
    }
    return true;
  });
}

InstructionPtr keywords_frequency(Arguments& in) {
  auto regex = in.pattern(strip(in.text("keyword")), {.ignore_case = true});
  const std::size_t bound = in.count("frequency");
  const bool at_least = in.at_least("relation");
  return regex ? checked([pattern = *std::move(regex), bound, at_least](
                             const std::string& response) -> Result<bool> {
    FACEOFF_TRY_ASSIGN(const auto count, count_matches(pattern, response, bound));
    return compare(count, at_least, bound);
  })
               : nullptr;
}

InstructionPtr forbidden_words(Arguments& in) {
  std::vector<Regex> patterns;
  for (const std::string& word : in.texts("forbidden_words")) {
    if (auto regex = in.pattern("\\b" + word + "\\b", {.ignore_case = true})) {
      patterns.push_back(*std::move(regex));
    }
  }
  return checked([patterns = std::move(patterns)](const std::string& response) -> Result<bool> {
    for (const Regex& pattern : patterns) {
      FACEOFF_TRY_ASSIGN(const auto match, pattern.match(response));
      if (match) {
        return false;
      }
    }
    return true;
  });
}

InstructionPtr letter_frequency(Arguments& in) {
  const std::u32string letter = to_utf32(lower(strip(in.text("letter"))));
  if (letter.size() != 1 && in.ok()) {
    in.wrong("'letter' must be one character");
  }
  const std::size_t bound = in.count("let_frequency");
  const bool at_least = in.at_least("let_relation");
  return checked([letter, bound, at_least](const std::string& response) -> Result<bool> {
    const auto count = std::ranges::count(to_utf32(lower(response)), letter.front());
    return compare(static_cast<std::size_t>(count), at_least, bound);
  });
}

InstructionPtr response_language(Arguments& in) {
  return checked([language = in.text("language")](const std::string& response) -> Result<bool> {
    const auto found = detect_language(response);
    return !found || *found == language;
  });
}

InstructionPtr number_sentences(Arguments& in) {
  const std::size_t bound = in.count("num_sentences");
  const bool at_least = in.at_least("relation");
  return checked([bound, at_least](const std::string& response) -> Result<bool> {
    return compare(count_sentences(response), at_least, bound);
  });
}

InstructionPtr number_words(Arguments& in) {
  const std::size_t bound = in.count("num_words");
  const bool at_least = in.at_least("relation");
  return checked([bound, at_least](const std::string& response) -> Result<bool> {
    return compare(count_words(response), at_least, bound);
  });
}

InstructionPtr number_paragraphs(Arguments& in) {
  return checked([wanted = in.count("num_paragraphs"), divider = fixed("\\s?\\*\\*\\*\\s?")](
                     const std::string& response) -> Result<bool> {
    FACEOFF_TRY_ASSIGN(const auto dividers, divider.match_all(response));
    std::size_t count = dividers.size() + 1;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= dividers.size(); ++i) {
      const bool last = i == dividers.size();
      const std::size_t end = last ? response.size() : dividers[i].begin;
      if (strip(std::string_view(response).substr(begin, end - begin)).empty()) {
        if (i != 0 && !last) {
          return false;
        }
        --count;
      }
      begin = last ? end : dividers[i].end;
    }
    return count == wanted;
  });
}

InstructionPtr nth_paragraph_first_word(Arguments& in) {
  const std::size_t wanted = in.count("num_paragraphs");
  const std::size_t nth = in.count("nth_paragraph");
  const std::string word = lower(in.text("first_word"));
  if (nth == 0 && in.ok()) {
    in.wrong("'nth_paragraph' counts from 1");
  }
  return checked([wanted, nth, word](const std::string& response) -> Result<bool> {
    std::vector<std::string_view> paragraphs;
    std::string_view rest = response;
    for (std::size_t end = 0; end != std::string_view::npos;) {
      end = rest.find("\n\n");
      paragraphs.push_back(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
    }
    const auto full = static_cast<std::size_t>(std::ranges::count_if(
        paragraphs, [](std::string_view paragraph) { return !strip(paragraph).empty(); }));
    if (nth > full) {
      return false;
    }
    const auto words = split_words(paragraphs[nth - 1]);
    if (words.empty()) {
      return false;
    }
    std::string_view first = words.front();
    first.remove_prefix(std::min(first.find_first_not_of('\''), first.size()));
    first.remove_prefix(std::min(first.find_first_not_of('"'), first.size()));
    return full == wanted && lower(first.substr(0, first.find_first_of(".,?!'\""))) == word;
  });
}

InstructionPtr number_placeholders(Arguments& in) {
  return checked(
      [wanted = in.count("num_placeholders")](const std::string& response) -> Result<bool> {
        std::size_t count = 0;
        for (std::size_t at = response.find('['); at != std::string::npos;
             at = response.find('[', at)) {
          const std::size_t end = response.find_first_of("]\n", at);
          if (end == std::string::npos) {
            break;
          }
          count += response[end] == ']' ? 1U : 0U;
          at = end + 1;
        }
        return count >= wanted;
      });
}

InstructionPtr postscript(Arguments& in) {
  const std::string marker(strip(in.text("postscript_marker")));
  auto regex = in.pattern(marker == "P.P.S"  ? "p\\.\\s?p\\.\\s?s"
                          : marker == "P.S." ? "p\\.\\s?s\\."
                                             : lower(marker),
                          {});
  return regex
             ? checked([pattern = *std::move(regex)](const std::string& response) -> Result<bool> {
                 FACEOFF_TRY_ASSIGN(const auto match, pattern.match(lower(response)));
                 return match.has_value();
               })
             : nullptr;
}

InstructionPtr number_bullet_lists(Arguments& in) {
  return checked([wanted = in.count("num_bullets"),
                  stars = fixed("^\\s*\\*[^\\*].*$", {.multi_line = true}),
                  dashes = fixed("^\\s*-.*$", {.multi_line = true})](
                     const std::string& response) -> Result<bool> {
    FACEOFF_TRY_ASSIGN(const auto first, count_matches(stars, response, wanted + 1));
    FACEOFF_TRY_ASSIGN(const auto second, count_matches(dashes, response, wanted + 1));
    return first + second == wanted;
  });
}

InstructionPtr constrained_response(Arguments& /*in*/) {
  return checked([](const std::string& response) -> Result<bool> {
    return std::ranges::any_of(
        std::array{"My answer is yes.", "My answer is no.", "My answer is maybe."},
        [&](const char* option) { return response.find(option) != std::string::npos; });
  });
}

InstructionPtr number_highlighted_sections(Arguments& in) {
  return checked(
      [wanted = in.count("num_highlights"),
       single = fixed("\\*[^\\n\\*]*\\*"),
       twice = fixed("\\*\\*[^\\n\\*]*\\*\\*")](const std::string& response) -> Result<bool> {
        std::size_t count = 0;
        for (const Regex* pattern : {&single, &twice}) {
          FACEOFF_TRY_ASSIGN(const auto found, pattern->match_all(response));
          for (const Regex::Match& match : found) {
            count += strip(strip(*match.groups.front(), "*")).empty() ? 0U : 1U;
          }
        }
        return count >= wanted;
      });
}

InstructionPtr multiple_sections(Arguments& in) {
  auto regex =
      in.pattern("\\s?" + std::string(strip(in.text("section_spliter"))) + "\\s?\\d+\\s?", {});
  const std::size_t wanted = in.count("num_sections");
  return regex ? checked([pattern = *std::move(regex),
                          wanted](const std::string& response) -> Result<bool> {
    FACEOFF_TRY_ASSIGN(const auto count, count_matches(pattern, response, wanted));
    return count >= wanted;
  })
               : nullptr;
}

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

InstructionPtr json_format(Arguments& /*in*/) {
  return checked([](const std::string& response) -> Result<bool> {
    std::string_view text = strip(response);
    for (const std::string_view fence : {"```json", "```Json", "```JSON", "```"}) {
      text = without_prefix(text, fence);
    }
    text = strip(text.ends_with("```") ? text.substr(0, text.size() - 3) : text);
    return nlohmann::json::accept(text);
  });
}

InstructionPtr title(Arguments& /*in*/) {
  return checked([](const std::string& response) -> Result<bool> {
    for (const std::string_view line : split(response, '\n')) {
      const std::size_t begin = line.find("<<");
      const std::size_t end = line.rfind(">>");
      if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + 3) {
        continue;
      }
      std::string_view inside = line.substr(begin, end + 2 - begin);
      inside.remove_prefix(std::min(inside.find_first_not_of('<'), inside.size()));
      inside = inside.substr(0, inside.find_last_not_of('>') + 1);
      if (!strip(inside).empty()) {
        return true;
      }
    }
    return false;
  });
}

InstructionPtr two_responses(Arguments& /*in*/) {
  return checked([](const std::string& response) -> Result<bool> {
    std::vector<std::string_view> valid;
    std::string_view rest = response;
    bool first = true;
    for (std::size_t end = 0; end != std::string_view::npos; first = false) {
      end = rest.find("******");
      const std::string_view part = strip(rest.substr(0, end));
      if (!part.empty()) {
        valid.push_back(part);
      } else if (!first && end != std::string_view::npos) {
        return false;
      }
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 6);
    }
    return valid.size() == 2 && valid[0] != valid[1];
  });
}

InstructionPtr repeat_prompt(Arguments& in) {
  return checked([prompt = lower(strip(in.text("prompt_to_repeat")))](const std::string& response)
                     -> Result<bool> { return lower(strip(response)).starts_with(prompt); });
}

InstructionPtr end_checker(Arguments& in) {
  return checked(
      [phrase = lower(strip(in.text("end_phrase")))](const std::string& response) -> Result<bool> {
        return lower(strip(strip(response), "\"")).ends_with(phrase);
      });
}

InstructionPtr quotation(Arguments& /*in*/) {
  return checked([](const std::string& response) -> Result<bool> {
    const std::string_view text = strip(response);
    return text.size() > 1 && text.front() == '"' && text.back() == '"';
  });
}

InstructionPtr capital_word_frequency(Arguments& in) {
  const std::size_t bound = in.count("capital_frequency");
  const bool at_least = in.at_least("capital_relation");
  return checked([bound, at_least](const std::string& response) -> Result<bool> {
    return compare(count_capital_words(response), at_least, bound);
  });
}

bool is_english(const std::string& response) {
  const auto found = detect_language(response);
  return !found || *found == "en";
}

InstructionPtr english_capital(Arguments& /*in*/) {
  return checked([](const std::string& response) -> Result<bool> {
    return is_upper_text(response) && is_english(response);
  });
}

InstructionPtr english_lowercase(Arguments& /*in*/) {
  return checked([](const std::string& response) -> Result<bool> {
    return is_lower_text(response) && is_english(response);
  });
}

InstructionPtr no_comma(Arguments& /*in*/) {
  return checked([](const std::string& response) -> Result<bool> {
    return response.find(',') == std::string::npos;
  });
}

struct Row {
  InstructionInfo info;
  InstructionPtr (*make)(Arguments& in);
};

constexpr std::array<Row, 25> kRows{{
    {{"keywords:existence", "keywords"}, keywords_existence},
    {{"keywords:frequency", "keyword, frequency, relation"}, keywords_frequency},
    {{"keywords:forbidden_words", "forbidden_words"}, forbidden_words},
    {{"keywords:letter_frequency", "letter, let_frequency, let_relation"}, letter_frequency},
    {{"language:response_language", "language"}, response_language},
    {{"length_constraints:number_sentences", "num_sentences, relation"}, number_sentences},
    {{"length_constraints:number_paragraphs", "num_paragraphs"}, number_paragraphs},
    {{"length_constraints:number_words", "num_words, relation"}, number_words},
    {{"length_constraints:nth_paragraph_first_word", "num_paragraphs, nth_paragraph, first_word"},
     nth_paragraph_first_word},
    {{"detectable_content:number_placeholders", "num_placeholders"}, number_placeholders},
    {{"detectable_content:postscript", "postscript_marker"}, postscript},
    {{"detectable_format:number_bullet_lists", "num_bullets"}, number_bullet_lists},
    {{"detectable_format:constrained_response", ""}, constrained_response},
    {{"detectable_format:number_highlighted_sections", "num_highlights"},
     number_highlighted_sections},
    {{"detectable_format:multiple_sections", "section_spliter, num_sections"}, multiple_sections},
    {{"detectable_format:json_format", ""}, json_format},
    {{"detectable_format:title", ""}, title},
    {{"combination:two_responses", ""}, two_responses},
    {{"combination:repeat_prompt", "prompt_to_repeat"}, repeat_prompt},
    {{"startend:end_checker", "end_phrase"}, end_checker},
    {{"startend:quotation", ""}, quotation},
    {{"change_case:capital_word_frequency", "capital_frequency, capital_relation"},
     capital_word_frequency},
    {{"change_case:english_capital", ""}, english_capital},
    {{"change_case:english_lowercase", ""}, english_lowercase},
    {{"punctuation:no_comma", ""}, no_comma},
}};

}  // namespace

std::span<const InstructionInfo> instruction_table() {
  static constexpr auto table = [] {
    std::array<InstructionInfo, kRows.size()> out{};
    for (std::size_t i = 0; i < kRows.size(); ++i) {
      out[i] = kRows[i].info;
    }
    return out;
  }();
  return table;
}

std::unique_ptr<Instruction> read_instruction(const doc::Context& context, const doc::Node& node) {
  const doc::Node* id = node.is_mapping() ? node.find("id") : nullptr;
  const auto name = id == nullptr ? std::nullopt : doc::as_string(context, *id, "id");
  if (!name) {
    if (id == nullptr) {
      context.error(
          node.span, "wrong-type", "an instruction is a mapping with 'id' and its arguments");
    }
    return nullptr;
  }
  const auto row =
      std::ranges::find(kRows, std::string_view(*name), [](const Row& r) { return r.info.id; });
  if (row == kRows.end()) {
    std::vector<std::string_view> ids;
    for (const Row& known : kRows) {
      ids.push_back(known.info.id);
    }
    const auto near = closest(*name, ids);
    context.error(id->span,
                  "unknown-instruction",
                  fmt::format("unknown instruction '{}'", display_text(clip(*name, 60))),
                  near ? fmt::format("did you mean '{}'?", *near) : std::string(),
                  fmt::format("instructions: {}", fmt::join(ids, ", ")));
    return nullptr;
  }
  Arguments in(context, node);
  auto made = row->make(in);
  return in.finish() ? std::move(made) : nullptr;
}

std::vector<std::string> loose_forms(const std::string& response) {
  const auto lines = split(response, '\n');
  const auto joined = [&](std::size_t from, std::size_t to) {
    std::string out;
    for (std::size_t i = from; i < to; ++i) {
      out.append(i == from ? "" : "\n").append(lines[i]);
    }
    return std::string(strip(out));
  };
  const std::size_t n = lines.size();
  std::vector<std::string> forms{
      response, joined(1, n), joined(0, n - 1), n > 1 ? joined(1, n - 1) : std::string()};
  for (std::size_t i = 0; i < 4; ++i) {
    forms.push_back(replaced(forms[i], "*", ""));
  }
  return forms;
}

}  // namespace faceoff::score
