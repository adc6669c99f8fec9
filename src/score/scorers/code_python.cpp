#include "code_scorer.h"
#include "table.h"

#include <array>

namespace faceoff::score {
namespace {

constexpr std::array<std::string_view, 3> kFences{"python", "py", "python3"};
constexpr CodeLanguage kLanguage{.scorer = "code/python",
                                 .name = kPython,
                                 .fences = kFences,
                                 .before_tests = "",
                                 .last_line = "print('\\n{}')"};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return make_code_scorer(kLanguage, spec, diagnostics);
}

}  // namespace

constinit const Info code_python_scorer{
    .name = "code/python",
    .summary = "the Python code in the answer passes the tests, run in a sandbox",
    .options = "tests, before, pick, seconds, memory_mib",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
