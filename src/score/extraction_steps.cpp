#include "extraction_steps.h"

#include "number_text.h"
#include "python_text.h"
#include "words.h"

#include <faceoff/base/text.h>
#include <faceoff/base/unicode.h>

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

namespace faceoff::score {

std::optional<std::string> text_value(const doc::Context& context,
                                      const doc::Node& at,
                                      const doc::Node* value,
                                      std::string_view name) {
  if (value == nullptr) {
    context.error(at.span, "missing-value", fmt::format("the step '{}' needs a text", name));
    return std::nullopt;
  }
  auto text = doc::as_string(context, *value, name);
  if (text && text->empty()) {
    context.error(value->span, "wrong-value", fmt::format("the text of '{}' is empty", name));
    return std::nullopt;
  }
  return text;
}

std::optional<std::size_t> place_value(const doc::Context& context,
                                       const doc::Node* value,
                                       std::string_view name,
                                       std::size_t usual) {
  if (value == nullptr) {
    return usual;
  }
  if (value->is_scalar() && (value->text == "first" || value->text == "last")) {
    return value->text == "first" ? 1 : 0;
  }
  const auto number = doc::as_integer(context, *value, name);
  if (number && (*number < 1 || *number > 1'000'000)) {
    context.error(value->span,
                  "wrong-value",
                  fmt::format("'{}' must be first, last or a number from 1", name));
    return std::nullopt;
  }
  return number ? std::optional(static_cast<std::size_t>(*number)) : std::nullopt;
}

namespace {

StepPtr read_strip(const doc::Context& context, const doc::Node& at, const doc::Node* value) {
  if (value == nullptr) {
    return each([](const std::string& text) { return Taken(strip(text)); });
  }
  const auto marks = text_value(context, at, value, "strip");
  if (!marks) {
    return nullptr;
  }
  return each([set = to_utf32(*marks)](const std::string& text) {
    std::u32string wide = to_utf32(text);
    const std::size_t begin = wide.find_first_not_of(set);
    return Taken(begin == std::u32string::npos
                     ? std::string()
                     : to_utf8(std::u32string_view(wide).substr(
                           begin, wide.find_last_not_of(set) - begin + 1)));
  });
}

StepPtr read_lower(const doc::Context& /*context*/,
                   const doc::Node& /*at*/,
                   const doc::Node* /*value*/) {
  return each([](const std::string& text) { return Taken(lower(text)); });
}

StepPtr read_between(const doc::Context& context, const doc::Node& at, const doc::Node* value) {
  const auto ends = value == nullptr ? std::nullopt : doc::as_strings(context, *value, "between");
  if (!ends || ends->size() != 2 || ends->front().empty() || ends->back().empty()) {
    context.error(value == nullptr ? at.span : value->span,
                  "wrong-value",
                  "'between' takes a list of two texts: [begin, end]");
    return nullptr;
  }
  return each([ends = *ends](const std::string& text) -> Taken {
    const auto begin = text.find(ends[0]);
    if (begin == std::string::npos) {
      return std::nullopt;
    }
    const auto from = begin + ends[0].size();
    const auto end = text.find(ends[1], from);
    return end == std::string::npos ? std::nullopt : Taken(text.substr(from, end - from));
  });
}

StepPtr read_after_last(const doc::Context& context, const doc::Node& at, const doc::Node* value) {
  const auto mark = text_value(context, at, value, "after_last");
  return mark ? each([mark = *mark](const std::string& text) -> Taken {
    const auto found = text.rfind(mark);
    return found == std::string::npos ? std::nullopt : Taken(text.substr(found + mark.size()));
  })
              : nullptr;
}

StepPtr read_after(const doc::Context& context, const doc::Node& at, const doc::Node* value) {
  const auto mark = text_value(context, at, value, "after");
  return mark ? each([mark = *mark](const std::string& text) -> Taken {
    const auto found = text.find(mark);
    return found == std::string::npos ? std::nullopt : Taken(text.substr(found + mark.size()));
  })
              : nullptr;
}

StepPtr read_before(const doc::Context& context, const doc::Node& at, const doc::Node* value) {
  const auto mark = text_value(context, at, value, "before");
  return mark ? each([mark = *mark](const std::string& text) {
    return Taken(text.substr(0, text.find(mark)));
  })
              : nullptr;
}

StepPtr read_line(const doc::Context& context, const doc::Node& /*at*/, const doc::Node* value) {
  const auto place = place_value(context, value, "line", 0);
  return place ? each([place = *place](const std::string& text) {
    std::vector<std::string_view> lines;
    for (const std::string_view line : split(text, '\n')) {
      if (!is_blank(line)) {
        lines.push_back(strip(line));
      }
    }
    return at_place(lines, place);
  })
               : nullptr;
}

// A capital letter with no letter, digit or underscore beside it.
StepPtr read_letter(const doc::Context& context, const doc::Node& /*at*/, const doc::Node* value) {
  std::string letters = "ABCDEFGHIJ";
  std::size_t place = 0;
  if (value != nullptr && value->is_mapping()) {
    doc::MappingReader reader(context, *value, "the step 'letter'");
    if (const doc::Node* node = reader.get("letters")) {
      letters = doc::as_string(context, *node, "letters").value_or("");
    }
    place = place_value(context, reader.get("pick"), "pick", 0).value_or(0);
    reader.finish();
  } else if (value != nullptr) {
    letters = doc::as_string(context, *value, "letter").value_or("");
  }
  if (letters.empty() ||
      !std::ranges::all_of(letters, [](char c) { return c >= 'A' && c <= 'Z'; })) {
    context.error(value == nullptr ? doc::Span{} : value->span,
                  "wrong-value",
                  "the letters of 'letter' must be capital letters, as in ABCD");
    return nullptr;
  }
  return each([letters, place](const std::string& text) {
    std::vector<std::string> found;
    char32_t before = U' ';
    for (std::string_view rest = text; !rest.empty();) {
      const CodePoint c = front(rest);
      rest.remove_prefix(c.size);
      const bool ends = rest.empty() || !is_word_char(front(rest).value);
      if (!is_word_char(before) && ends && c.value < 0x80 &&
          letters.find(static_cast<char>(c.value)) != std::string::npos) {
        found.emplace_back(1, static_cast<char>(c.value));
      }
      before = c.value;
    }
    return at_place(found, place);
  });
}

StepPtr read_number(const doc::Context& context, const doc::Node& /*at*/, const doc::Node* value) {
  const auto place = place_value(context, value, "number", 0);
  return place ? each([place = *place](const std::string& text) -> Taken {
    std::vector<std::string> found;
    for (const Number& number : find_numbers(text, {})) {
      found.push_back(number.text);
    }
    return at_place(found, place);
  })
               : nullptr;
}

class Majority final : public Step {
 public:
  [[nodiscard]] Result<std::vector<std::string>> apply(
      const std::vector<std::string>& values) const override {
    std::map<std::string_view, std::size_t> votes;
    for (const std::string& value : values) {
      ++votes[value];
    }
    const auto best = std::ranges::max_element(
        values, {}, [&](const std::string& value) { return votes[value]; });
    return best == values.end() ? std::vector<std::string>() : std::vector{*best};
  }
};

StepPtr read_majority(const doc::Context& /*context*/,
                      const doc::Node& /*at*/,
                      const doc::Node* /*value*/) {
  return std::make_unique<Majority>();
}

class Place final : public Step {
 public:
  explicit Place(std::size_t place) : place_(place) {}
  [[nodiscard]] Result<std::vector<std::string>> apply(
      const std::vector<std::string>& values) const override {
    auto taken = at_place(values, place_);
    return taken ? std::vector{*std::move(taken)} : std::vector<std::string>();
  }

 private:
  std::size_t place_;
};

StepPtr read_take(const doc::Context& context, const doc::Node& /*at*/, const doc::Node* value) {
  const auto place = place_value(context, value, "take", 1);
  return place ? std::make_unique<Place>(*place) : nullptr;
}

// The first of several pipelines that finds something.
class FirstOf final : public Step {
 public:
  explicit FirstOf(std::vector<Pipeline> ways) : ways_(std::move(ways)) {}
  [[nodiscard]] Result<std::vector<std::string>> apply(
      const std::vector<std::string>& values) const override {
    for (const Pipeline& way : ways_) {
      std::vector<std::string> out;
      for (const std::string& value : values) {
        FACEOFF_TRY_ASSIGN(auto found, extract(way, value));
        std::ranges::move(found.values, std::back_inserter(out));
      }
      if (!out.empty()) {
        return out;
      }
    }
    return std::vector<std::string>();
  }

 private:
  std::vector<Pipeline> ways_;
};

StepPtr read_first_of(const doc::Context& context, const doc::Node& at, const doc::Node* value) {
  if (value == nullptr || !value->is_sequence() || value->items.empty()) {
    context.error(value == nullptr ? at.span : value->span,
                  "wrong-value",
                  "'first_of' takes a list of pipelines, which are lists of steps");
    return nullptr;
  }
  std::vector<Pipeline> ways;
  for (const doc::Node& item : value->items) {
    ways.push_back(read_pipeline(context, item));
  }
  return std::make_unique<FirstOf>(std::move(ways));
}

}  // namespace

std::span<const StepInfo> step_table() {
  static constexpr std::array<StepInfo, 19> kSteps{{
      {"regex", "what a pattern captures", read_regex_step},
      {"remove", "the text without what a pattern matches", read_remove_step},
      {"replace", "the text with other texts in place of some", read_replace},
      {"strip", "without blanks, or the marks given, at both ends", read_strip},
      {"lower", "in lower case", read_lower},
      {"between", "what stands between two texts", read_between},
      {"after", "what stands behind a text", read_after},
      {"after_last", "what stands behind a text where it stands last", read_after_last},
      {"before", "what stands before a text; all when it is not there", read_before},
      {"line", "the last line, the first, or that of a number", read_line},
      {"letter", "the last capital letter that stands alone", read_letter},
      {"number", "the last number, the first, or that of a number", read_number},
      {"code_block", "the first code block", read_code_block},
      {"json_pointer", "a part of the JSON in the text", read_json_pointer},
      {"boxed", "what stands in the last \\boxed{}", read_boxed},
      {"without_think", "the text without <think>...</think>", read_without_think},
      {"majority", "of several values the one that comes most often", read_majority},
      {"take", "of several values the first, the last, or that of a number", read_take},
      {"first_of", "the first of several pipelines that finds something", read_first_of},
  }};
  return kSteps;
}

}  // namespace faceoff::score
