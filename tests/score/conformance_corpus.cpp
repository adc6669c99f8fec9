#include "bleu.h"
#include "conformance.h"
#include "scoring.h"

#include <faceoff/score/corpus.h>

#include <limits>

namespace faceoff::score::conformance {
namespace {

using Rules = std::map<std::string, Rule, std::less<>>;

// The targets of answer `i`: one of each stream (sacreBLEU), or a list of its own (HF evaluate).
std::vector<std::string> targets_of(const Json& item, std::size_t i) {
  const Json& target = item.at("target");
  const std::size_t answers = item.at("prediction").size();
  const bool named = item.at("id").get<std::string>().starts_with("sacrebleu");
  const bool streams = target.size() != answers || (named && target.at(0).size() == answers);
  if (!streams) {
    return texts(target.at(i));
  }
  std::vector<std::string> out;
  for (const Json& stream : target) {
    if (i < stream.size() && !stream.at(i).is_null()) {
      out.push_back(text_of(stream.at(i)));
    }
  }
  return out;
}

double corpus(const char* scorer, const Json& options, const Json& item) {
  Statistics sums;
  for (std::size_t i = 0; i < item.at("prediction").size(); ++i) {
    const Score score = score_of(scorer,
                                 options.empty() ? "" : options.dump(),
                                 targets_of(item, i),
                                 text_of(item.at("prediction").at(i)));
    if (!score.statistics || !add(sums, *score.statistics)) {
      return std::numeric_limits<double>::quiet_NaN();
    }
  }
  return 100.0 * corpus_value(sums).value_or(std::numeric_limits<double>::quiet_NaN());
}

Json bleu_options(const Json& config) {
  Json out = Json::object();
  for (const auto& [theirs, ours] : {std::pair{"tokenize", "tokenize"},
                                     std::pair{"smooth_method", "smooth"},
                                     std::pair{"smooth_value", "smooth_value"},
                                     std::pair{"max_ngram_order", "order"},
                                     std::pair{"effective_order", "effective_order"},
                                     std::pair{"lowercase", "lowercase"}}) {
    if (config.contains(theirs)) {
      out[ours] = config.at(theirs);
    }
  }
  return out;
}

Json chrf_options(const Json& config) {
  Json out = Json::object();
  for (const char* key : {"char_order", "word_order", "beta", "lowercase", "eps_smoothing"}) {
    if (config.contains(key)) {
      out[key] = config.at(key);
    }
  }
  if (config.contains("remove_whitespace")) {
    out["whitespace"] = !config.at("remove_whitespace").get<bool>();
  }
  return out;
}

// Rates beyond 1 cannot be told from a score between 0 and 1: the counts are compared.
std::string ter_case(const Json& item) {
  Statistics sums;
  for (std::size_t i = 0; i < item.at("prediction").size(); ++i) {
    const Score score = score_of("ter",
                                 item.at("config").empty() ? "" : item.at("config").dump(),
                                 targets_of(item, i),
                                 text_of(item.at("prediction").at(i)));
    if (!score.statistics || !add(sums, *score.statistics)) {
      return "no statistics";
    }
  }
  const double rate = sums.counts[1] > 0   ? sums.counts[0] / sums.counts[1]
                      : sums.counts[0] > 0 ? 1.0
                                           : 0.0;
  return differs(item.at("expected").at("score"), 100.0 * rate, item);
}

std::string sentence(const char* scorer, const Json& options, const Json& item) {
  return differs(
      item.at("expected").at("score"),
      100.0 * value_of(scorer, options, texts(item.at("target")), text_of(item.at("prediction"))),
      item);
}

std::string tokens(BleuTokens tokenizer, const Json& item) {
  return differs(text_of(item.at("expected").at("text")),
                 bleu_tokens(text_of(item.at("prediction")), tokenizer));
}

std::string computed(const Json& item) {
  const Json& config = item.at("config");
  const Json& prediction = item.at("prediction");
  std::vector<double> counts{prediction.at("sys_len").get<double>(),
                             prediction.at("ref_len").get<double>()};
  for (const char* key : {"correct", "total"}) {
    for (const Json& count : prediction.at(key)) {
      counts.push_back(count.get<double>());
    }
  }
  BleuRules rules;
  rules.smoothing = config.at("smooth_method") == "floor" ? Smoothing::floor : Smoothing::exp;
  rules.value = config.value("smooth_value", 0.0);
  return differs(item.at("expected").at("score"), bleu(counts, rules), item);
}

// lighteval hands sacreBLEU its targets as if each were a stream: only the first answer is scored,
// against all targets.
std::string lighteval_corpus(const char* scorer, const Json& item) {
  std::vector<std::string> targets;
  for (const Json& target : item.at("target")) {
    targets.push_back(text_of(target.at("choices").at(0)));
  }
  const Score score =
      score_of(scorer, "", targets, text_of(item.at("prediction").at(0).at("text").at(0)));
  const double value = std::string_view(scorer) == "ter"
                           ? score.statistics->counts[0] / score.statistics->counts[1]
                           : corpus_value(*score.statistics).value_or(-1.0);
  return differs(item.at("expected"), 100.0 * value, item);
}

std::string cer_case(const Json& item) {
  return differs(
      item.at("expected").at("value"), 1.0 - corpus("cer", Json::object(), item) / 100.0, item);
}

}  // namespace

void add_corpus_rules(Rules& rules) {
  const auto bleu_corpus = [](const Json& item) {
    return differs(item.at("expected").at("score"),
                   corpus("bleu", bleu_options(item.at("config")), item),
                   item);
  };
  rules["sacrebleu.bleu"] = {bleu_corpus};
  rules["sacrebleu.raw_bleu"] = {[](const Json& item) {
    Json options = bleu_options(item.at("config"));
    options["effective_order"] = true;
    Json one = item;
    one["prediction"] = item.at("prediction").at(0);
    one["target"] = Json::array({item.at("target").at(0).at(0)});
    return sentence("bleu", options, one);
  }};
  rules["sacrebleu.compute_bleu"] = {computed};
  rules["sacrebleu.sentence_bleu"] = {
      [](const Json& item) { return sentence("bleu", bleu_options(item.at("config")), item); }};
  rules["sacrebleu.tokenize_13a"] = {
      [](const Json& item) { return tokens(BleuTokens::v13a, item); }};
  rules["sacrebleu.tokenize_intl"] = {
      [](const Json& item) { return tokens(BleuTokens::intl, item); }};
  rules["chrf"] = {[](const Json& item) {
    return differs(item.at("expected").at("score"),
                   corpus("chrf", chrf_options(item.at("config")), item),
                   item);
  }};
  rules["chrf.sentence"] = {
      [](const Json& item) { return sentence("chrf", chrf_options(item.at("config")), item); }};
  rules["ter"] = {ter_case};
  rules["cer"] = {cer_case};
  rules["lighteval.chrf"] = {[](const Json& item) { return lighteval_corpus("chrf", item); }};
  rules["lighteval.chrf_plus"] = {
      [](const Json& item) { return lighteval_corpus("chrf++", item); }};
  rules["lighteval.ter"] = {[](const Json& item) { return lighteval_corpus("ter", item); }};
  rules["lighteval.bleu"] = {[](const Json& item) { return lighteval_corpus("bleu", item); }};
}

}  // namespace faceoff::score::conformance
