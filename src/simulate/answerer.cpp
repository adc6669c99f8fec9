#include "answerer.h"

#include "judge_role.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/random.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <array>
#include <utility>

namespace faceoff::simulate {
namespace {

// Keeps apart the draws that a prompt takes for different purposes.
constexpr std::uint64_t kAccuracySalt = 0xACC0;

bool matches(const Rule& rule, std::string_view prompt) {
  if (!rule.regex) {
    return prompt.find(rule.match) != std::string_view::npos;
  }
  const auto match = rule.regex->match(prompt);
  return match && match->has_value();
}

bool is_right(const KnownAnswer& known, std::string_view text) {
  return std::ranges::any_of(known.targets, [text](const std::string& target) {
    return casefold(trim(target)) == casefold(trim(text));
  });
}

// Adds `by` at the last digit of the whole part: "1,234.5" stays a number of the same look.
std::string other_number(std::string_view right, std::uint64_t by) {
  std::string digits(right);
  const std::size_t end = std::min(digits.find('.'), digits.size());
  std::size_t at = end;
  std::uint64_t carry = by;
  while (at > 0 && carry > 0) {
    --at;
    if (digits[at] < '0' || digits[at] > '9') {
      continue;
    }
    carry += static_cast<std::uint64_t>(digits[at] - '0');
    digits[at] = static_cast<char>('0' + carry % 10);
    carry /= 10;
  }
  if (carry > 0) {
    const std::size_t front = digits.find_first_of("0123456789");
    digits.insert(front == std::string::npos ? 0 : front, std::to_string(carry));
  }
  return digits;
}

bool looks_like_number(std::string_view text) {
  std::string plain(text);
  std::erase(plain, ',');
  return parse_double(plain).has_value() && plain.find_first_of("eE") == std::string::npos &&
         plain.find_first_of("0123456789") < std::min(plain.find('.'), plain.size());
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kOpposites{{
    {"yes", "no"},
    {"no", "yes"},
    {"Yes", "No"},
    {"No", "Yes"},
    {"true", "false"},
    {"false", "true"},
    {"True", "False"},
    {"False", "True"},
    {"positive", "negative"},
    {"negative", "positive"},
}};

}  // namespace

std::string wrong_answer(std::string_view right, std::uint64_t draw) {
  const std::string_view text = trim(right);
  if (looks_like_number(text)) {
    return other_number(text, 1 + draw % 9);
  }
  if (text.size() == 1 &&
      ((text[0] >= 'A' && text[0] <= 'D') || (text[0] >= 'a' && text[0] <= 'd'))) {
    const char base = text[0] >= 'a' ? 'a' : 'A';
    return std::string(
        1, static_cast<char>(base + (text[0] - base + 1 + static_cast<int>(draw % 3)) % 4));
  }
  for (const auto& [word, opposite] : kOpposites) {
    if (text == word) {
      return std::string(opposite);
    }
  }
  return {};
}

Answerer::Answerer(const Script& script) : script_(script) {
  by_prompt_.reserve(script.answers.size());
  for (const KnownAnswer& known : script.answers) {
    by_prompt_.emplace(known.prompt, &known);
  }
}

Answer Answerer::answer(std::string_view prompt) const {
  for (const Rule& rule : script_.rules) {
    if (matches(rule, prompt)) {
      return rule.answer;
    }
  }
  if (const auto found = by_prompt_.find(prompt); found != by_prompt_.end()) {
    return known(*found->second, prompt);
  }
  if (auto verdict = judge(script_.judge, script_.seed, prompt)) {
    Answer answer;
    answer.text = *std::move(verdict);
    return answer;
  }
  Answer fallback = script_.fallback;
  if (script_.echo) {
    fallback.text = prompt;
  }
  return fallback;
}

std::string_view Answerer::case_of(std::string_view prompt) const {
  const auto found = by_prompt_.find(prompt);
  return found == by_prompt_.end() ? std::string_view() : found->second->case_id;
}

Answer Answerer::known(const KnownAnswer& known, std::string_view prompt) const {
  Answer answer;
  Random random(script_.seed ^ fnv1a(prompt) ^ kAccuracySalt);
  if (random.uniform() < script_.accuracy) {
    answer.text = known.targets.front();
    return answer;
  }
  answer.text = wrong_answer(known.targets.front(), random.next());
  if (!answer.text.empty() && !is_right(known, answer.text)) {
    return answer;
  }
  // What another prompt would have got, from a random place on, is plausible and wrong; a number
  // in place of a word is not plausible, but better than nothing.
  const std::size_t count = script_.answers.size();
  const std::size_t start = random.below(count);
  for (const bool numbers : {false, true}) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string& other = script_.answers[(start + i) % count].targets.front();
      if (looks_like_number(trim(other)) == numbers && !is_right(known, other)) {
        answer.text = other;
        return answer;
      }
    }
  }
  answer.text = "I do not know.";
  return answer;
}

Answer limited(Answer answer, const ChatCall& call) {
  std::size_t stop = std::string::npos;
  for (const std::string& word : call.stop) {
    if (!word.empty()) {
      stop = std::min(stop, answer.text.find(word));
    }
  }
  if (stop != std::string::npos && !answer.refusal && !answer.tool_call) {
    answer.text.resize(stop);
    answer.finish = chat::Finish::stop;
  }
  if (!call.max_tokens) {
    return answer;
  }
  std::int64_t left = std::max<std::int64_t>(1, *call.max_tokens);
  const auto cut = [&left, &answer](std::string& text) {
    const std::size_t kept = first_pieces(text, left).size();
    if (kept < text.size()) {
      text.resize(kept);
      answer.finish = chat::Finish::length;
      left = 0;
    } else if (!text.empty()) {
      left -= count_tokens(text);
    }
  };
  cut(answer.reasoning);
  if (answer.refusal) {
    cut(*answer.refusal);
  } else if (!answer.tool_call) {
    cut(answer.text);
  }
  return answer;
}

std::string_view first_piece(std::string_view text) noexcept {
  return first_pieces(text, 1);
}

std::string_view first_pieces(std::string_view text, std::int64_t tokens) noexcept {
  if (tokens <= 0) {
    return {};
  }
  const auto wanted = std::min(static_cast<std::uint64_t>(tokens), std::uint64_t{text.size()}) *
                      kCharactersPerToken;
  std::uint64_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // A continuation byte belongs to the code point before it.
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U && ++characters > wanted) {
      return text.substr(0, i);
    }
  }
  return text;
}

}  // namespace faceoff::simulate
