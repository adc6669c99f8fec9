// Keywords, language and length.

#include "ifeval_checkers.h"
#include "python_text.h"
#include "words.h"

#include <faceoff/base/text.h>
#include <faceoff/base/unicode.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace faceoff::score::ifeval {

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

}  // namespace faceoff::score::ifeval
