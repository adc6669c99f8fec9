#include "unicode_number.h"

#include "python_text.h"
#include "words.h"

#include <faceoff/base/unicode.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace faceoff::score {
namespace {

using View = std::u32string_view;

constexpr View kMinus = U"-−﹣－";
constexpr View kPlus = U"+＋﹢";
constexpr View kGroup = U",，﹐、٬ \u00A0\u202F\u2009\u2007\u2008'’ʼ＇";
constexpr View kSuperscripts = U"⁰¹²³⁴⁵⁶⁷⁸⁹";

bool has(View set, char32_t c) noexcept {
  return set.find(c) != View::npos;
}

using Named = std::pair<char32_t, double>;

template <std::size_t N>
std::optional<double> look_up(const std::array<Named, N>& table, char32_t c) noexcept {
  const auto it = std::ranges::find(table, c, &Named::first);
  return it == table.end() ? std::nullopt : std::optional(it->second);
}

std::optional<double> fraction(char32_t c) noexcept {
  static constexpr std::array<Named, 19> kFractions{{{U'½', 0.5},
                                                     {U'⅓', 1.0 / 3},
                                                     {U'⅔', 2.0 / 3},
                                                     {U'¼', 0.25},
                                                     {U'¾', 0.75},
                                                     {U'⅕', 0.2},
                                                     {U'⅖', 0.4},
                                                     {U'⅗', 0.6},
                                                     {U'⅘', 0.8},
                                                     {U'⅙', 1.0 / 6},
                                                     {U'⅚', 5.0 / 6},
                                                     {U'⅐', 1.0 / 7},
                                                     {U'⅛', 0.125},
                                                     {U'⅜', 0.375},
                                                     {U'⅝', 0.625},
                                                     {U'⅞', 0.875},
                                                     {U'⅑', 1.0 / 9},
                                                     {U'⅒', 0.1},
                                                     {U'\u0D73', 0.25}}};
  return look_up(kFractions, c);
}

std::optional<double> chinese_digit(char32_t c) noexcept {
  static constexpr std::array<Named, 27> kDigits{
      {{U'零', 0}, {U'〇', 0}, {U'○', 0},  {U'一', 1}, {U'二', 2}, {U'三', 3}, {U'四', 4},
       {U'五', 5}, {U'六', 6}, {U'七', 7}, {U'八', 8}, {U'九', 9}, {U'壹', 1}, {U'贰', 2},
       {U'貳', 2}, {U'叁', 3}, {U'參', 3}, {U'肆', 4}, {U'伍', 5}, {U'陆', 6}, {U'陸', 6},
       {U'柒', 7}, {U'捌', 8}, {U'玖', 9}, {U'两', 2}, {U'兩', 2}, {U'幺', 1}}};
  return look_up(kDigits, c);
}

std::optional<double> tens(char32_t c) noexcept {
  static constexpr std::array<Named, 3> kTens{{{U'廿', 20}, {U'卅', 30}, {U'卌', 40}}};
  return look_up(kTens, c);
}

std::optional<double> small_unit(char32_t c) noexcept {
  static constexpr std::array<Named, 6> kUnits{
      {{U'十', 10}, {U'拾', 10}, {U'百', 100}, {U'佰', 100}, {U'千', 1000}, {U'仟', 1000}}};
  return look_up(kUnits, c);
}

std::optional<double> large_unit(char32_t c) noexcept {
  static constexpr std::array<Named, 5> kUnits{
      {{U'万', 1e4}, {U'萬', 1e4}, {U'亿', 1e8}, {U'億', 1e8}, {U'兆', 1e12}}};
  return look_up(kUnits, c);
}

std::optional<int> any_digit(char32_t c) noexcept {
  if (const auto digit = digit_value(c)) {
    return digit;
  }
  if (const auto place = kSuperscripts.find(c); place != View::npos) {
    return static_cast<int>(place);
  }
  const auto chinese = chinese_digit(c);
  return chinese ? std::optional(static_cast<int>(*chinese)) : std::nullopt;
}

// The value of one character that stands for a number by itself.
std::optional<double> single(View text) {
  if (text.size() != 1) {
    return std::nullopt;
  }
  const char32_t c = text.front();
  static constexpr std::array<Named, 16> kRoman{{{U'Ⅰ', 1},
                                                 {U'Ⅱ', 2},
                                                 {U'Ⅲ', 3},
                                                 {U'Ⅳ', 4},
                                                 {U'Ⅴ', 5},
                                                 {U'Ⅵ', 6},
                                                 {U'Ⅶ', 7},
                                                 {U'Ⅷ', 8},
                                                 {U'Ⅸ', 9},
                                                 {U'Ⅹ', 10},
                                                 {U'Ⅺ', 11},
                                                 {U'Ⅻ', 12},
                                                 {U'Ⅼ', 50},
                                                 {U'Ⅽ', 100},
                                                 {U'Ⅾ', 500},
                                                 {U'Ⅿ', 1000}}};
  if (c >= U'ⅰ' && c <= U'ⅿ') {
    return look_up(kRoman, c - 0x10);
  }
  for (const auto value :
       {look_up(kRoman, c), fraction(c), tens(c), small_unit(c), large_unit(c)}) {
    if (value) {
      return value;
    }
  }
  const auto digit = any_digit(c);
  return digit ? std::optional<double>(*digit) : std::nullopt;
}

View trimmed(View text) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::optional<double> chinese_whole(View text) {
  const bool units = std::ranges::any_of(
      text, [](char32_t c) { return tens(c) || small_unit(c) || large_unit(c); });
  double total = 0;
  double section = 0;
  double number = 0;
  for (const char32_t c : text) {
    const auto digit = any_digit(c);
    if (is_space(c)) {
      continue;
    }
    if (!units) {
      if (!digit) {
        return std::nullopt;
      }
      total = total * 10 + *digit;
    } else if (const auto ten = tens(c)) {
      section += *ten;
    } else if (c == U'零' || c == U'〇' || c == U'○') {
      continue;
    } else if (digit) {
      number = *digit;
    } else if (const auto small = small_unit(c)) {
      section += (number == 0 ? 1 : number) * *small;
      number = 0;
    } else if (const auto large = large_unit(c)) {
      total += (section + number) * *large;
      section = number = 0;
    } else {
      return std::nullopt;
    }
  }
  return total + section + number;
}

std::optional<double> chinese(View text) {
  View part;
  for (const char32_t mark : {U'点', U'點', U'．', U'.'}) {
    if (const auto at = text.find(mark); at != View::npos) {
      part = text.substr(at + 1);
      text = text.substr(0, at);
      break;
    }
  }
  auto value = chinese_whole(text);
  double place = 0.1;
  for (const char32_t c : part) {
    if (is_space(c)) {
      continue;
    }
    const auto digit = any_digit(c);
    if (!digit || !value) {
      return std::nullopt;
    }
    *value += *digit * place;
    place /= 10.0;
  }
  return value;
}

// The decimal mark, told from which of . and , comes last and what is behind it; 0 for none.
char32_t decimal_mark(View text) {
  const auto dot = text.rfind(U'.');
  const auto comma = text.rfind(U',');
  if (dot != View::npos) {
    return comma != View::npos && comma > dot ? U',' : U'.';
  }
  if (comma == View::npos) {
    return 0;
  }
  const auto digits = std::ranges::count_if(text.substr(comma + 1),
                                            [](char32_t c) { return any_digit(c).has_value(); });
  return digits >= 1 && digits <= 3 ? U',' : 0;
}

std::optional<double> generic(View text) {
  const char32_t mark = decimal_mark(text);
  std::string out;
  bool seen_mark = false;
  bool seen_exponent = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if ((c == U'e' || c == U'E') && !seen_exponent) {
      if (out.empty()) {
        return std::nullopt;
      }
      out += 'e';
      seen_exponent = true;
      if (i + 1 < text.size() && (has(kPlus, text[i + 1]) || has(kMinus, text[i + 1]))) {
        out += has(kPlus, text[++i]) ? '+' : '-';
      }
    } else if (c == U'٫' || c == U'．' || (mark != 0 && c == mark)) {
      if (seen_mark) {
        return std::nullopt;
      }
      out += '.';
      seen_mark = true;
    } else if (const auto digit = digit_value(c); digit || kSuperscripts.find(c) != View::npos) {
      out += static_cast<char>('0' + any_digit(c).value_or(0));
    } else if (!has(kGroup, c) && !is_space(c) && !(mark != 0 && (c == U',' || c == U'.'))) {
      return std::nullopt;
    }
  }
  return parse_float(out);
}

std::optional<double> core(View text) {
  text = trimmed(text);
  const bool looks_chinese = std::ranges::any_of(text, [](char32_t c) {
    return chinese_digit(c) || tens(c) || small_unit(c) || large_unit(c) || c == U'点' ||
           c == U'點';
  });
  if (text.empty()) {
    return std::nullopt;
  }
  if (looks_chinese) {
    if (const auto value = chinese(text)) {
      return value;
    }
  }
  const auto value = generic(text);
  return value ? value : single(text);
}

// A whole or decimal number and at most one vulgar fraction behind it.
std::optional<double> with_fraction(View text) {
  const auto at = std::ranges::find_if(text, [](char32_t c) { return fraction(c).has_value(); });
  if (at == text.end()) {
    return core(text);
  }
  const auto place = static_cast<std::size_t>(at - text.begin());
  const View behind = text.substr(place + 1);
  if (!std::ranges::all_of(behind, [](char32_t c) { return is_space(c) || has(kGroup, c); })) {
    return std::nullopt;
  }
  const View head = trimmed(text.substr(0, place));
  const auto whole = head.empty() ? std::optional(0.0) : core(head);
  return whole ? std::optional(*whole + *fraction(*at)) : std::nullopt;
}

// Takes a superscript exponent off the end.
std::optional<int> take_exponent(View& text) {
  std::size_t end = text.size();
  while (end > 0 && (is_space(text[end - 1]) || has(kGroup, text[end - 1]))) {
    --end;
  }
  std::size_t begin = end;
  while (begin > 0 && has(kSuperscripts, text[begin - 1])) {
    --begin;
  }
  if (begin == end || end - begin > 6) {
    return std::nullopt;
  }
  int value = 0;
  for (std::size_t i = begin; i < end; ++i) {
    value = value * 10 + static_cast<int>(kSuperscripts.find(text[i]));
  }
  if (begin > 0 && (text[begin - 1] == U'⁻' || text[begin - 1] == U'⁺')) {
    value = text[--begin] == U'⁻' ? -value : value;
  }
  const View base = trimmed(text.substr(0, begin));
  if (base.empty()) {
    return std::nullopt;
  }
  text = base;
  return value;
}

}  // namespace

std::optional<double> unicode_number(std::string_view text) {
  const std::u32string wide = to_utf32(text);
  View rest = trimmed(wide);
  bool negative = false;
  while (!rest.empty()) {
    const char32_t c = rest.front();
    if (has(kMinus, c) || c == U'负' || c == U'負') {
      negative = !negative;
    } else if (!has(kPlus, c) && c != U'正') {
      break;
    }
    rest = trimmed(rest.substr(1));
  }
  auto value = single(rest);
  std::optional<int> exponent;
  if (!value) {
    exponent = take_exponent(rest);
    value = with_fraction(rest);
  }
  if (!value) {
    return std::nullopt;
  }
  *value = negative ? -*value : *value;
  return exponent ? std::pow(*value, *exponent) : *value;
}

}  // namespace faceoff::score
