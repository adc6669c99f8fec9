#include "cache_use.h"

namespace faceoff::cli {

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

}  // namespace faceoff::cli
