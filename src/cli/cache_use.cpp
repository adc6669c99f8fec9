#include "cache_use.h"

#include <faceoff/base/digest.h>
#include <faceoff/base/file_digest.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/run/served_identity.h>
#include <faceoff/simulate/script.h>

#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

// Each part behind its length, so that no two lists of parts give one text.
void add(std::string& text, std::string_view part) {
  text += fmt::format("{}:{}\n", part.size(), part);
}

Result<std::string> stand_in_identity(const std::string& path,
                                      const std::string& program,
                                      const std::function<bool()>& stopped) {
  std::string text = "stand-in\n";
  FACEOFF_TRY_ASSIGN(const std::string script, sha256_hex_of_file(path, stopped));
  FACEOFF_TRY_ASSIGN(const std::string ours, sha256_hex_of_file(program, stopped));
  add(text, script);
  add(text, ours);
  doc::Diagnostics diagnostics;
  FACEOFF_TRY_ASSIGN(const auto read, simulate::decode_script(path, diagnostics));
  if (!read) {
    return fail(ErrorKind::usage, "its script cannot be read any more");
  }
  std::string answers;
  for (const auto& answer : read->answers) {
    add(answers, answer.case_id);
    add(answers, answer.prompt);
    add(answers, fmt::to_string(answer.targets.size()));
    for (const auto& target : answer.targets) {
      add(answers, target);
    }
  }
  add(text, sha256_hex(answers));
  return text;
}

}  // namespace

Result<std::unique_ptr<store::AnswerCache>> open_cache(const CacheUse& use,
                                                       const Context& context) {
  if (!use.read && !use.write) {
    return nullptr;
  }
  if (use.folder) {
    return store::open_answer_cache(*use.folder);
  }
  // The specification of these folders says to ignore relative ones.
  if (const auto xdg = context.environment("XDG_CACHE_HOME"); xdg && xdg->starts_with('/')) {
    return store::open_answer_cache(std::filesystem::path(*xdg) / "faceoff");
  }
  if (const auto home = context.environment("HOME"); home && !home->empty()) {
    return store::open_answer_cache(std::filesystem::path(*home) / ".cache" / "faceoff");
  }
  return fail(ErrorKind::usage,
              "--cache: neither XDG_CACHE_HOME nor HOME is set; say where with --cache-dir");
}

Result<std::string> cache_identity(const run::ManagedPlan& plan,
                                   const backend::Spec& spec,
                                   const backend::Identity& reported,
                                   const std::function<bool()>& stopped) {
  return spec.simulate.empty() ? run::served_identity(plan, reported, stopped)
                               : stand_in_identity(spec.simulate, plan.argv.front(), stopped);
}

}  // namespace faceoff::cli
