#include <faceoff/base/text.h>
#include <faceoff/doc/diagnostic.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

// Every row of a table brings a source of its own; so much of them is held.
constexpr std::size_t kMaxHeldBytes = 64UL * 1024 * 1024;

}  // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  ++count_;
  const auto file = std::ranges::find(files_, diagnostic.source->name, &File::name);
  if (file == files_.end()) {
    files_.push_back({diagnostic.source->name, 1});
  } else {
    ++file->errors;
  }
  const bool new_source = diagnostic.source.get() != last_source_;
  const std::size_t bytes = new_source ? diagnostic.source->text.size() : 0;
  if (list_.size() >= kMaxKept || (!list_.empty() && held_bytes_ + bytes > kMaxHeldBytes)) {
    return;
  }
  held_bytes_ += bytes;
  last_source_ = diagnostic.source.get();
  list_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  const auto rank = [this](const Diagnostic& d) {
    return std::pair(std::ranges::find(files_, d.source->name, &File::name), d.span.begin);
  };
  std::vector<Diagnostic> result = list_;
  std::ranges::stable_sort(result, {}, rank);
  return result;
}

std::string one_line(const Diagnostic& diagnostic) {
  std::string line = fmt::format("{}:{}:{}: {}",
                                 display_text(diagnostic.source->name),
                                 diagnostic.span.begin.line,
                                 diagnostic.span.begin.column,
                                 display_text(diagnostic.message));
  for (const auto* more : {&diagnostic.label, &diagnostic.help}) {
    if (!more->empty()) {
      line += "; " + display_text(*more);
    }
  }
  return line;
}

}  // namespace faceoff::doc
