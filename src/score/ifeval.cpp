#include "ifeval.h"

#include "ifeval_checkers.h"
#include "python_text.h"
#include "words.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

using namespace ifeval;  // NOLINT(google-build-using-namespace): the makers of the table

struct Row {
  InstructionInfo info;
  InstructionPtr (*make)(Arguments& in);
};

constexpr std::array<Row, 25> kRows{{
    {{"keywords:existence", "keywords"}, keywords_existence},
    {{"keywords:frequency", "keyword, frequency, relation"}, keywords_frequency},
    {{"keywords:forbidden_words", "forbidden_words"}, forbidden_words},
    {{"keywords:letter_frequency", "letter, let_frequency, let_relation"}, letter_frequency},
    {{"language:response_language", "language"}, response_language},
    {{"length_constraints:number_sentences", "num_sentences, relation"}, number_sentences},
    {{"length_constraints:number_paragraphs", "num_paragraphs"}, number_paragraphs},
    {{"length_constraints:number_words", "num_words, relation"}, number_words},
    {{"length_constraints:nth_paragraph_first_word", "num_paragraphs, nth_paragraph, first_word"},
     nth_paragraph_first_word},
    {{"detectable_content:number_placeholders", "num_placeholders"}, number_placeholders},
    {{"detectable_content:postscript", "postscript_marker"}, postscript},
    {{"detectable_format:number_bullet_lists", "num_bullets"}, number_bullet_lists},
    {{"detectable_format:constrained_response", ""}, constrained_response},
    {{"detectable_format:number_highlighted_sections", "num_highlights"},
     number_highlighted_sections},
    {{"detectable_format:multiple_sections", "section_spliter, num_sections"}, multiple_sections},
    {{"detectable_format:json_format", ""}, json_format},
    {{"detectable_format:title", ""}, title},
    {{"combination:two_responses", ""}, two_responses},
    {{"combination:repeat_prompt", "prompt_to_repeat"}, repeat_prompt},
    {{"startend:end_checker", "end_phrase"}, end_checker},
    {{"startend:quotation", ""}, quotation},
    {{"change_case:capital_word_frequency", "capital_frequency, capital_relation"},
     capital_word_frequency},
    {{"change_case:english_capital", ""}, english_capital},
    {{"change_case:english_lowercase", ""}, english_lowercase},
    {{"punctuation:no_comma", ""}, no_comma},
}};

}  // namespace

std::span<const InstructionInfo> instruction_table() {
  static constexpr auto table = [] {
    std::array<InstructionInfo, kRows.size()> out{};
    for (std::size_t i = 0; i < kRows.size(); ++i) {
      out[i] = kRows[i].info;
    }
    return out;
  }();
  return table;
}

std::unique_ptr<Instruction> read_instruction(const doc::Context& context, const doc::Node& node) {
  const doc::Node* id = node.is_mapping() ? node.find("id") : nullptr;
  const auto name = id == nullptr ? std::nullopt : doc::as_string(context, *id, "id");
  if (!name) {
    if (id == nullptr) {
      context.error(
          node.span, "wrong-type", "an instruction is a mapping with 'id' and its arguments");
    }
    return nullptr;
  }
  const auto row =
      std::ranges::find(kRows, std::string_view(*name), [](const Row& r) { return r.info.id; });
  if (row == kRows.end()) {
    std::vector<std::string_view> ids;
    for (const Row& known : kRows) {
      ids.push_back(known.info.id);
    }
    const auto near = closest(*name, ids);
    context.error(id->span,
                  "unknown-instruction",
                  fmt::format("unknown instruction '{}'", display_text(clip(*name, 60))),
                  near ? fmt::format("did you mean '{}'?", *near) : std::string(),
                  fmt::format("instructions: {}", fmt::join(ids, ", ")));
    return nullptr;
  }
  Arguments in(context, node);
  auto made = row->make(in);
  return in.finish() ? std::move(made) : nullptr;
}

std::vector<std::string> loose_forms(const std::string& response) {
  const auto lines = split(response, '\n');
  const auto joined = [&](std::size_t from, std::size_t to) {
    std::string out;
    for (std::size_t i = from; i < to; ++i) {
      out.append(i == from ? "" : "\n").append(lines[i]);
    }
    return std::string(strip(out));
  };
  const std::size_t n = lines.size();
  std::vector<std::string> forms{
      response, joined(1, n), joined(0, n - 1), n > 1 ? joined(1, n - 1) : std::string()};
  for (std::size_t i = 0; i < 4; ++i) {
    forms.push_back(replaced(forms[i], "*", ""));
  }
  return forms;
}

}  // namespace faceoff::score
