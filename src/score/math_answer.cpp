#include "math_text.h"
#include "number_text.h"
#include "number_token.h"
#include "python_text.h"
#include "words.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace faceoff::score {
namespace {

// The last stretch between two marks; the text when there is none.
std::string_view last_between(std::string_view text,
                              std::string_view open,
                              std::string_view close) {
  const std::size_t end = text.rfind(close);
  if (end == std::string_view::npos || end == 0) {
    return text;
  }
  const std::size_t begin = text.rfind(open, end - 1);
  return begin == std::string_view::npos
             ? text
             : text.substr(begin + open.size(), end - begin - open.size());
}

// Without \text{...}, \mathrm{...} and \mbox{...}; `kept` puts their content in their place.
std::string without_text(std::string_view text, bool kept) {
  constexpr std::array<std::string_view, 4> kCommands{
      "\\text{", "\\mathrm{", "\\mbox{", "\\textbf{"};
  std::string out;
  while (!text.empty()) {
    const auto command = std::ranges::find_if(
        kCommands, [&](std::string_view name) { return text.starts_with(name); });
    if (command == kCommands.end()) {
      const std::size_t next = std::min(text.find('\\', 1), text.size());
      out += text.substr(0, next);
      text.remove_prefix(next);
      continue;
    }
    const std::size_t end = std::min(text.find('}'), text.size());
    const std::string_view inside =
        text.substr(command->size(), end - std::min(end, command->size()));
    const std::string_view word = strip(inside);
    if (word == "and" || word == "or") {
      out += ',';
    } else if (kept) {
      out += inside;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Between two boxes that belong together stands nothing but "and", "or" and marks.
bool only_joins(std::string_view between) {
  std::string rest(between);
  for (const std::string_view word : {"\\text{", "\\quad", "and", "or", "\\", "}", "$", ",", " "}) {
    rest = replaced(rest, word, "");
  }
  return is_blank(rest);
}

// The last box, with those before it that only "and" or a comma separates.
std::string boxed(const std::string& text) {
  constexpr std::string_view kBox = "\\boxed{";
  constexpr std::size_t kMostBoxes = 50;
  constexpr std::size_t kMostBetween = 60;
  std::vector<std::string> found;
  std::size_t limit = text.size();
  for (std::size_t at = text.rfind(kBox); at != std::string::npos && found.size() < kMostBoxes;
       at = at == 0 ? std::string::npos : text.rfind(kBox, at - 1)) {
    const std::string_view rest = std::string_view(text).substr(at, limit - at);
    int depth = 1;
    std::size_t end = kBox.size();
    for (; end < rest.size() && depth > 0; ++end) {
      depth += rest[end] == '{' ? 1 : rest[end] == '}' ? -1 : 0;
    }
    if (depth > 0) {
      break;
    }
    const std::string_view between = rest.substr(end);
    if (!found.empty() && (between.size() > kMostBetween || !only_joins(between))) {
      break;
    }
    found.emplace_back(rest.substr(kBox.size(), end - kBox.size() - 1));
    limit = at;
  }
  std::ranges::reverse(found);
  return join(found, ",");
}

// "x", "f(x)", "a_3", "(t,u)": names what the answer is.
bool is_name(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return c == '+' || c == '-' || c == '*' || c == '/' || c == '^'; });
}

// Behind the last '=', unless it is one equation whose left side is more than a name.
std::string right_side(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos ||
      (equals > 0 && (text[equals - 1] == '<' || text[equals - 1] == '>'))) {
    return text;
  }
  const std::string_view left = strip(std::string_view(text).substr(0, equals));
  const bool chain = left.find('=') != std::string_view::npos;
  const bool letters = std::ranges::any_of(left, is_letter);
  const bool list = text.find(',') < equals;  // x = 1, y = 2
  return list || (!chain && letters && !is_name(left)) ? text : text.substr(equals + 1);
}

// "The probability is 2/3." has words; "x + 1" has not.
bool is_prose(std::string_view text) {
  std::size_t run = 0;
  for (const char c : text) {
    run = is_letter(c) ? run + 1 : 0;
    if (c == '\\') {
      return false;
    }
    if (run == 4) {
      return true;
    }
  }
  return false;
}

// The last number of a sentence; the sentence when it has none.
std::string last_number(std::string text) {
  if (!is_prose(text)) {
    return text;
  }
  auto numbers = find_numbers(text, {});
  return numbers.empty() ? text : std::move(numbers.back().text);
}

std::string without_marks(std::string out) {
  constexpr std::array<std::string_view, 20> kMarks{"^{\\circ}",
                                                    "^\\circ",
                                                    "\\circ",
                                                    "°",
                                                    "\\$",
                                                    "$",
                                                    "€",
                                                    "£",
                                                    "\\left",
                                                    "\\right",
                                                    "\\!",
                                                    "\\,",
                                                    "\\;",
                                                    "\\ ",
                                                    "\\%",
                                                    "%",
                                                    "percent",
                                                    "pct",
                                                    "**",
                                                    "\\quad"};
  for (const std::string_view mark : kMarks) {
    out = replaced(out, mark, "");
  }
  return out;
}

// Behind the last "final answer", when something stands there.
std::string_view final_part(std::string_view text) {
  std::size_t at = std::string_view::npos;
  for (const std::string_view mark : {"Final Answer", "Final answer", "final answer"}) {
    const std::size_t found = text.rfind(mark);
    if (found != std::string_view::npos && (at == std::string_view::npos || found > at)) {
      at = found;
    }
  }
  constexpr std::size_t kMark = std::string_view("Final Answer").size();
  if (at == std::string_view::npos || is_blank(text.substr(at + kMark))) {
    return text;
  }
  return text.substr(at + kMark);
}

// The last formula; of "the largest $n$ is 34" the number. The text when it has none.
std::string formula(std::string_view text) {
  for (const auto& [open, close] : std::array<std::pair<std::string_view, std::string_view>, 4>{
           {{"$$", "$$"}, {"\\[", "\\]"}, {"\\(", "\\)"}, {"$", "$"}}}) {
    const std::string_view inside = last_between(text, open, close);
    if (inside.size() == text.size()) {
      continue;
    }
    const bool name = inside.size() <= 2 && std::ranges::all_of(inside, is_letter);
    const auto behind = static_cast<std::size_t>(inside.data() - text.data()) + inside.size();
    const auto numbers = name ? find_numbers(text.substr(behind), {}) : std::vector<Number>();
    return numbers.empty() ? std::string(inside) : numbers.back().text;
  }
  return last_number(std::string(text));
}

}  // namespace

std::string math_answer(std::string_view text, std::span<const std::string> units) {
  std::string out(strip(text));
  // LaTeX that was escaped once more on its way.
  for (const std::string_view escaped : {"\\\\boxed", "\\\\frac", "\\\\left"}) {
    if (out.find(escaped) != std::string::npos) {
      out = replaced(out, "\\\\", "\\");
    }
  }
  if (std::string boxes = boxed(out); !boxes.empty()) {
    out = std::move(boxes);
  } else {
    out = formula(final_part(out));
  }
  out = replaced(out, "{,}", ",");
  if (const std::size_t about = out.find("\\approx"); about != std::string::npos && about > 0) {
    out.resize(about);
  }
  if (const std::size_t in = out.find("\\in "); in != std::string::npos) {
    out.erase(0, in + 4);
  }
  std::string plain = without_text(out, false);
  // Where nothing else is left the text is the answer.
  out = right_side(is_blank(without_marks(plain)) ? without_text(out, true) : std::move(plain));
  out = without_marks(std::move(out));
  for (const std::string& unit : units) {
    if (strip(out).ends_with(unit)) {
      out = std::string(strip(out));
      out.resize(out.size() - unit.size());
    }
  }
  std::string_view bare = strip(out);
  while (bare.ends_with('.') || bare.ends_with(',')) {
    bare = strip(bare.substr(0, bare.size() - 1));
  }
  return std::string(bare);
}

}  // namespace faceoff::score
