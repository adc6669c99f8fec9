#include "choice_text.h"

#include "choice_page.h"
#include "words.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <utility>

namespace faceoff::score {
namespace {

constexpr TextRules kLoose{.nfc = true,
                           .ignore_case = true,
                           .ignore_punctuation = false,
                           .ignore_final_period = true,
                           .collapse_space = true,
                           .trim = true};

// `word` in lower case.
bool word_at(const ChoicePage& page, std::size_t i, std::string_view word) {
  return i < page.size() && word.size() <= page.size() - i &&
         iequals_ascii(std::string_view(page.text()).substr(i, word.size()), word) &&
         page.word_begins(i) && page.word_is_over(i + word.size());
}

class Search {
 public:
  Search(std::string_view text, const ChoiceRules& rules)
      : rules_(rules), answer_(text), page_(text, rules.letters) {}

  std::optional<ChoiceFound> run() {
    using enum ChoiceRule;
    using Step = std::optional<char> (Search::*)() const;
    static constexpr std::array<std::pair<ChoiceRule, Step>, 13> kSteps{
        {{whole, &Search::find_whole},
         {text, &Search::find_text},
         {answer_is, &Search::find_answer_is},
         {answer, &Search::find_answer},
         {opening, &Search::find_opening},
         {naming, &Search::find_naming},
         {bold, &Search::find_bold},
         {brackets, &Search::find_brackets},
         {bracket, &Search::find_bracket},
         {period, &Search::find_period},
         {option, &Search::find_option},
         {last_line, &Search::find_last_line},
         {last_lone, &Search::find_last_lone}}};
    for (const auto& [rule, step] : kSteps) {
      const auto letter = (this->*step)();
      if (letter) {
        return *letter == kTwo ? std::nullopt : std::optional(ChoiceFound{*letter, rule});
      }
    }
    return std::nullopt;
  }

 private:
  // Stands for "the answer names two choices": the search is over then.
  static constexpr char kTwo = '?';

  // The one letter of [begin, end) behind its dress, or nullopt.
  [[nodiscard]] std::optional<char> lone_letter(std::size_t begin, std::size_t end) const {
    constexpr std::string_view kBefore = " \t\r\n*_`\"'$({[>#";
    constexpr std::string_view kBehind = " \t\r\n*_`\"'$)}].,:;!";
    const std::string_view part = std::string_view(page_.text()).substr(begin, end - begin);
    const auto first = part.find_first_not_of(kBefore);
    const auto last = part.find_last_not_of(kBehind);
    return first != std::string_view::npos && first == last ? page_.any_letter(begin + first)
                                                            : std::nullopt;
  }

  [[nodiscard]] std::optional<char> find_whole() const { return lone_letter(0, page_.size()); }

  [[nodiscard]] std::optional<char> find_text() const {
    if (rules_.choices.empty()) {
      return std::nullopt;
    }
    const std::string whole = normalize(answer_, kLoose);
    for (std::size_t i = 0; i < rules_.choices.size(); ++i) {
      if (normalize(rules_.choices[i], kLoose) == whole) {
        return rules_.letters[i];
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<char> find_answer_is() const { return find_statement("is"); }
  [[nodiscard]] std::optional<char> find_answer() const { return find_statement(":"); }

  // The last "answer is B" or "answer: B".
  [[nodiscard]] std::optional<char> find_statement(std::string_view link) const {
    std::optional<char> found;
    constexpr std::string_view kInitials = "aocAOC";
    for (auto i = page_.text().find_first_of(kInitials); i != std::string::npos;
         i = page_.text().find_first_of(kInitials, i + 1)) {
      for (const std::string_view keyword : {"answer", "option", "choice"}) {
        if (word_at(page_, i, keyword)) {
          const auto letter = statement_at(i + keyword.size(), link);
          found = letter ? letter : found;
        }
      }
    }
    return found;
  }

  [[nodiscard]] std::optional<char> statement_at(std::size_t i, std::string_view link) const {
    i = page_.skip_dress(i);
    if (link == ":" ? page_.at(i) != ':' : !word_at(page_, i, link)) {
      return std::nullopt;
    }
    i = page_.skip_dress(i + link.size());
    i = page_.skip_dress(i + (page_.at(i) == ':' ? 1 : 0));
    for (const std::string_view word : {"option", "choice", "letter"}) {
      i = word_at(page_, i, word) ? page_.skip_dress(i + word.size()) : i;
    }
    return stated_letter(i);
  }

  // The letter at `i` behind words that announce it, in either case.
  [[nodiscard]] std::optional<char> stated_letter(std::size_t i) const {
    const auto letter = page_.any_letter(i);
    if (!letter || !page_.stands_alone(i) || page_.is_plain_word(i)) {
      return std::nullopt;
    }
    return names_another(i + 1, *letter) ? kTwo : *letter;
  }

  // "A or B", "(A) and (B)", "A, B"
  [[nodiscard]] bool names_another(std::size_t i, char letter) const {
    constexpr std::string_view kClosing = ")]}*_`\"'$";
    while (kClosing.find(page_.at(i)) != std::string_view::npos && i < page_.size()) {
      ++i;
    }
    const bool comma = page_.at(i) == ',' || page_.at(i) == '/';
    i = page_.skip_dress(i + (comma ? 1 : 0));
    bool joined = comma;
    for (const std::string_view word : {"or", "and"}) {
      if (word_at(page_, i, word)) {
        i = page_.skip_dress(i + word.size());
        joined = true;
      }
    }
    const auto other = page_.capital(i);
    return joined && other && *other != letter && page_.stands_alone(i) && !page_.is_plain_word(i);
  }

  // Not "(A) is wrong": there the letter is what a sentence speaks of.
  [[nodiscard]] std::optional<char> find_opening() const {
    const std::size_t begin = page_.skip_dress(0);
    const std::size_t next = page_.text().find_first_not_of(") ", begin + 1);
    const bool is_subject = std::ranges::any_of(
        std::array<std::string_view, 8>{
            "is", "was", "can", "cannot", "would", "seems", "and", "or"},
        [&](std::string_view word) { return word_at(page_, next, word); });
    return page_.lists_choices() || is_subject ? std::nullopt : page_.opening(0);
  }

  // Where a choice's text stands inside another's ("York" in "New York"), the longer one counts.
  [[nodiscard]] std::optional<char> find_naming() const {
    if (rules_.choices.empty()) {
      return std::nullopt;
    }
    const std::string answer = normalize(answer_, kLoose);
    std::vector<std::pair<std::string, char>> named;
    for (std::size_t i = 0; i < rules_.choices.size(); ++i) {
      std::string choice = normalize(rules_.choices[i], kLoose);
      if (holds_words(answer, choice)) {
        named.emplace_back(std::move(choice), rules_.letters[i]);
      }
    }
    const auto longest =
        std::ranges::max_element(named, {}, [](const auto& choice) { return choice.first.size(); });
    const bool one = longest != named.end() && std::ranges::all_of(named, [&](const auto& choice) {
                       return longest->first.find(choice.first) != std::string::npos;
                     });
    return one ? std::optional(longest->second) : std::nullopt;
  }

  static bool holds_words(std::string_view text, std::string_view phrase) {
    // A single letter is no text to look for: the rules for letters know better.
    if (phrase.size() < 2) {
      return false;
    }
    for (auto at = text.find(phrase); at != std::string_view::npos;
         at = text.find(phrase, at + 1)) {
      const auto behind = text.substr(at + phrase.size());
      if ((at == 0 || !is_word(back(text.substr(0, at)).value)) &&
          (behind.empty() || !is_word(front(behind).value))) {
        return true;
      }
    }
    return false;
  }

  // The last capital at which `fits` holds and that is no item of a list of the choices.
  template <class Fits>
  [[nodiscard]] std::optional<char> last_where(Fits fits) const {
    for (std::size_t i = page_.size(); i-- > 0;) {
      const auto letter = page_.capital(i);
      if (letter && fits(i) && !(page_.lists_choices() && page_.opens_line(i))) {
        return letter;
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<char> find_bold() const {
    return last_where([this](std::size_t i) {
      const std::size_t open = page_.before(i) == '(' ? i - 1 : i;
      const bool starred = page_.before(open) == '*' && open >= 2 && page_.at(open - 2) == '*';
      const char next = page_.at(i + 1);
      return (starred && (next == '*' || next == ')' || next == '.' || next == ':') &&
              page_.word_is_over(i + 1)) ||
             (page_.before(i) == '{' && next == '}');
    });
  }

  [[nodiscard]] std::optional<char> find_brackets() const {
    return last_where([this](std::size_t i) {
      const char open = page_.before(i);
      const char close = page_.at(i + 1);
      return ((open == '(' && close == ')') || (open == '[' && close == ']')) &&
             page_.word_begins(i - 1);
    });
  }

  [[nodiscard]] std::optional<char> find_bracket() const {
    return last_where([this](std::size_t i) {
      return page_.at(i + 1) == ')' && page_.before(i) != '(' && page_.word_begins(i);
    });
  }

  [[nodiscard]] std::optional<char> find_period() const {
    return last_where([this](std::size_t i) {
      return page_.at(i + 1) == '.' && page_.stands_alone(i) &&
             (page_.opens_line(i) || page_.closes_line(i + 2));
    });
  }

  [[nodiscard]] std::optional<char> find_option() const {
    return last_where([this](std::size_t i) {
      std::size_t end = i;
      while (end > 0 && i - end < 4 &&
             std::string_view(" (*").find(page_.before(end)) != std::string_view::npos) {
        --end;
      }
      return end < i && page_.word_is_over(i + 1) &&
             ((end >= 6 &&
               (word_at(page_, end - 6, "option") || word_at(page_, end - 6, "choice") ||
                word_at(page_, end - 6, "letter"))));
    });
  }

  [[nodiscard]] std::optional<char> find_last_line() const {
    const std::string& text = page_.text();
    const auto end = text.find_last_not_of(" \t\r\n");
    if (end == std::string::npos) {
      return std::nullopt;
    }
    const auto newline = text.rfind('\n', end);
    return lone_letter(newline == std::string::npos ? 0 : newline + 1, end + 1);
  }

  [[nodiscard]] std::optional<char> find_last_lone() const {
    return last_where(
        [this](std::size_t i) { return page_.stands_alone(i) && !page_.is_plain_word(i); });
  }

  const ChoiceRules& rules_;
  std::string_view answer_;
  ChoicePage page_;
};

}  // namespace

std::string_view describe(ChoiceRule rule) noexcept {
  static constexpr std::array<std::string_view, 13> kNames{"it is the whole answer",
                                                           "the answer is the choice's text",
                                                           "after 'answer is'",
                                                           "after 'answer:'",
                                                           "it opens the answer",
                                                           "the answer names the choice's text",
                                                           "in bold or in a box",
                                                           "in brackets",
                                                           "before a bracket",
                                                           "before a period",
                                                           "after 'option'",
                                                           "alone on the last line",
                                                           "the last capital that stands alone"};
  return kNames.at(static_cast<std::size_t>(rule));
}

std::optional<ChoiceFound> find_choice(std::string_view text, const ChoiceRules& rules) {
  return Search(text, rules).run();
}

std::optional<char> choice_of_target(std::string_view target, const ChoiceRules& rules) {
  const std::string wanted = normalize(target, kLoose);
  for (std::size_t i = 0; i < rules.choices.size(); ++i) {
    if (normalize(rules.choices[i], kLoose) == wanted) {
      return rules.letters[i];
    }
  }
  const std::string_view bare = trim(target);
  const bool bracketed = bare.size() == 3 && bare.front() == '(' && bare.back() == ')';
  const std::string_view letter = bracketed ? bare.substr(1, 1) : bare;
  const auto known = std::ranges::find_if(
      rules.letters, [letter](char c) { return iequals_ascii(letter, std::string_view(&c, 1)); });
  return known == rules.letters.end() ? std::nullopt : std::optional(*known);
}

}  // namespace faceoff::score
