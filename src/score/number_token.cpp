#include "number_token.h"

#include "words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace faceoff::score {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// The zeros of the scripts that models write numbers in; the other nine follow.
constexpr std::array<char32_t, 18> kZeros{0x0660,
                                          0x06F0,
                                          0x0966,
                                          0x09E6,
                                          0x0A66,
                                          0x0AE6,
                                          0x0B66,
                                          0x0BE6,
                                          0x0C66,
                                          0x0CE6,
                                          0x0D66,
                                          0x0E50,
                                          0x0ED0,
                                          0x0F20,
                                          0x1040,
                                          0x17E0,
                                          0x1810,
                                          0xFF10};

constexpr std::array<std::pair<char32_t, std::string_view>, 18> kVulgar{{{0x00BC, "1/4"},
                                                                         {0x00BD, "1/2"},
                                                                         {0x00BE, "3/4"},
                                                                         {0x2150, "1/7"},
                                                                         {0x2151, "1/9"},
                                                                         {0x2152, "1/10"},
                                                                         {0x2153, "1/3"},
                                                                         {0x2154, "2/3"},
                                                                         {0x2155, "1/5"},
                                                                         {0x2156, "2/5"},
                                                                         {0x2157, "3/5"},
                                                                         {0x2158, "4/5"},
                                                                         {0x2159, "1/6"},
                                                                         {0x215A, "5/6"},
                                                                         {0x215B, "1/8"},
                                                                         {0x215C, "3/8"},
                                                                         {0x215D, "5/8"},
                                                                         {0x215E, "7/8"}}};

constexpr std::array<std::pair<char32_t, char>, 18> kSingle{{{0x2212, '-'},
                                                             {0xFF0D, '-'},
                                                             {0xFF0B, '+'},
                                                             {0xFF0E, '.'},
                                                             {0x066B, '.'},
                                                             {0xFF0C, ','},
                                                             {0x066C, ','},
                                                             {0xFF05, '%'},
                                                             {0x066A, '%'},
                                                             {0x2044, '/'},
                                                             {0x2019, '\''},
                                                             {0x00A0, kThin},
                                                             {0x2007, kThin},
                                                             {0x2009, kThin},
                                                             {0x202F, kThin},
                                                             {0x00D7, kTimes},
                                                             {0x00B7, kTimes},
                                                             {0x22C5, kTimes}}};

std::optional<char> superscript(char32_t c) noexcept {
  switch (c) {
    case 0x00B9:
      return '1';
    case 0x00B2:
      return '2';
    case 0x00B3:
      return '3';
    case 0x207B:
      return '-';
    default:
      break;
  }
  return c == 0x2070 || (c >= 0x2074 && c <= 0x2079)
             ? std::optional(static_cast<char>('0' + (c - 0x2070)))
             : std::nullopt;
}

// Takes "{-12}" or, unbraced, one digit off the front of `text`.
std::optional<std::string_view> take_group(std::string_view& text) {
  if (!text.empty() && is_digit(text.front())) {
    const auto digit = text.substr(0, 1);
    text.remove_prefix(1);
    return digit;
  }
  const auto close = text.substr(0, 64).find('}');
  if (!text.starts_with('{') || close == std::string_view::npos) {
    return std::nullopt;
  }
  const auto inside = text.substr(1, close - 1);
  const auto digits = inside.substr(inside.starts_with('-') ? 1 : 0);
  if (digits.empty() || !std::ranges::all_of(digits, is_digit)) {
    return std::nullopt;
  }
  text.remove_prefix(close + 1);
  return inside;
}

class Plain {
 public:
  explicit Plain(std::string_view text) : rest_(text) { out_.reserve(text.size()); }

  std::string run() && {
    while (!rest_.empty()) {
      const CodePoint c = front(rest_);
      if (c.value == U'\\') {
        command();
      } else if (rest_.starts_with("{,}")) {
        put(",", 3);
      } else if (c.value == U'\x1e' || c.value == U'\x1f') {
        put(" ", 1);
      } else if (c.value < 0x80) {
        put(rest_.substr(0, 1), 1);
      } else {
        foreign(c);
      }
    }
    return std::move(out_);
  }

 private:
  void put(std::string_view plain, std::size_t taken) {
    out_ += plain;
    rest_.remove_prefix(taken);
  }

  // "2½" is two and a half, not 21/2.
  void put_fraction(std::string_view over, std::string_view under) {
    if (!out_.empty() && is_digit(out_.back())) {
      out_ += ' ';
    }
    out_ += over;
    out_ += '/';
    out_ += under;
  }

  void command() {
    for (const std::string_view name : {"\\dfrac", "\\tfrac", "\\frac"}) {
      if (rest_.starts_with(name) && fraction(rest_.substr(name.size()))) {
        return;
      }
    }
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kCommands{
        {{"\\times", "\x1e"},
         {"\\cdot", "\x1e"},
         {"\\,", "\x1f"},
         {"\\!", "\x1f"},
         {"\\;", "\x1f"},
         {"\\$", "$"},
         {"\\%", "%"}}};
    const auto known = std::ranges::find_if(
        kCommands, [this](const auto& entry) { return rest_.starts_with(entry.first); });
    if (known != kCommands.end()) {
      put(known->second, known->first.size());
    } else {
      put("\\", 1);
    }
  }

  bool fraction(std::string_view behind) {
    const auto over = take_group(behind);
    const auto under = over ? take_group(behind) : std::nullopt;
    if (!under || under->starts_with('-')) {
      return false;
    }
    put_fraction(*over, *under);
    rest_ = behind;
    return true;
  }

  void foreign(CodePoint c) {
    const auto zero =
        std::ranges::find_if(kZeros, [c](char32_t z) { return c.value >= z && c.value < z + 10; });
    const auto vulgar = std::ranges::find(kVulgar, c.value, [](const auto& v) { return v.first; });
    const auto single = std::ranges::find(kSingle, c.value, [](const auto& s) { return s.first; });
    const auto raised = superscript(c.value);
    if (zero != kZeros.end()) {
      out_ += static_cast<char>('0' + (c.value - *zero));
    } else if (vulgar != kVulgar.end()) {
      put_fraction(vulgar->second.substr(0, 1), vulgar->second.substr(2));
    } else if (single != kSingle.end()) {
      out_ += single->second;
    } else if (raised) {
      out_ += in_superscript_ ? "" : "^";
      out_ += *raised;
    } else {
      out_ += rest_.substr(0, c.size);
    }
    in_superscript_ = raised.has_value();
    rest_.remove_prefix(c.size);
    in_superscript_ = in_superscript_ && !rest_.empty() && superscript(front(rest_).value);
  }

  std::string_view rest_;
  std::string out_;
  bool in_superscript_ = false;
};

}  // namespace

std::string plain_numerals(std::string_view text) {
  return Plain(text).run();
}

std::string boxed_parts(std::string_view plain) {
  static constexpr std::string_view kOpen = "\\boxed{";
  std::string parts;
  for (auto at = plain.find(kOpen); at != std::string_view::npos; at = plain.find(kOpen, at)) {
    const std::size_t begin = at + kOpen.size();
    std::size_t depth = 1;
    for (at = begin; at < plain.size() && depth > 0; ++at) {
      depth += plain[at] == '{' ? 1U : 0U;
      depth -= plain[at] == '}' ? 1U : 0U;
    }
    if (depth > 0) {
      break;
    }
    parts += plain.substr(begin, at - 1 - begin);
    parts += '\n';
  }
  return parts;
}

}  // namespace faceoff::score
