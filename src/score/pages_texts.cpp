#include "pages.h"

#include <array>

namespace faceoff::score {
namespace {

constexpr std::array kExactOptions{
    OptionPage{"trim", "true", "leave out white space at both ends, that above ASCII included"},
    OptionPage{"ignore_case", "false", "full Unicode case folding: `STRASSE` equals `straße`"},
    OptionPage{
        "ignore_punctuation",
        "false",
        R"(leave out the 32 ASCII marks and the common marks of other scripts; `3.14` becomes `314`)"},
    OptionPage{"ignore_final_period", "false", "leave out one period at the end, not an ellipsis"},
    OptionPage{"collapse_space", "false", "a run of white space is one blank"},
    OptionPage{
        "nfc",
        "true",
        R"(bring both texts to Unicode normal form C, so that both ways to write é are equal)"},
};
constexpr std::array kExactExamples{
    ExamplePage{"Paris", "1", "Paris"},
    ExamplePage{" Paris ", "1", "Paris"},
    ExamplePage{"paris", "0", "Paris"},
    ExamplePage{"Paris.", "0", "Paris"},
    ExamplePage{"It is Paris", "0", "Paris"},
    ExamplePage{"PARIS.", "1", "Paris", "{ignore_case: true, ignore_final_period: true}"},
    ExamplePage{"It is Paris", "0", "Paris", "{ignore_case: true, ignore_final_period: true}"},
};

constexpr std::array kExactSquadExamples{
    ExamplePage{"Beatles.", "1", "the Beatles"},
    ExamplePage{"Beatle", "0", "the Beatles"},
};

constexpr std::array kExactInspectExamples{
    ExamplePage{"12.0", "1", "12"},
    ExamplePage{"12 12", "0", "12"},
};

constexpr std::array kExactHelmOptions{
    OptionPage{
        "form",
        "`strict`",
        R"(`strict`: without blanks at the ends; `quasi`: in the normal form of SQuAD; `quasi_articles`: the same with articles)"},
    OptionPage{"prefix", "false", "the answer begins with the target"},
};
constexpr std::array kExactHelmExamples{
    ExamplePage{"paris.", "1", "Paris", "{form: quasi}"},
    ExamplePage{"Paris, France", "0", "Paris", "{form: quasi}"},
};

constexpr std::array kExactHfOptions{
    OptionPage{"regexes_to_ignore", "", "patterns that are taken out of both texts"},
    OptionPage{"ignore_case", "false", "lower case"},
    OptionPage{"ignore_punctuation", "false", "without the 32 ASCII marks"},
    OptionPage{"ignore_numbers", "false", "without 0 to 9"},
};
constexpr std::array kExactHfExamples{
    ExamplePage{"1,000", "1", "1000", R"({regexes_to_ignore: [","]})"},
    ExamplePage{"1000.", "0", "1000", R"({regexes_to_ignore: [","]})"},
};

constexpr std::array kMatchOptions{
    OptionPage{"location", "`end`", "`begin`, `end`, `any` or `exact`"},
    OptionPage{"ignore_case", "true", "full case folding"},
    OptionPage{
        "numeric",
        "false",
        R"(when the target is a number, the first number (`begin`), the last (`end`) or any is compared to five significant digits; digits, fractions and numerals of any script)"},
};
constexpr std::array kMatchExamples{
    ExamplePage{"It is Paris.", "1", "paris"},
    ExamplePage{"Paris it is", "0", "paris"},
    ExamplePage{"so 5.0", "1", "5", "{numeric: true}"},
    ExamplePage{"25", "0", "5", "{numeric: true}"},
};

constexpr std::array kMatchFuzzyExamples{
    ExamplePage{"the new york", "1", "New York"},
    ExamplePage{"Boston", "0", "New York"},
};

constexpr std::array kContainsOptions{
    OptionPage{"any", "", "one text or a list: at least one of them stands in the answer"},
    OptionPage{"all", "", "every one stands in it"},
    OptionPage{"none", "", "none of them stands in it; goes with targets or with `any` and `all`"},
    OptionPage{"ignore_case", "false", "full Unicode case folding"},
    OptionPage{
        "whole_words",
        "false",
        R"(a text counts only where no letter, digit or underscore goes on before or behind it; not for scripts that write no blanks between words)"},
};
constexpr std::array kContainsExamples{
    ExamplePage{"within 30 days", "1", "", "{any: [30 days, a month]}"},
    ExamplePage{"within 2 weeks", "0", "", "{any: [30 days, a month]}"},
    ExamplePage{"red and blue", "1", "", "{all: [red, blue], none: [green]}"},
    ExamplePage{"red, blue, green", "0", "", "{all: [red, blue], none: [green]}"},
    ExamplePage{"a cat.", "1", "", "{any: cat, whole_words: true}"},
    ExamplePage{"concatenate", "0", "", "{any: cat, whole_words: true}"},
};

constexpr std::array kRegexOptions{
    OptionPage{
        "pattern",
        "must be given",
        R"(at most 4096 bytes; `\d`, `\w` and `\b` know Unicode; inline flags `(?i)` and look-behind are allowed)"},
    OptionPage{"group",
               "the first group that took part, else the whole match",
               "the number of the group that is compared; 0 is the whole match"},
    OptionPage{
        "pick",
        "`first`",
        R"(which match is compared: `first`, `last`, a number from 1, or `all`: then every one must equal a target)"},
    OptionPage{"dot_all", "false", "`.` also matches a newline"},
    OptionPage{"multi_line", "false", "`^` and `$` also match at line ends"},
    OptionPage{"ignore_case", "false", "for the pattern and for the comparison"},
    OptionPage{"trim", "as for `exact`", "how the captured text and the target are compared"},
    OptionPage{"ignore_punctuation",
               "as for `exact`",
               "how the captured text and the target are compared"},
    OptionPage{"ignore_final_period",
               "as for `exact`",
               "how the captured text and the target are compared"},
    OptionPage{
        "collapse_space", "as for `exact`", "how the captured text and the target are compared"},
    OptionPage{"nfc", "as for `exact`", "how the captured text and the target are compared"},
};
constexpr std::array kRegexExamples{
    ExamplePage{"The answer is 18.", "1", "18", R"({pattern: 'answer is (\d+)', pick: last})"},
    ExamplePage{"The answer is 180.", "0", "18", R"({pattern: 'answer is (\d+)', pick: last})"},
    ExamplePage{"Paris", "1", "", R"({pattern: '^\S+$'})"},
    ExamplePage{"It is Paris", "0", "", R"({pattern: '^\S+$'})"},
};

constexpr std::array kNumberOptions{
    OptionPage{"pick",
               "`last`",
               R"(`last`, `first`, or `only`: more than one number is then `no_extraction`)"},
    OptionPage{
        "decimal",
        "`point`",
        R"(`comma`: `1.234,5` and `1 234,5` are read as 1234.5; holds for the target as well)"},
    OptionPage{"thousands", "true", "groups of three are one number"},
    OptionPage{
        "percent", "`as_written`", "50% is 50; with `fraction` it is 0.5, in the target as well"},
    OptionPage{"abs_tol", "", "the answer may differ from the target by so much"},
    OptionPage{
        "rel_tol",
        "",
        R"(the answer may differ from the target by this share of the target: 0.01 for one percent)"},
    OptionPage{
        "digits",
        "",
        R"(equal when both are rounded to so many significant digits (1 to 30), halves away from zero)"},
};
constexpr std::array kNumberExamples{
    ExamplePage{"$1,234.50", "1", "1234.5"},
    ExamplePage{"So it is **1234.5**.", "1", "1234.5"},
    ExamplePage{"1234.5 for 2 days", "0", "1234.5"},
    ExamplePage{"0.75", "1", "3/4"},
    ExamplePage{R"(\boxed{\frac{3}{4}})", "1", "3/4"},
    ExamplePage{"75%", "0", "3/4"},
    ExamplePage{"about 3.14", "1", "3.14159", "{abs_tol: 0.01}"},
    ExamplePage{"3", "0", "3.14159", "{abs_tol: 0.01}"},
    ExamplePage{"no idea", "?", "7"},
};

constexpr std::array kChoiceOptions{
    OptionPage{"letters", "`ABCDEFGHIJ`", "the capital letters of the choices"},
    OptionPage{
        "choices",
        "",
        R"(their texts, in the order of the letters, which then end with the last choice; the target may be a text as well)"},
};
constexpr std::array kChoiceExamples{
    ExamplePage{"The answer is (B).", "1", "B"},
    ExamplePage{"**B**", "1", "B"},
    ExamplePage{"I think C", "0", "B"},
    ExamplePage{"B", "1", "Paris", "{choices: [London, Paris]}"},
    ExamplePage{"It is Paris.", "1", "Paris", "{choices: [London, Paris]}"},
    ExamplePage{"A) London", "0", "Paris", "{choices: [London, Paris]}"},
    ExamplePage{"A cat sat", "?", "B"},
};

constexpr std::array kLengthOptions{
    OptionPage{"unit", "`words`", "`words`, `characters`, `lines`, `sentences`, `paragraphs`"},
    OptionPage{"min", "0", ""},
    OptionPage{"max", "none", ""},
};
constexpr std::array kLengthExamples{
    ExamplePage{"one two three", "?", "", "{max: 3}"},
    ExamplePage{"one two three", "?", "", "{unit: characters, max: 3}"},
};

constexpr std::array kRefusalOptions{
    OptionPage{"expect", "`answered`", "`answered` or `refused`"},
    OptionPage{"phrases", "", "phrases of your own"},
};
constexpr std::array kRefusalExamples{
    ExamplePage{"Paris.", "?"},
    ExamplePage{"I'm sorry, but I can't help with that.", "?"},
    ExamplePage{"I'm sorry, but I can't help with that.", "?", "", "{expect: refused}"},
};

constexpr std::array kPages{
    Page{.scorer = "exact",
         .rule = R"(The text equals a target. Needs a target; with several, any of them is right.)",
         .source = "",
         .options = kExactOptions,
         .examples = kExactExamples},
    Page{
        .scorer = "exact/squad",
        .rule =
            R"(Equal in the normal form of SQuAD's evaluation: lower case, without ASCII punctuation, without a, an and the, single blanks.)",
        .source = "`squad` of huggingface/evaluate, normalize of openai/evals",
        .options = {},
        .examples = kExactSquadExamples},
    Page{.scorer = "exact/inspect",
         .rule = "The same words in the same order, in the normal form of `f1/inspect`.",
         .source = "inspect_ai `scorer/_classification.py`, `exact()`",
         .options = {},
         .examples = kExactInspectExamples},
    Page{.scorer = "exact/helm",
         .rule = "An empty answer is wrong.",
         .source = R"(HELM `exact_match`, `quasi_exact_match`, `prefix_exact_match` and their kin)",
         .options = kExactHelmOptions,
         .examples = kExactHelmExamples},
    Page{.scorer = "exact/hf",
         .rule = "Equal byte by byte after these options.",
         .source = "`exact_match` of huggingface/evaluate and of lm-evaluation-harness",
         .options = kExactHfOptions,
         .examples = kExactHfExamples},
    Page{.scorer = "match",
         .rule =
             R"(A target stands at the end of the answer, blanks and marks at the ends left out.)",
         .source = "inspect_ai `scorer/_common.py`, `match_str()`",
         .options = kMatchOptions,
         .examples = kMatchExamples},
    Page{
        .scorer = "match/fuzzy",
        .rule =
            R"(One contains the other in the normal form of SQuAD. A short answer contained in a long target is right, so look at the answers.)",
        .source = "`fuzzy_match` of openai/evals",
        .options = {},
        .examples = kMatchFuzzyExamples},
    Page{
        .scorer = "contains",
        .rule =
            R"(The text contains a target, or the texts that the options list. With `any` or `all`, targets are not looked for. Both sides are in normal form C.)",
        .source = "",
        .options = kContainsOptions,
        .examples = kContainsExamples},
    Page{
        .scorer = "regex",
        .rule =
            R"(A PCRE2 pattern is searched in the text. With a target, what the pattern captured must equal it; without, a match is right. With a target and no match there is nothing to judge (`no_extraction`).

A match that takes too many steps, more than 10,000 matches in one answer, or more than 16 MiB of captured text leave the answer `unscored`.)",
        .source = "",
        .options = kRegexOptions,
        .examples = kRegexExamples},
    Page{
        .scorer = "number",
        .rule =
            R"(A number of the text equals a target in value. Nothing is evaluated: `3 + 4` holds two numbers, and the last one is 4.

A number is read from digits (of any script), a sign directly before it (`-`, `−`, `+`, also before a currency sign), groups of three, a decimal part, an exponent (`1.5e3`, `1.5 × 10^3`, `10³`), a fraction (`3/4`, `\frac{3}{4}`, `½`) or a whole number and a fraction (`2 1/2`). Marks around it (`**18**`, `$18`, `18 km`, `18%`) do not matter. When numbers stand in `\boxed{...}`, only those count.

These are no numbers: digits inside a word (`GPT4o`, `x_1`, `0x1F`), powers and exponents (`2^10`, `cm²`), versions and dotted dates (`1.2.3`). A hyphen behind a word or a number is no sign (`3-7` holds 3 and 7), nor is one before a blank. A comma between groups of three belongs to the number (`1,234`); where answers list numbers without blanks, set `thousands: false`. A picked number of more than 4096 digits, with an exponent beyond 10,000 or divided by 0 is `no_extraction`.

Decimals are compared exactly at any length, fractions as long as their parts fit into 128 bits and as long doubles beyond. A number is right when it is equal or when any one of the tolerances lets it pass.)",
        .source = "",
        .options = kNumberOptions,
        .examples = kNumberExamples},
    Page{
        .scorer = "choice",
        .rule =
            R"(The answer picks the letter of a target. The ways to name a letter are tried in this order; the first that finds one decides, and of several letters that it finds the last counts. The reason says which way it was.

1. the answer is the letter: `B`, `(b)`, `**B.**`; or the text of a choice
2. `the answer is (B)`, `the correct option is B`
3. `Answer: B`
4. the letter opens the answer: `B) Paris, because …`
5. the answer contains the text of exactly one choice (in whole words)
6. in bold or in a box: `**B**`, `\boxed{B}`
7. `(B)`, then `B)`, then `B.` at the beginning or the end of a line
8. `option B`
9. a lone letter on the last line
10. the last capital letter that stands alone

Small letters count only for 1 to 4 and 9. The article `A` and the pronoun `I` are no letters (`A cat sat` is `no_extraction`, `A is right` is A), nor are those of `B-cell`, `C++` or `A/B`. A list of the choices that the answer repeats is skipped by 4 to 10, and an answer that names two at once in 2 or 3 (`the answer is A or B`) makes no choice.)",
        .source = "",
        .options = kChoiceOptions,
        .examples = kChoiceExamples},
    Page{.scorer = "length",
         .rule = "The answer's length is within bounds.",
         .source = "",
         .options = kLengthOptions,
         .examples = kLengthExamples},
    Page{
        .scorer = "refusal",
        .rule =
            R"(Whether the answer refuses: the server says so, or its first 300 characters hold one of some fifty phrases of a dozen languages.)",
        .source = "",
        .options = kRefusalOptions,
        .examples = kRefusalExamples},
};

}  // namespace

std::span<const Page> pages_of_texts() noexcept {
  return kPages;
}

}  // namespace faceoff::score
