#include "code_scorer.h"
#include "table.h"

#include <array>

namespace faceoff::score {
namespace {

constexpr std::array<std::string_view, 5> kFences{"javascript", "js", "node", "mjs", "cjs"};
constexpr CodeLanguage kLanguage{.scorer = "code/javascript",
                                 .name = kJavaScript,
                                 .fences = kFences,
                                 .before_tests = "",
                                 .last_line = "console.log('\\n{}')"};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return make_code_scorer(kLanguage, spec, diagnostics);
}

}  // namespace

constinit const Info code_javascript_scorer{
    .name = "code/javascript",
    .summary = "the JavaScript code in the answer passes the tests, run in a sandbox",
    .options = "tests, before, pick, seconds, memory_mib",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
