// The form of a response: parts, marks, letters.

#include "ifeval_checkers.h"
#include "python_text.h"
#include "words.h"

#include <faceoff/base/text.h>
#include <faceoff/base/unicode.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace faceoff::score::ifeval {

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

namespace {

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

}  // namespace

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

namespace {

bool is_english(const std::string& response) {
  const auto found = detect_language(response);
  return !found || *found == "en";
}

}  // namespace

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

}  // namespace faceoff::score::ifeval
