#include "rouge.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

namespace faceoff::score {
namespace {

// Which letters are consonants: y is one at the beginning and behind a vowel.
std::vector<bool> consonants(std::string_view word) {
  std::vector<bool> out;
  out.reserve(word.size());
  for (const char c : word) {
    const bool vowel = c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
    out.push_back(!vowel && (c != 'y' || out.empty() || !out.back()));
  }
  return out;
}

// How often a vowel is followed by a consonant: Porter's m.
std::size_t measure(std::string_view stem) {
  const auto consonant = consonants(stem);
  std::size_t m = 0;
  for (std::size_t i = 1; i < consonant.size(); ++i) {
    m += consonant[i] && !consonant[i - 1] ? 1U : 0U;
  }
  return m;
}

bool has_vowel(std::string_view stem) {
  const auto consonant = consonants(stem);
  return std::ranges::find(consonant, false) != consonant.end();
}

bool ends_cvc(std::string_view word) {
  const auto consonant = consonants(word);
  const std::size_t n = word.size();
  if (n == 2) {
    return !consonant[0] && consonant[1];
  }
  return n > 2 && consonant[n - 3] && !consonant[n - 2] && consonant[n - 1] && word.back() != 'w' &&
         word.back() != 'x' && word.back() != 'y';
}

bool ends_double(std::string_view word) {
  return word.size() > 1 && word.back() == word[word.size() - 2] && consonants(word).back();
}

using Rule = std::pair<std::string_view, std::string_view>;

// The first rule whose suffix the word has decides; it holds when the stem's measure is above
// `least`.
std::string apply(std::string_view word, std::span<const Rule> rules, std::size_t least) {
  const auto rule =
      std::ranges::find_if(rules, [&](const Rule& r) { return word.ends_with(r.first); });
  if (rule == rules.end()) {
    return std::string(word);
  }
  const std::string_view stem = word.substr(0, word.size() - rule->first.size());
  const bool ends = rule->first != "ion" || stem.ends_with('s') || stem.ends_with('t');
  return measure(stem) > least && ends ? std::string(stem) + std::string(rule->second)
                                       : std::string(word);
}

std::string without(std::string_view word, std::size_t letters, std::string_view suffix = {}) {
  return std::string(word.substr(0, word.size() - letters)) + std::string(suffix);
}

std::string step_1a(std::string_view word) {
  if (word.ends_with("sses")) {
    return without(word, 2);
  }
  if (word.ends_with("ies")) {
    return without(word, word.size() == 4 ? 1 : 2);
  }
  return word.ends_with('s') && !word.ends_with("ss") ? without(word, 1) : std::string(word);
}

std::string step_1b(std::string_view word) {
  if (word.ends_with("ied")) {
    return without(word, word.size() == 4 ? 1 : 2);
  }
  if (word.ends_with("eed")) {
    return measure(word.substr(0, word.size() - 3)) > 0 ? without(word, 1) : std::string(word);
  }
  for (const std::string_view suffix : {"ed", "ing"}) {
    if (!word.ends_with(suffix) || !has_vowel(word.substr(0, word.size() - suffix.size()))) {
      continue;
    }
    std::string stem = without(word, suffix.size());
    if (stem.ends_with("at") || stem.ends_with("bl") || stem.ends_with("iz")) {
      return stem + "e";
    }
    if (ends_double(stem)) {
      const char last = stem.back();
      return last == 'l' || last == 's' || last == 'z' ? stem : without(stem, 1);
    }
    return measure(stem) == 1 && ends_cvc(stem) ? stem + "e" : stem;
  }
  return std::string(word);
}

std::string step_1c(std::string_view word) {
  const bool turns = word.size() > 2 && word.ends_with('y') && consonants(word)[word.size() - 2];
  return turns ? without(word, 1, "i") : std::string(word);
}

std::string step_2(std::string_view word) {
  static constexpr std::array<Rule, 21> kRules{
      {{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"},   {"anci", "ance"},
       {"izer", "ize"},    {"bli", "ble"},     {"alli", "al"},     {"entli", "ent"},
       {"eli", "e"},       {"ousli", "ous"},   {"ization", "ize"}, {"ation", "ate"},
       {"ator", "ate"},    {"alism", "al"},    {"iveness", "ive"}, {"fulness", "ful"},
       {"ousness", "ous"}, {"aliti", "al"},    {"iviti", "ive"},   {"biliti", "ble"},
       {"fulli", "ful"}}};
  if (word.ends_with("alli") && measure(word.substr(0, word.size() - 4)) > 0) {
    return step_2(without(word, 2));
  }
  if (word.ends_with("logi")) {
    return measure(word.substr(0, word.size() - 3)) > 0 ? without(word, 1) : std::string(word);
  }
  return apply(word, kRules, 0);
}

std::string step_3(std::string_view word) {
  static constexpr std::array<Rule, 7> kRules{{{"icate", "ic"},
                                               {"ative", ""},
                                               {"alize", "al"},
                                               {"iciti", "ic"},
                                               {"ical", "ic"},
                                               {"ful", ""},
                                               {"ness", ""}}};
  return apply(word, kRules, 0);
}

std::string step_4(std::string_view word) {
  static constexpr std::array<Rule, 19> kRules{{{"al", ""},
                                                {"ance", ""},
                                                {"ence", ""},
                                                {"er", ""},
                                                {"ic", ""},
                                                {"able", ""},
                                                {"ible", ""},
                                                {"ant", ""},
                                                {"ement", ""},
                                                {"ment", ""},
                                                {"ent", ""},
                                                {"ion", ""},
                                                {"ou", ""},
                                                {"ism", ""},
                                                {"ate", ""},
                                                {"iti", ""},
                                                {"ous", ""},
                                                {"ive", ""},
                                                {"ize", ""}}};
  return apply(word, kRules, 1);
}

std::string step_5(std::string word) {
  if (word.ends_with('e')) {
    const std::string stem = without(word, 1);
    const std::size_t m = measure(stem);
    if (m > 1 || (m == 1 && !ends_cvc(stem))) {
      word = stem;
    }
  }
  return word.ends_with("ll") && measure(std::string_view(word).substr(0, word.size() - 1)) > 1
             ? without(word, 1)
             : word;
}

// Words that the rules would get wrong; nltk's own list.
std::optional<std::string_view> irregular(std::string_view word) {
  static constexpr std::array<Rule, 16> kForms{{{"sky", "sky"},
                                                {"skies", "sky"},
                                                {"dying", "die"},
                                                {"lying", "lie"},
                                                {"tying", "tie"},
                                                {"news", "news"},
                                                {"innings", "inning"},
                                                {"inning", "inning"},
                                                {"outings", "outing"},
                                                {"outing", "outing"},
                                                {"cannings", "canning"},
                                                {"canning", "canning"},
                                                {"howe", "howe"},
                                                {"proceed", "proceed"},
                                                {"exceed", "exceed"},
                                                {"succeed", "succeed"}}};
  const auto form = std::ranges::find(kForms, word, &Rule::first);
  return form == kForms.end() ? std::nullopt : std::optional(form->second);
}

}  // namespace

std::string porter_stem(std::string_view word) {
  if (const auto form = irregular(word)) {
    return std::string(*form);
  }
  if (word.size() <= 2) {
    return std::string(word);
  }
  return step_5(step_4(step_3(step_2(step_1c(step_1b(step_1a(word)))))));
}

}  // namespace faceoff::score
