#include "case_feed.h"

#include <utility>

namespace faceoff::run {
namespace {

Status still_sound(const doc::Diagnostics& diagnostics) {
  if (diagnostics.empty()) {
    return {};
  }
  return fail(ErrorKind::usage,
              doc::one_line(diagnostics.sorted().front()) + "; the suite changed during the run");
}

}  // namespace

CaseFeed::CaseFeed(const Plan& plan) : plan_(plan), source_(plan.suite->open()) {}

Result<ReadyCasePtr> CaseFeed::next() {
  doc::Diagnostics diagnostics;
  while (plan_.limit == 0 || count_ < plan_.limit) {
    FACEOFF_TRY_ASSIGN(auto item, source_->next(diagnostics));
    FACEOFF_TRY(still_sound(diagnostics));
    if (!item) {
      break;
    }
    if (plan_.selects && !plan_.selects(*item)) {
      continue;
    }
    auto scorers = compiler_.compile(*item, diagnostics);
    FACEOFF_TRY(still_sound(diagnostics));
    auto ready = std::make_shared<ReadyCase>();
    ready->item = *std::move(item);
    ready->scorers = *std::move(scorers);
    score::Needs needs;
    for (const auto& scorer : ready->scorers) {
      scorer->add_needs(needs);
    }
    ready->needs_outside = needs.any();
    ++count_;
    return ReadyCasePtr(std::move(ready));
  }
  return ReadyCasePtr();
}

}  // namespace faceoff::run
