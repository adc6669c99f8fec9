#include "pages.h"

#include <array>

namespace faceoff::score {
namespace {

constexpr std::array kF1SquadExamples{
    ExamplePage{"the cat sat down", "?", "a cat sat"},
    ExamplePage{"dog", "?", "a cat sat"},
};

constexpr std::array kF1DropOptions{
    OptionPage{"spans",
               "`one`",
               R"(how the answer becomes spans: `one`, `lines`, `commas`, `json` (a list))"},
    OptionPage{
        "rounding",
        "`fraction`",
        R"(`fraction`: F1 to two decimals (DROP); `percent`: F1 of 100 to two decimals (simple-evals, lm-evaluation-harness))"},
};
constexpr std::array kF1DropExamples{
    ExamplePage{"25 yards", "?", "25-yard"},
    ExamplePage{"5", "?", "25"},
};

constexpr std::array kF1InspectExamples{
    ExamplePage{"cat cat sat", "?", "the cat sat down"},
    ExamplePage{"dog", "?", "cat"},
};

constexpr std::array kF1HelmExamples{
    ExamplePage{"cat cat sat", "?", "the cat sat down"},
    ExamplePage{"dog", "?", "cat"},
};

constexpr std::array kDropOptions{
    OptionPage{"spans", "`one`", "as for `f1/drop`"},
    OptionPage{"rounding", "`fraction`", "as for `f1/drop`"},
    OptionPage{"measure", "`f1`", "`f1` or `exact`"},
};
constexpr std::array kDropExamples{
    ExamplePage{"Answer: 25 yards", "?", "25 yards"},
    ExamplePage{"Answer: 26", "?", "25 yards"},
};

constexpr std::array kBleuOptions{
    OptionPage{"tokenize", "`13a`", "`13a`, `intl`, `char`, `none`, `zh`"},
    OptionPage{"lowercase", "false", "compare in lower case"},
    OptionPage{"smooth", "`exp`", "`exp`, `floor`, `add-k`, `none`"},
    OptionPage{"smooth_value", "0.1 for `floor`, 1 for `add-k`", "what they add"},
    OptionPage{"order", "4", "longest n-gram, 1 to 10"},
    OptionPage{"effective_order",
               "true",
               R"(only the orders that the answer is long enough for; never over a corpus)"},
};
constexpr std::array kBleuExamples{
    ExamplePage{"the cat sat on the mat", "?", "the cat sat on the mat"},
    ExamplePage{"the cat sat on a mat", "?", "the cat sat on the mat"},
};

constexpr std::array kChrfOptions{
    OptionPage{"char_order", "6", "longest n-gram of characters"},
    OptionPage{"word_order", "0", "longest n-gram of words"},
    OptionPage{"beta", "2", "weight of recall"},
    OptionPage{"lowercase", "false", ""},
    OptionPage{"whitespace", "false", "keep blanks"},
    OptionPage{"eps_smoothing", "false", "as chrF++.py"},
};
constexpr std::array kChrfExamples{
    ExamplePage{"the cat sat on a mat", "?", "the cat sat on the mat"},
};

constexpr std::array kChrfPOptions{
    OptionPage{"char_order", "6", "longest n-gram of characters"},
    OptionPage{"word_order", "2", "longest n-gram of words"},
    OptionPage{"beta", "2", "weight of recall"},
    OptionPage{"lowercase", "false", ""},
    OptionPage{"whitespace", "false", "keep blanks"},
    OptionPage{"eps_smoothing", "false", "as chrF++.py"},
};
constexpr std::array kChrfPExamples{
    ExamplePage{"the cat sat on a mat", "?", "the cat sat on the mat"},
};

constexpr std::array kTerOptions{
    OptionPage{"normalized", "false", "split off marks as Tercom does"},
    OptionPage{"no_punct", "false", "leave out punctuation"},
    OptionPage{"asian_support", "false", "CJK characters are words"},
    OptionPage{"case_sensitive", "false", ""},
};
constexpr std::array kTerExamples{
    ExamplePage{"on the mat the cat sat", "?", "the cat sat on the mat"},
};

constexpr std::array kRouge1Options{
    OptionPage{
        "stemmer", "false", "words of more than three letters through the Porter stemmer of nltk"},
    OptionPage{"measure", "`f1`", "`f1`, `precision`, `recall`"},
};
constexpr std::array kRouge1Examples{
    ExamplePage{"the cats sat", "?", "the cat sat"},
    ExamplePage{"the cats sat", "?", "the cat sat", "{stemmer: true}"},
};

constexpr std::array kRouge2Options{
    OptionPage{
        "stemmer", "false", "words of more than three letters through the Porter stemmer of nltk"},
    OptionPage{"measure", "`f1`", "`f1`, `precision`, `recall`"},
};
constexpr std::array kRouge2Examples{
    ExamplePage{"the cat sat", "?", "the cat sat down"},
};

constexpr std::array kRougeLOptions{
    OptionPage{
        "stemmer", "false", "words of more than three letters through the Porter stemmer of nltk"},
    OptionPage{"measure", "`f1`", "`f1`, `precision`, `recall`"},
};
constexpr std::array kRougeLExamples{
    ExamplePage{"the cat sat down", "?", "the cat lay down"},
    ExamplePage{"the cat sat down", "?", "the cat lay down", "{measure: recall}"},
};

constexpr std::array kRougeLsumOptions{
    OptionPage{
        "stemmer", "false", "words of more than three letters through the Porter stemmer of nltk"},
    OptionPage{"measure", "`f1`", "`f1`, `precision`, `recall`"},
};
constexpr std::array kRougeLsumExamples{
    ExamplePage{R"(the cat sat
the dog lay)",
                "?",
                R"(the dog lay
the cat sat)"},
};

constexpr std::array kLevenshteinExamples{
    ExamplePage{"kitten", "1", "kitten"},
    ExamplePage{"dog", "0", "kitten"},
    ExamplePage{"sitting", "?", "kitten"},
};

constexpr std::array kWerOptions{
    OptionPage{"ignore_case", "false", ""},
};
constexpr std::array kWerExamples{
    ExamplePage{"the cat sat", "?", "the cat sat down"},
    ExamplePage{"The cat", "?", "the cat", "{ignore_case: true}"},
};

constexpr std::array kCerOptions{
    OptionPage{"ignore_case", "false", ""},
};
constexpr std::array kCerExamples{
    ExamplePage{"kitten", "?", "sitten"},
};

constexpr std::array kPages{
    Page{
        .scorer = "f1/squad",
        .rule =
            R"(Harmonic mean of precision and recall of words, counted as often as they stand there, in the normal form of SQuAD; best of all targets.)",
        .source = "`squad` of huggingface/evaluate (`f1_score`), f1 of openai/evals",
        .options = {},
        .examples = kF1SquadExamples},
    Page{.scorer = "f1/drop",
         .rule =
             R"(F1 of DROP, best of all targets. A target that is a JSON list is a list of spans.)",
         .source = "allennlp `drop.py`, as in lm-evaluation-harness and simple-evals",
         .options = kF1DropOptions,
         .examples = kF1DropExamples},
    Page{
        .scorer = "f1/inspect",
        .rule =
            R"(F1 of the sets of words in DROP's normal form with full case folding, rounded to two decimals.)",
        .source = "inspect_ai `f1()`",
        .options = {},
        .examples = kF1InspectExamples},
    Page{.scorer = "f1/helm",
         .rule = "F1 of the sets of words in the normal form of SQuAD.",
         .source = "HELM `f1_score` (nltk `f_measure`)",
         .options = {},
         .examples = kF1HelmExamples},
    Page{.scorer = "drop",
         .rule = "As `f1/drop`, with exact match at hand.",
         .source = "",
         .options = kDropOptions,
         .examples = kDropExamples},
    Page{
        .scorer = "bleu",
        .rule = "BLEU of the answer against all targets, divided by 100.",
        .source =
            R"(sacreBLEU 2.x; with the defaults `sentence_bleu` for an answer and `corpus_bleu` over the corpus)",
        .options = kBleuOptions,
        .examples = kBleuExamples},
    Page{.scorer = "chrf",
         .rule = "F-score of n-grams of characters, divided by 100, best of all targets.",
         .source = "sacreBLEU 2.x `CHRF`",
         .options = kChrfOptions,
         .examples = kChrfExamples},
    Page{.scorer = "chrf++",
         .rule =
             R"(F-score of n-grams of characters and words, divided by 100, best of all targets.)",
         .source = "sacreBLEU 2.x `CHRF`",
         .options = kChrfPOptions,
         .examples = kChrfPExamples},
    Page{
        .scorer = "ter",
        .rule =
            R"(1 minus the translation edit rate, at least 0: insertions, deletions, substitutions and shifts over the mean length of the targets. Texts of more than 1500 words are compared without shifts.)",
        .source = "sacreBLEU 2.x `TER`",
        .options = kTerOptions,
        .examples = kTerExamples},
    Page{.scorer = "rouge-1",
         .rule = R"(Words shared with a target; words are runs of a-z and 0-9 in lower case.)",
         .source = "Google's rouge_score",
         .options = kRouge1Options,
         .examples = kRouge1Examples},
    Page{.scorer = "rouge-2",
         .rule =
             R"(Pairs of words shared with a target; words are runs of a-z and 0-9 in lower case.)",
         .source = "Google's rouge_score",
         .options = kRouge2Options,
         .examples = kRouge2Examples},
    Page{
        .scorer = "rouge-l",
        .rule =
            R"(Longest common subsequence of words shared with a target; words are runs of a-z and 0-9 in lower case.)",
        .source = "Google's rouge_score",
        .options = kRougeLOptions,
        .examples = kRougeLExamples},
    Page{
        .scorer = "rouge-lsum",
        .rule =
            R"(As rouge-l, line by line (`rougeLsum`) shared with a target; words are runs of a-z and 0-9 in lower case.)",
        .source = "Google's rouge_score",
        .options = kRougeLsumOptions,
        .examples = kRougeLsumExamples},
    Page{.scorer = "levenshtein",
         .rule = R"(1 minus the edit distance in characters over the length of the longer text.)",
         .source = "`Levenshtein` of autoevals",
         .options = {},
         .examples = kLevenshteinExamples},
    Page{.scorer = "wer",
         .rule = "1 minus the word error rate against the nearest target, at least 0.",
         .source = "`wer` of huggingface/evaluate (jiwer)",
         .options = kWerOptions,
         .examples = kWerExamples},
    Page{.scorer = "cer",
         .rule = R"(1 minus the character error rate against the nearest target, at least 0.)",
         .source = "`cer` of huggingface/evaluate (jiwer)",
         .options = kCerOptions,
         .examples = kCerExamples},
};

}  // namespace

std::span<const Page> pages_of_similarity() noexcept {
  return kPages;
}

}  // namespace faceoff::score
