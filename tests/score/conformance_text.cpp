#include "conformance.h"
#include "distance.h"
#include "overlap.h"
#include "python_text.h"
#include "rouge.h"
#include "unicode_number.h"

#include <algorithm>

namespace faceoff::score::conformance {
namespace {

using Rules = std::map<std::string, Rule, std::less<>>;

// The one figure of `expected`, under any of these names.
const Json& figure(const Json& item, std::initializer_list<const char*> names) {
  const Json& expected = item.at("expected");
  if (expected.is_object()) {
    for (const char* name : names) {
      if (expected.contains(name)) {
        return expected.at(name);
      }
    }
  }
  return expected;
}

// A scorer that compares one text with its targets and gives one figure.
Rule plain(std::string scorer, Json options = {}) {
  return {[scorer = std::move(scorer), options = std::move(options)](const Json& item) {
    return differs(
        figure(item, {"score", "value", "match", "f1_score", "text"}),
        value_of(scorer, options, texts(item.at("target")), text_of(item.at("prediction"))),
        item);
  }};
}

// lighteval's cases: the targets that `gold_index` names out of `choices`.
std::vector<std::string> golds(const Json& target) {
  const auto choices = texts(target.at("choices"));
  const Json& index = target.at("gold_index");
  std::vector<std::string> out;
  for (const Json& i : index.is_array() ? index : Json::array({index})) {
    out.push_back(choices.at(i.get<std::size_t>()));
  }
  return out;
}

std::string lighteval_text(const Json& prediction) {
  return text_of(prediction.at("text").at(0));
}

Rule lighteval(std::string scorer, const char* name, Json options = {}) {
  return {[scorer = std::move(scorer), name, options = std::move(options)](const Json& item) {
    return differs(
        item.at("expected").at(name),
        value_of(scorer, options, golds(item.at("target")), lighteval_text(item.at("prediction"))),
        item);
  }};
}

std::string drop_case(const Json& item) {
  const auto spans = texts(item.at("prediction"));
  const auto gold = texts(item.at("target"));
  const DropMetrics found = drop_metrics(spans, gold);
  const std::string exact = differs(item.at("expected").at("em"), found.exact, item);
  return exact.empty() ? differs(item.at("expected").at("f1"), found.f1, item) : exact;
}

std::string drop_best(const Json& item) {
  const auto targets = texts(item.at("target"));
  const std::string answer = text_of(item.at("prediction"));
  const double scale = item.at("config").at("scale").get<double>();
  const double f1 = scale * value_of("drop", {{"rounding", "percent"}}, targets, answer);
  const double em = value_of("drop", {{"measure", "exact"}}, targets, answer);
  const std::string exact = differs(item.at("expected").at("em"), em, item);
  return exact.empty() ? differs(item.at("expected").at("f1"), f1, item) : exact;
}

// DROP's own file format: every pair of answers of a question, the best counts.
std::string drop_file(const Json& item) {
  const auto spans_of = [](const Json& answer) {
    if (answer.contains("spans") && !answer.at("spans").empty()) {
      return texts(answer.at("spans"));
    }
    if (answer.contains("number")) {
      return std::vector<std::string>{text_of(answer.at("number"))};
    }
    const Json& date = answer.at("date");
    std::string text;
    for (const char* part : {"day", "month", "year"}) {
      text += (text.empty() ? "" : " ") + text_of(date.value(part, Json("")));
    }
    return std::vector<std::string>{text};
  };
  std::pair<double, double> sum;
  double questions = 0;
  for (const auto& [id, passage] : item.at("target").items()) {
    for (const Json& question : passage.at("qa_pairs")) {
      std::pair<double, double> best;
      const auto query = question.at("query_id").get<std::string>();
      if (item.at("prediction").contains(query)) {
        Json answers = question.value("validated_answers", Json::array());
        answers.push_back(question.at("answer"));
        for (const Json& answer : answers) {
          const auto found = drop_metrics(texts(item.at("prediction").at(query)), spans_of(answer));
          best = std::max(best, std::pair{found.exact, found.f1});
        }
      }
      sum.first += best.first;
      sum.second += best.second;
      ++questions;
    }
  }
  const std::string exact = differs(item.at("expected").at("em"), sum.first / questions, item);
  return exact.empty() ? differs(item.at("expected").at("f1"), sum.second / questions, item)
                       : exact;
}

// A list of answers with a target each; the mean of our values.
double mean_of(const char* scorer, const Json& options, const Json& item) {
  const auto answers = item.at("prediction");
  double sum = 0.0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    sum += value_of(scorer, options, texts(item.at("target").at(i)), text_of(answers.at(i)));
  }
  return sum / static_cast<double>(answers.size());
}

void add_inspect(Rules& rules) {
  rules["inspect.match"] = {[](const Json& item) {
    const Json& config = item.at("config");
    return differs(
        item.at("expected").at("score"),
        value_of("match", config, texts(item.at("target")), text_of(item.at("prediction"))),
        item);
  }};
  rules["inspect.exact"] = plain("exact/inspect");
  rules["inspect.f1"] = plain("f1/inspect");
  rules["inspect.includes"] = {[](const Json& item) {
    return differs(item.at("expected").at("score"),
                   value_of("contains",
                            {{"ignore_case", item.at("config").at("ignore_case")}},
                            texts(item.at("target")),
                            text_of(item.at("prediction"))),
                   item);
  }};
  rules["inspect.unicode_number"] = {[](const Json& item) {
    const auto found = unicode_number(text_of(item.at("prediction")));
    if (item.at("expected").contains("error")) {
      return std::string(found ? "a number was read" : "");
    }
    return differs(item.at("expected").at("value"), found.value_or(0.0 / 0.0), item);
  }};
}

void add_helm(Rules& rules) {
  rules["helm.exact_match"] = plain("exact/helm");
  rules["helm.quasi_exact_match"] = plain("exact/helm", {{"form", "quasi"}});
  rules["helm.quasi_leave_articles_exact_match"] =
      plain("exact/helm", {{"form", "quasi_articles"}});
  rules["helm.prefix_exact_match"] = plain("exact/helm", {{"prefix", true}});
  rules["helm.quasi_prefix_exact_match"] =
      plain("exact/helm", {{"form", "quasi"}, {"prefix", true}});
  rules["helm.f1_score"] = plain("f1/helm");
  rules["helm.normalize_text"] = {[](const Json& item) {
    const bool remove = item.at("config").at("should_remove_articles").get<bool>();
    return differs(
        text_of(item.at("expected").at("text")),
        squad_normal(text_of(item.at("prediction")), remove ? Articles::remove : Articles::keep));
  }};
}

void add_openai(Rules& rules) {
  rules["oai.fuzzy_match_fn"] = plain("match/fuzzy");
  rules["oai.f1_score"] = plain("f1/squad");
  rules["oai.includes"] = plain("contains");
  rules["oai.normalize"] = {[](const Json& item) {
    return differs(text_of(item.at("expected").at("text")),
                   squad_normal(text_of(item.at("prediction")), Articles::remove));
  }};
  rules["oai.fuzzy_match"] = {[](const Json& item) {
    const auto targets = texts(item.at("target"));
    const std::string answer = text_of(item.at("prediction"));
    const std::string accuracy = differs(
        item.at("expected").at("accuracy"), value_of("match/fuzzy", Json(), targets, answer), item);
    return accuracy.empty() ? differs(item.at("expected").at("f1_score"),
                                      value_of("f1/squad", Json(), targets, answer),
                                      item)
                            : accuracy;
  }};
}

void add_evaluate(Rules& rules) {
  rules["hf.exact_match"] = {[](const Json& item) {
    Json options = Json::object();
    for (const auto& [key, value] : item.at("config").items()) {
      options[key] = value;
    }
    return differs(item.at("expected").at("exact_match"), mean_of("exact/hf", options, item), item);
  }};
  rules["hf.squad"] = {[](const Json& item) {
    const double em = 100.0 * mean_of("exact/squad", Json(), item);
    const double f1 = 100.0 * mean_of("f1/squad", Json(), item);
    const std::string exact = differs(item.at("expected").at("exact_match"), em, item);
    return exact.empty() ? differs(item.at("expected").at("f1"), f1, item) : exact;
  }};
  rules["hf.rouge"] = {[](const Json& item) {
    std::string all;
    for (const auto& [theirs, ours] : {std::pair{"rouge1", "rouge-1"},
                                       std::pair{"rouge2", "rouge-2"},
                                       std::pair{"rougeL", "rouge-l"},
                                       std::pair{"rougeLsum", "rouge-lsum"}}) {
      all += differs(item.at("expected").at(theirs), mean_of(ours, Json(), item), item);
    }
    return all;
  }};
  rules["levenshtein_ratio"] = plain("levenshtein");
}

}  // namespace

void add_text_rules(Rules& rules) {
  add_inspect(rules);
  add_helm(rules);
  add_openai(rules);
  add_evaluate(rules);
  rules["drop.em_f1"] = {drop_case};
  rules["drop.metric_max"] = {drop_best};
  rules["drop.evaluate_json"] = {drop_file};
  rules["drop.normalize"] = {[](const Json& item) {
    return differs(text_of(item.at("expected").at("text")),
                   drop_normal(text_of(item.at("prediction")), Case::lower));
  }};
  rules["drop.normalize_equal"] = {[](const Json& item) {
    const bool equal = drop_normal(text_of(item.at("prediction")), Case::lower) ==
                       drop_normal(text_of(item.at("target")), Case::lower);
    return differs(item.at("expected").at("equal"), equal ? 1.0 : 0.0, item);
  }};
  rules["lighteval.drop"] = lighteval("drop", "f1");
  rules["lighteval.exact_match"] = lighteval("exact/hf", "em");
  rules["lighteval.f1_score"] = lighteval("f1/inspect", "f1");
  rules["lighteval.rougeL"] = lighteval("rouge-l", "rougeL");
  rules["lighteval.rougeLsum"] = lighteval("rouge-lsum", "rougeLsum");
  rules["lighteval.rouge2"] = lighteval("rouge-2", "rouge2");
  rules["lighteval.rouge_t5"] = {[](const Json& item) {
    std::string all;
    for (const auto& [theirs, ours] : {std::pair{"rouge1", "rouge-1"},
                                       std::pair{"rouge2", "rouge-2"},
                                       std::pair{"rougeL", "rouge-l"},
                                       std::pair{"rougeLsum", "rouge-lsum"}}) {
      all += differs(item.at("expected").at(theirs),
                     100.0 * value_of(ours,
                                      Json(),
                                      golds(item.at("target")),
                                      lighteval_text(item.at("prediction"))),
                     item);
    }
    return all;
  }};
}

}  // namespace faceoff::score::conformance
