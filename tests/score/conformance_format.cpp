#include "conformance.h"
#include "extraction.h"
#include "ifeval.h"
#include "scoring.h"

#include <faceoff/base/text.h>

#include <limits>

#include <fmt/format.h>

namespace faceoff::score::conformance {
namespace {

using Rules = std::map<std::string, Rule, std::less<>>;

Pipeline pipeline_of(const Json& steps) {
  doc::Diagnostics mistakes;
  const auto source =
      std::make_shared<const doc::Source>(doc::Source{.name = "steps", .text = steps.dump()});
  const auto node = doc::parse_yaml(source, mistakes);
  return node ? read_pipeline({source, "suite", &mistakes}, *node) : Pipeline{};
}

std::optional<std::string> taken(const Json& steps, const std::string& text) {
  const auto found = extract(pipeline_of(steps), text);
  return found && !found->values.empty() ? std::optional(found->values.front()) : std::nullopt;
}

// What a pipeline takes, against `expected.<name>`, which may be null.
std::string takes(const Json& item, const char* name, const Json& steps) {
  const auto found = taken(steps, text_of(item.at("prediction")));
  const Json& expected = item.at("expected").at(name);
  return differs(expected.is_null() ? "nothing" : text_of(expected), found.value_or("nothing"));
}

Json regex(const std::string& pattern, const Json& pick = "first") {
  return Json::array({{{"regex", {{"pattern", pattern}, {"pick", pick}}}}});
}

std::string lm_eval_regex(const Json& item) {
  const Json& config = item.at("config");
  const int select = config.at("group_select").get<int>();
  Json steps = regex(config.at("regex_pattern").get<std::string>(),
                     select < 0 ? Json("last") : Json(select + 1));
  steps.push_back("strip");
  auto found = taken(steps, text_of(item.at("prediction")));
  if (!found) {
    found = text_of(config.at("fallback"));
  }
  return differs(text_of(item.at("expected").at("text")), *found);
}

std::string mmlu_pro(const Json& item) {
  Json ways = Json::array();
  const Json& chain = item.at("config").at("chain");
  for (std::size_t i = 0; i < chain.size(); ++i) {
    ways.push_back(Json::array({{{"regex", {{"pattern", chain.at(i)}, {"dot_all", i == 2}}}}}));
  }
  return takes(item, "answer", Json::array({{{"first_of", ways}}}));
}

std::string mgsm(const Json& item) {
  const Json steps = Json::array({{{"after_last", item.at("config").at("answer_prefix")}},
                                  {{"remove", ","}},
                                  {{"regex", {{"pattern", "\\d+\\.?\\d*"}, {"pick", "last"}}}},
                                  {{"remove", "\\.$"}}});
  const auto found = taken(steps, text_of(item.at("prediction")));
  return differs(text_of(item.at("expected").at("extracted")), found.value_or(""));
}

std::string majority(const Json& item) {
  const Pipeline pipeline = pipeline_of(Json::array({"majority"}));
  const auto found = pipeline.front().step->apply(texts(item.at("prediction")));
  return differs(text_of(item.at("expected").at("text")),
                 found && !found->empty() ? found->front() : "nothing");
}

// Markup that simple-evals leaves out before it looks for an answer.
Json without_markup() {
  return {
      {"remove",
       R"(\*\*|\$\\boxed\{|\}\$|\\\$|\$\\text\{|\$|\\mathrm\{|\\\{|\\text|\\\(|\\mathbf\{|\{|\\boxed)"}};
}

// The letter behind "Answer:" in some of the languages of the translated MMLU.
std::string mmlu(const Json& item) {
  const char* const pattern =
      R"((?i)(?:Answer|উত্তর|الإجابة|答案)\s*[:：][ \t]*([A-DＡ-Ｄأبجدঅবডঢ]))";
  const Json letters = {{"أ", "A"},
                        {"ب", "B"},
                        {"ج", "C"},
                        {"د", "D"},
                        {"অ", "A"},
                        {"ব", "B"},
                        {"ড", "C"},
                        {"ঢ", "D"},
                        {"Ａ", "A"},
                        {"Ｂ", "B"},
                        {"Ｃ", "C"},
                        {"Ｄ", "D"}};
  return takes(item,
               "answer",
               Json::array({without_markup(),
                            {{"regex", {{"pattern", pattern}}}},
                            {{"replace", letters}},
                            "strip"}));
}

// The letters behind "ANSWER:", one or, where several may be right, a list of them.
Json inspect_letters(std::size_t choices, bool several) {
  const std::string letters = fmt::format("[A-{}]", static_cast<char>('A' + choices - 1));
  const std::string pattern =
      several ? fmt::format(R"((?im)^ANSWERS?\s*:[ \t]*((?:{}[ ,]*)*)[ \t.]*$)", letters)
              : fmt::format(R"((?im)^ANSWER\s*:[ \t]*({})[ ,.]*$)", letters);
  return Json::array({{{"regex", {{"pattern", pattern}, {"pick", "last"}}}}, {{"remove", "[ ,]"}}});
}

std::string inspect_parse(const Json& item) {
  const Json& config = item.at("config");
  const auto found = taken(inspect_letters(config.at("num_choices").get<std::size_t>(),
                                           config.at("multiple_correct").get<bool>()),
                           text_of(item.at("prediction")));
  return differs(join(texts(item.at("expected").at("letters")), ""), found.value_or(""));
}

std::string inspect_choice(const Json& item) {
  const auto found = taken(inspect_letters(item.at("config").at("choices").size(), true),
                           text_of(item.at("prediction")));
  std::string target = texts(item.at("target")).front();
  std::erase(target, ',');
  return differs(item.at("expected").at("score"),
                 found ? value_of("exact", Json(), {target}, *found) : 0.0,
                 item);
}

std::string instruction(std::string_view id, const Json& item) {
  Json one = item.at("config");
  if (!one.is_object()) {
    one = Json::object();
  }
  one["id"] = id;
  const Json options = {{"instructions", Json::array({one})}};
  return differs(item.at("expected").at("followed"),
                 value_of("ifeval", options, {}, text_of(item.at("prediction"))),
                 item);
}

}  // namespace

void add_extraction_rules(Rules& rules) {
  rules["lm_eval.regex"] = {lm_eval_regex};
  rules["lm_eval.majority_vote"] = {majority};
  rules["mmlu_pro.extract"] = {mmlu_pro};
  rules["simple_evals.mgsm"] = {mgsm};
  const auto first = [](const char* name) {
    return Rule{[name](const Json& item) {
      return takes(item, name, regex(item.at("config").at("pattern").get<std::string>()));
    }};
  };
  rules["simple_evals.gpqa_extract"] = first("answer");
  rules["simple_evals.answer_line_extract"] = first("answer");
  rules["helm.output_mapping_pattern"] = first("text");
  const auto text = [](const Json& steps) {
    return Rule{[steps](const Json& item) { return takes(item, "text", steps); }};
  };
  rules["oai.post.strip"] = text(Json::array({"strip"}));
  rules["oai.post.remove_period"] = text(Json::array({{{"remove", "\\.$"}}}));
  rules["oai.post.remove_quotes"] = text(Json::array(
      {{{"first_of",
         {regex(R"re((?s)^(?:"(.*)"|'(.*)')$)re"), Json::array({{{"remove", "(?!)"}}})}}}}));
  rules["simple_evals.normalize_response"] = text(Json::array({without_markup()}));
  rules["simple_evals.mmlu_extract"] = {mmlu};
  rules["inspect.multiple_choice_parse"] = {inspect_parse};
  rules["inspect.choice"] = {inspect_choice};
  rules["inspect.strip_numeric_punctuation"] = text(Json::array({{{"remove", R"([$,£%€*\\])"}}}));
}

void add_format_rules(Rules& rules) {
  for (const InstructionInfo& info : instruction_table()) {
    const std::string id(info.id);
    rules["ifeval." + id] = {[id](const Json& item) { return instruction(id, item); },
                             id != "language:response_language"};
  }
  const auto text = [](const char* scorer, const char* name, const Json& options) {
    return Rule{[scorer = std::string(scorer), name, options](const Json& item) {
      return differs(
          item.at("expected").at(name),
          value_of(scorer, options, texts(item.at("target")), text_of(item.at("prediction"))),
          item);
    }};
  };
  rules["oai.json_match"] = text("json/match", "accuracy", Json());
  rules["oai.json_valid"] = text("json", "match", {{"valid", true}, {"extract", "whole"}});
  // An answer is text: what is no value at all is JSON's null.
  const auto written = [](const Json& value) {
    return value.is_null() ? std::string("null") : text_of(value);
  };
  rules["json_diff"] = {[written](const Json& item) {
    return differs(
        item.at("expected").at("value"),
        value_of("json/diff", Json(), {written(item.at("target"))}, written(item.at("prediction"))),
        item);
  }};
  rules["valid_json"] = {[](const Json& item) {
    const Json& schema = item.at("config").at("schema");
    const Json any = {{"type", Json::array({"object", "array"})}};
    return differs(item.at("expected").at("value"),
                   value_of("json/schema",
                            {{"schema", schema.is_null() ? any : schema}, {"extract", "whole"}},
                            {},
                            text_of(item.at("prediction"))),
                   item);
  }};
  rules["math_is_equiv"] = text("math/string", "equal", Json());
  rules["math_equal"] = text("math", "equal", Json());
  rules["math_equal"].exact = false;
  rules["extractive_match.math"] = text("math", "match", Json());
  rules["extractive_match.math"].exact = false;
  rules["inspect.math"] = text("math", "score", Json());
  rules["inspect.math"].exact = false;
  rules["helm.final_number_exact_match"] = text("number", "value", Json());
  rules["ifeval.util.count_words"] = {[](const Json& item) {
    return differs(item.at("expected").at("value"),
                   static_cast<double>(count_words(text_of(item.at("prediction")))),
                   item);
  }};
  rules["ifeval.util.count_sentences"] = {[](const Json& item) {
    return differs(item.at("expected").at("value"),
                   static_cast<double>(count_sentences(text_of(item.at("prediction")))),
                   item);
  }};
}

}  // namespace faceoff::score::conformance
