#include "id_set.h"

#include <faceoff/suite/suite.h>

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace faceoff::suite {
namespace {

class Checker {
 public:
  explicit Checker(doc::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // False when the id of the case was used before.
  bool take(const Case& item) {
    if (!check_id(item)) {
      return false;
    }
    ++census_.cases;
    census_.trials += static_cast<std::uint64_t>(item.repeat);
    census_.local_only += item.local_only ? 1U : 0U;
    for (const auto& tag : item.tags) {
      const auto [it, inserted] = tag_index_.try_emplace(tag, census_.tags.size());
      if (inserted) {
        census_.tags.emplace_back(tag, 0);
      }
      ++census_.tags[it->second].second;
    }
    return true;
  }

  [[nodiscard]] Census census() && { return std::move(census_); }

 private:
  bool check_id(const Case& item) {
    if (files_.empty() || files_.back() != item.source->name) {
      files_.push_back(item.source->name);
    }
    const auto file = static_cast<std::uint32_t>(files_.size() - 1);
    const auto first = ids_.add(item.id, {file, item.span.begin.line});
    if (!first) {
      return true;
    }
    doc::Diagnostic diagnostic;
    diagnostic.code = "suite::duplicate-id";
    diagnostic.message = fmt::format("the id '{}' is used twice", item.id);
    diagnostic.source = item.source;
    diagnostic.span = item.span;
    diagnostic.label = fmt::format("first used in {}:{}", files_[first->file], first->line);
    diagnostic.help = "ids must be unique in a suite, over all its files";
    diagnostics_.add(std::move(diagnostic));
    return false;
  }

  doc::Diagnostics& diagnostics_;
  Census census_;
  IdSet ids_;
  std::vector<std::string> files_;  // cases come file by file
  std::map<std::string, std::size_t, std::less<>> tag_index_;
};

}  // namespace

Result<Census> check(const Suite& suite,
                     doc::Diagnostics& diagnostics,
                     const std::function<void(const Case&)>& inspect) {
  Checker checker(diagnostics);
  const auto cases = suite.open();
  while (true) {
    FACEOFF_TRY_ASSIGN(const auto item, cases->next(diagnostics));
    if (!item) {
      return std::move(checker).census();
    }
    if (checker.take(*item) && inspect) {
      inspect(*item);
    }
  }
}

}  // namespace faceoff::suite
