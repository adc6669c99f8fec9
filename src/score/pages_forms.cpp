#include "pages.h"

#include <array>

namespace faceoff::score {
namespace {

constexpr std::array kIfevalOptions{
    OptionPage{
        "instructions",
        "must be given",
        R"(a list of `{id, arguments}`, with the ids and arguments of IFEval, such as `{id: "keywords:existence", keywords: [rain]}`)"},
    OptionPage{
        "mode",
        "`strict`",
        R"(`loose`: one of eight forms follows (without first or last line, without asterisks))"},
    OptionPage{"measure",
               "`prompt`",
               "`prompt`: all or nothing; `instructions`: the share that is followed"},
};
constexpr std::array kIfevalExamples{
    ExamplePage{"No comma here.", "?", "", "{instructions: [{id: 'punctuation:no_comma'}]}"},
    ExamplePage{"Well, yes.", "?", "", "{instructions: [{id: 'punctuation:no_comma'}]}"},
    ExamplePage{
        "WELL, YES",
        "?",
        "",
        R"({instructions: [{id: 'punctuation:no_comma'}, {id: 'change_case:english_capital'}], measure: instructions})"},
};

constexpr std::array kJsonOptions{
    OptionPage{
        "extract",
        "`any`",
        R"(`any`: the whole answer, else the first code block marked json or the first code block, else the first object or list in the text; `whole`; `block`)"},
    OptionPage{"valid", "false", "only validity is asked for, whatever the target is"},
    OptionPage{"keys", "", "keys that the outermost object must have"},
    OptionPage{
        "pointers",
        "",
        R"(JSON pointers (RFC 6901) and the values that must stand there; numbers, booleans and null are written plain, texts that look like one in quotes)"},
    OptionPage{"equals",
               "`nothing`",
               "`target`: the JSON must equal a target's, also beside other options"},
    OptionPage{"tolerance", "", "numbers may differ by so much"},
};
constexpr std::array kJsonExamples{
    ExamplePage{R"({"b": 2.0, "a": 1})", "1", R"({"a": 1, "b": 2})"},
    ExamplePage{R"({"a": 1})", "0", R"({"a": 1, "b": 2})"},
    ExamplePage{R"({"name": "Ada", "items": [{"price": 9.5}]})",
                "1",
                "",
                R"({pointers: {"/name": Ada, "/items/0/price": 9.5}})"},
    ExamplePage{R"({"name": "Ada", "items": []})",
                "0",
                "",
                R"({pointers: {"/name": Ada, "/items/0/price": 9.5}})"},
};

constexpr std::array kJsonMatchExamples{
    ExamplePage{R"({"a": 1.0})", "1", R"({"a": 1})"},
    ExamplePage{R"(Here: {"a": 1})", "0", R"({"a": 1})"},
};

constexpr std::array kJsonDiffExamples{
    ExamplePage{R"({"a": 1, "b": "cat"})", "?", R"({"a": 1, "b": "cut"})"},
    ExamplePage{R"({"a": 1})", "?", R"({"a": 1})"},
};

constexpr std::array kJsonSchemaOptions{
    OptionPage{"schema", "must be given", "the schema, as a mapping or as JSON text"},
    OptionPage{"extract", "`any`", "as for `json`"},
};
constexpr std::array kJsonSchemaExamples{
    ExamplePage{R"({"age": 36})",
                "?",
                "",
                R"({schema: {type: object, required: [age], properties: {age: {type: integer}}}})"},
    ExamplePage{R"({"age": "36"})",
                "?",
                "",
                R"({schema: {type: object, required: [age], properties: {age: {type: integer}}}})"},
    ExamplePage{"I am 36.", "?", "", "{schema: {type: object}}"},
};

constexpr std::array kToolCallsOptions{
    OptionPage{
        "calls", "must be given", "a list of `{name, arguments, schema}`; an empty list: no call"},
    OptionPage{"order", "`any`", "`given`: in the order of the list"},
    OptionPage{"more", "false", "calls beyond those expected are allowed"},
};

constexpr std::array kMathOptions{
    OptionPage{"units", "", "units that may stand at the end"},
};
constexpr std::array kMathExamples{
    ExamplePage{R"(so \boxed{0.5})", "1", R"(\frac{1}{2})"},
    ExamplePage{"0.51", "0", R"(\frac{1}{2})"},
    ExamplePage{R"($2\sqrt{2}$)", "1", R"(\sqrt{8})"},
    ExamplePage{"2.83", "0", R"(\sqrt{8})"},
};

constexpr std::array kMathStringExamples{
    ExamplePage{R"(\frac12)", "1", R"(\frac{1}{2})"},
    ExamplePage{"2/4", "0", R"(\frac{1}{2})"},
};

constexpr std::array kCodePythonOptions{
    OptionPage{"tests", "the target", "the code of the tests, or a list of pieces"},
    OptionPage{"before", "", "code in front of the answer: imports, a data set"},
    OptionPage{"pick", "`first`", "of several code blocks the `first` or the `last`"},
    OptionPage{"seconds", "10", "how long it may take, 0.1 to 600"},
    OptionPage{"memory_mib", "512", "how much memory all its processes may take"},
};

constexpr std::array kCodeJavascriptOptions{
    OptionPage{"tests", "the target", "the code of the tests, or a list of pieces"},
    OptionPage{"before", "", "code in front of the answer: imports, a data set"},
    OptionPage{"pick", "`first`", "of several code blocks the `first` or the `last`"},
    OptionPage{"seconds", "10", "how long it may take, 0.1 to 600"},
    OptionPage{"memory_mib", "512", "how much memory all its processes may take"},
};

constexpr std::array kCodeShellOptions{
    OptionPage{"tests", "the target", "the code of the tests, or a list of pieces"},
    OptionPage{"before", "", "code in front of the answer: imports, a data set"},
    OptionPage{"pick", "`first`", "of several code blocks the `first` or the `last`"},
    OptionPage{"seconds", "10", "how long it may take, 0.1 to 600"},
    OptionPage{"memory_mib", "512", "how much memory all its processes may take"},
};

constexpr std::array kExecOptions{
    OptionPage{
        "command",
        "",
        R"(the program and its arguments, relative to the folder of the suite; needs `--allow-exec`)"},
    OptionPage{"program",
               "",
               R"(in its place: the name of a program under `exec` in your own configuration)"},
    OptionPage{"options", "", "a mapping that the program is given as it is"},
    OptionPage{"seconds", "10", "how long one answer may take, 0.1 to 3600"},
};

constexpr std::array kPages{
    Page{
        .scorer = "ifeval",
        .rule =
            R"(The answer follows every instruction. Sentences, capital words and languages are told by rules of our own in place of nltk and langdetect.)",
        .source = "google-research `instruction_following_eval`",
        .options = kIfevalOptions,
        .examples = kIfevalExamples},
    Page{
        .scorer = "json",
        .rule =
            R"(The answer holds valid JSON (RFC 8259): no comments, no `NaN`, no single quotes. Keys that stand twice in one object, more than 64 levels and numbers beyond the range of a double are refused too. JSON that is not valid scores 0; an answer in which nothing looks like JSON is `no_extraction`.

Without options, the JSON must equal a target's; the order of keys does not matter, and 1, 1.0 and 1e0 are equal. Without options and target, valid JSON is enough.)",
        .source = "",
        .options = kJsonOptions,
        .examples = kJsonExamples},
    Page{.scorer = "json/match",
         .rule = "The whole answer is JSON equal to a target's.",
         .source = "`JsonMatch` of openai/evals",
         .options = {},
         .examples = kJsonMatchExamples},
    Page{
        .scorer = "json/diff",
        .rule =
            R"(How alike two JSON values are: the mean over all keys or items, texts by `levenshtein`, numbers by 1 - |a-b|/(|a|+|b|).)",
        .source = "`JSONDiff` of autoevals",
        .options = {},
        .examples = kJsonDiffExamples},
    Page{
        .scorer = "json/schema",
        .rule =
            R"(The answer holds JSON that fits a JSON Schema (draft 2020-12). Checked: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `patternProperties`, `propertyNames`, `minProperties`, `maxProperties`, `items`, `prefixItems`, `contains`, `minContains`, `maxContains`, `minItems`, `maxItems`, `uniqueItems`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`, `minLength`, `maxLength`, `pattern`, `allOf`, `anyOf`, `oneOf`, `not`, `if`, `then`, `else`, `$defs`, and `$ref` within the schema. `title`, `description`, `default`, `examples`, `deprecated`, `format`, `$schema`, `$id` and `$comment` are allowed and say nothing. Any other keyword is a mistake, found by `faceoff check`.)",
        .source = "",
        .options = kJsonSchemaOptions,
        .examples = kJsonSchemaExamples},
    Page{
        .scorer = "tool_calls",
        .rule =
            R"(The model calls the tools expected. An argument by value must be equal; others may stand beside it.)",
        .source = "",
        .options = kToolCallsOptions,
        .examples = {}},
    Page{
        .scorer = "math",
        .rule =
            R"(Equal in value to a target. Both sides: the last `\boxed{}`, else the last formula, else the text; behind the last `=`. Arithmetic of numbers, fractions, powers, roots and pi is worked out by a parser of our own (exact for fractions, 12 digits for roots); anything else is compared as `math/string`. Tuples and lists are compared part by part. A percent sign is left out on both sides.)",
        .source = "",
        .options = kMathOptions,
        .examples = kMathExamples},
    Page{
        .scorer = "math/string",
        .rule =
            R"(Equal in the normal form of the MATH benchmark. Take the boxed part first, with `via: boxed`.)",
        .source =
            R"(Hendrycks et al. `math_equivalence.py` (`is_equiv`), as in lm-evaluation-harness and HELM)",
        .options = {},
        .examples = kMathStringExamples},
    Page{
        .scorer = "code/python",
        .rule =
            R"(The Python code in the answer passes the tests: it is run with the tests behind it, and is right when they come to their end without an error. Code is taken from the first block of its language (`python`, `py`, `python3`), else from the first block of no language; an answer without any block is code as a whole. It runs only with `--allow-code-execution`, and only in a sandbox ([security](security.md)): bubblewrap, no network, nothing of the machine but `/usr` to read, 16 MiB to write, 64 processes, 1 MiB of output. Where no sandbox works the run is refused before anything is sent; `faceoff doctor` says which one works. What ends the program before the tests have ended is wrong. It is run by the `python3` of `/usr` with `-I -B`.

The tests are the option `tests`, else the only target of the case. With `repeat`, reports show pass@k.)",
        .source =
            R"(pass@k and tests behind the code: openai/human-eval, HumanEval and MBPP of lm-evaluation-harness)",
        .options = kCodePythonOptions,
        .examples = {}},
    Page{
        .scorer = "code/javascript",
        .rule =
            R"(As `code/python`, with the JavaScript code in the answer (`javascript`, `js`, `node`, `mjs`, `cjs`). It is run by the `node` of `/usr` as a CommonJS script; `require("node:assert")` is there.)",
        .source = "",
        .options = kCodeJavascriptOptions,
        .examples = {}},
    Page{
        .scorer = "code/shell",
        .rule =
            R"(As `code/python`, with the shell code in the answer (`sh`, `bash`, `shell`, `console`). It is run by `bash`, else `sh`; before the tests `set -e` is switched on.)",
        .source = "",
        .options = kCodeShellOptions,
        .examples = {}},
    Page{
        .scorer = "exec",
        .rule =
            R"(What a program of your own says of the answer: a line of JSON in, a line of JSON out, one long-lived process for each of a few workers. It is started only with `--allow-exec`, or when your own configuration names it. [exec-scorers.md](exec-scorers.md) has the protocol and an example.)",
        .source = "",
        .options = kExecOptions,
        .examples = {}},
};

}  // namespace

std::span<const Page> pages_of_forms() noexcept {
  return kPages;
}

}  // namespace faceoff::score
