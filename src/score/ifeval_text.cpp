#include "ifeval.h"
#include "python_text.h"
#include "words.h"

#include <faceoff/base/text.h>
#include <faceoff/base/unicode.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace faceoff::score {
namespace {

bool in(char32_t c, char32_t low, char32_t high) noexcept {
  return c >= low && c <= high;
}

// Abbreviations of Punkt's English model that stand before a name or a number more often than at an
// end.
bool is_abbreviation(std::string_view word) {
  static const std::set<std::string_view> kKnown{
      "dr",   "mr",  "mrs", "ms",   "prof", "st",  "sr",  "jr",  "gen",  "col", "maj",
      "capt", "lt",  "sgt", "rep",  "sen",  "gov", "rev", "hon", "vs",   "e.g", "i.e",
      "etc",  "inc", "ltd", "corp", "co",   "jan", "feb", "aug", "sept", "oct", "nov",
      "dec",  "u.s", "u.k", "a.m",  "p.m",  "no",  "vol", "fig", "ph.d"};
  return kKnown.contains(word);
}

std::string_view without_closers(std::string_view word) {
  for (bool more = true; more && !word.empty();) {
    more = false;
    for (const std::string_view closer : {"\"", "'", ")", "]", "}", "”", "’", "»", "*", "_"}) {
      if (word.ends_with(closer)) {
        word.remove_suffix(closer.size());
        more = true;
      }
    }
  }
  return word;
}

bool starts_upper(std::string_view word) {
  return !word.empty() && char_class(front(word).value) == CharClass::upper;
}

bool ends_sentence(std::string_view word, std::string_view next) {
  const std::string_view bare = without_closers(word);
  if (bare.ends_with('?') || bare.ends_with('!')) {
    return true;
  }
  if (!bare.ends_with('.')) {
    return false;
  }
  if (bare.ends_with("...")) {
    return starts_upper(next);
  }
  const std::string stem = lower(bare.substr(0, bare.size() - 1));
  const std::string_view letters = strip(stem, "(\"'[");
  const bool initial = letters.size() == 1 && letters[0] >= 'a' && letters[0] <= 'z' &&
                       starts_upper(strip(bare, "(\"'[")) && starts_upper(next);
  return !is_abbreviation(letters) && !initial;
}

using Words = std::set<std::string_view>;

const std::map<std::string_view, Words>& common_words() {
  static const std::map<std::string_view, Words> kWords{
      {"en", {"the",   "of",   "and", "to",   "in",  "is",   "it",    "you",  "that",
              "was",   "for",  "are", "with", "as",  "this", "be",    "at",   "have",
              "from",  "not",  "we",  "your", "can", "an",   "will",  "my",   "i",
              "today", "what", "or",  "by",   "on",  "a",    "every", "there"}},
      {"de", {"der", "die",  "und",  "das", "ist", "nicht", "ein",  "eine", "zu",
              "den", "mit",  "von",  "auf", "für", "ich",   "sie",  "es",   "dem",
              "des", "auch", "sich", "wir", "im",  "wie",   "oder", "sind", "war"}},
      {"fr", {"le",  "la",   "les",  "et",   "est", "des",  "une",  "un",   "du",
              "que", "dans", "pour", "qui",  "sur", "pas",  "vous", "nous", "avec",
              "ce",  "il",   "je",   "sont", "au",  "plus", "en",   "de"}},
      {"es", {"el",   "la",  "los", "las", "y",    "es",  "que",  "de", "en",
              "un",   "una", "por", "con", "para", "no",  "se",   "su", "lo",
              "como", "más", "del", "al",  "pero", "sus", "está", "muy"}},
      {"pt", {"o",   "a",   "os",   "as",   "e",   "é",  "que",  "de", "em",  "um",
              "uma", "por", "com",  "para", "não", "se", "do",   "da", "dos", "das",
              "no",  "na",  "como", "mais", "mas", "ao", "você", "são"}},
      {"it", {"il",  "la",   "lo",   "gli", "le",  "e",   "è",   "che",    "di",
              "in",  "un",   "una",  "per", "con", "non", "si",  "del",    "della",
              "dei", "sono", "come", "più", "ma",  "al",  "nel", "questo", "anche"}},
      {"nl",
       {"de",  "het", "een", "en", "van",  "is",  "dat", "niet", "op",    "te",   "zijn", "voor",
        "met", "die", "aan", "er", "maar", "ook", "als", "bij",  "wordt", "naar", "ik",   "je"}},
      {"sv", {"och",  "att", "det",  "är",  "en",  "som", "för", "på",  "med", "av",
              "inte", "den", "till", "har", "jag", "ett", "om",  "men", "var", "kan"}},
      {"fi",
       {"ja",   "on",   "ei",   "että", "se",   "hän",  "oli",  "mutta", "kun", "joka", "tai",
        "ovat", "niin", "kuin", "myös", "minä", "olen", "sitä", "tämä",  "voi", "ole",  "mukaan"}},
      {"pl", {"i",   "w",  "na",  "z",  "do",    "że", "się", "nie",  "jest", "to",  "o",  "jak",
              "ale", "po", "dla", "od", "przez", "są", "lub", "oraz", "co",   "tak", "być"}},
      {"vi", {"và",    "của", "là",    "có",  "không", "được", "trong", "một", "cho", "các",
              "người", "với", "những", "này", "đó",    "để",   "khi",   "tôi", "bạn", "đã"}},
      {"sw", {"na",  "ya",   "wa", "kwa", "ni",     "katika", "za",   "la",   "kuwa", "hii",
              "cha", "yake", "au", "pia", "lakini", "sana",   "watu", "kama", "mimi", "hiyo"}},
      {"tr",
       {"ve",
        "bir",
        "bu",
        "için",
        "ile",
        "da",
        "de",
        "çok",
        "olarak",
        "daha",
        "gibi",
        "ne",
        "ama",
        "olan",
        "değil",
        "var",
        "en"}},
      {"id",
       {"dan",
        "yang",
        "di",
        "ini",
        "itu",
        "untuk",
        "dengan",
        "dari",
        "pada",
        "adalah",
        "tidak",
        "akan",
        "ke",
        "saya",
        "dalam",
        "juga"}}};
  return kWords;
}

// The scripts that one language, or a few told apart by letters of their own, are written in.
std::optional<std::string_view> by_script(const std::u32string& text) {
  std::map<std::string_view, std::size_t> votes;
  const auto has = [&](std::u32string_view letters) {
    return std::ranges::any_of(text, [&](char32_t c) { return letters.find(c) != letters.npos; });
  };
  for (const char32_t c : text) {
    const std::string_view script =
        in(c, 0x400, 0x4FF)                                                      ? "cyrillic"
        : in(c, 0x370, 0x3FF)                                                    ? "el"
        : in(c, 0x590, 0x5FF)                                                    ? "he"
        : in(c, 0x600, 0x6FF)                                                    ? "arabic"
        : in(c, 0x900, 0x97F)                                                    ? "devanagari"
        : in(c, 0x980, 0x9FF)                                                    ? "bn"
        : in(c, 0xA00, 0xA7F)                                                    ? "pa"
        : in(c, 0xA80, 0xAFF)                                                    ? "gu"
        : in(c, 0xB80, 0xBFF)                                                    ? "ta"
        : in(c, 0xC00, 0xC7F)                                                    ? "te"
        : in(c, 0xC80, 0xCFF)                                                    ? "kn"
        : in(c, 0xD00, 0xD7F)                                                    ? "ml"
        : in(c, 0xE00, 0xE7F)                                                    ? "th"
        : in(c, 0xAC00, 0xD7A3)                                                  ? "ko"
        : in(c, 0x3040, 0x30FF)                                                  ? "ja"
        : in(c, 0x4E00, 0x9FFF)                                                  ? "zh"
        : char_class(c) == CharClass::upper || char_class(c) == CharClass::lower ? "latin"
                                                                                 : "";
    if (!script.empty()) {
      ++votes[script];
    }
  }
  if (votes.contains("ja") && votes["ja"] * 10 > votes["zh"]) {
    votes["ja"] += votes["zh"];
  }
  const auto best =
      std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second; });
  if (best == votes.end()) {
    return std::nullopt;
  }
  if (best->first == "cyrillic") {
    return has(U"іїєґІЇЄҐ") ? "uk" : has(U"ыэёЫЭЁ") ? "ru" : "bg";
  }
  if (best->first == "arabic") {
    return has(U"ٹڈڑےں") ? "ur" : has(U"پچژگیک") ? "fa" : "ar";
  }
  if (best->first == "devanagari") {
    return has(U"ळ") ? "mr" : to_utf8(text).find("छ") != std::string::npos ? "ne" : "hi";
  }
  return best->first;
}

}  // namespace

std::size_t count_words(std::string_view text) {
  std::size_t count = 0;
  bool inside = false;
  while (!text.empty()) {
    const CodePoint c = front(text);
    const bool word = is_word_char(c.value);
    count += word && !inside ? 1U : 0U;
    inside = word;
    text.remove_prefix(c.size);
  }
  return count;
}

std::size_t count_sentences(std::string_view text) {
  const auto words = split_words(text);
  std::size_t count = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool last = i + 1 == words.size();
    count += last || ends_sentence(words[i], words[i + 1]) ? 1U : 0U;
  }
  return count;
}

std::size_t count_capital_words(std::string_view text) {
  static constexpr std::string_view kApart = ",:;@#$%&?!()[]{}<>\"`";
  std::size_t count = 0;
  const auto add = [&](std::string_view token) { count += is_upper_text(token) ? 1U : 0U; };
  for (std::string_view word : split_words(text)) {
    while (!word.empty()) {
      const std::size_t end = word.find_first_of(kApart);
      std::string_view token = word.substr(0, end);
      word.remove_prefix(end == std::string_view::npos ? word.size() : end + 1);
      const std::string small = lower(token);
      for (const std::string_view tail : {"'s", "'m", "'d", "'ll", "'re", "'ve", "n't"}) {
        if (small.ends_with(tail) && small.size() > tail.size()) {
          add(token.substr(token.size() - tail.size()));
          token.remove_suffix(tail.size());
          break;
        }
      }
      add(token);
    }
  }
  return count;
}

bool is_upper_text(std::string_view text) {
  bool cased = false;
  for (const char32_t c : to_utf32(text)) {
    const CharClass found = char_class(c);
    if (found == CharClass::lower) {
      return false;
    }
    cased = cased || found == CharClass::upper;
  }
  return cased;
}

bool is_lower_text(std::string_view text) {
  bool cased = false;
  for (const char32_t c : to_utf32(text)) {
    const CharClass found = char_class(c);
    if (found == CharClass::upper) {
      return false;
    }
    cased = cased || found == CharClass::lower;
  }
  return cased;
}

std::optional<std::string_view> detect_language(std::string_view text) {
  const std::string small = lower(text);
  const auto script = by_script(to_utf32(small));
  if (script != "latin") {
    return script;
  }
  std::map<std::string_view, std::size_t> votes;
  for (const std::string_view word : split_words(small)) {
    const std::string_view bare = strip(word, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
    for (const auto& [language, words] : common_words()) {
      votes[language] += words.contains(bare) ? 1U : 0U;
    }
  }
  std::string_view best;
  std::size_t most = 0;
  // English first: short texts of few common words are mostly English.
  for (const auto& [language, count] : votes) {
    if (count > most || (count == most && language == "en" && count > 0)) {
      best = language;
      most = count;
    }
  }
  return most == 0 ? std::optional<std::string_view>("en") : std::optional(best);
}

}  // namespace faceoff::score
