#include "code_scorer.h"
#include "table.h"

#include <array>

namespace faceoff::score {
namespace {

constexpr std::array<std::string_view, 4> kFences{"sh", "bash", "shell", "console"};
constexpr CodeLanguage kLanguage{.scorer = "code/shell",
                                 .name = kShell,
                                 .fences = kFences,
                                 .before_tests = "set -e",
                                 .last_line = "echo; echo '{}'"};

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  return make_code_scorer(kLanguage, spec, diagnostics);
}

}  // namespace

constinit const Info code_shell_scorer{
    .name = "code/shell",
    .summary = "the shell code in the answer passes the tests, run in a sandbox",
    .options = "tests, before, pick, seconds, memory_mib",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
