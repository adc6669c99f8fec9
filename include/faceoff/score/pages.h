#pragma once

#include <span>
#include <string>
#include <string_view>

namespace faceoff::score {

// What people read of a scorer: docs/scorers.md and `faceoff list scorers` are made of it.

struct OptionPage {
  std::string_view name;
  std::string_view usual;  // what holds without it, as Markdown; empty: nothing
  std::string_view meaning;
};

// One answer and its score; a test runs each.
struct ExamplePage {
  std::string_view answer;
  std::string_view value;  // "1", "0", "0.667" (rounded to three decimals), "no_extraction"
  std::string_view target = {};
  std::string_view options = {};  // YAML
};

struct Page {
  std::string_view scorer;
  std::string_view rule;    // Markdown; the first paragraph says what is computed
  std::string_view source;  // whose rule it is; empty: our own
  std::span<const OptionPage> options = {};
  std::span<const ExamplePage> examples = {};
};

// nullptr: none has been written.
[[nodiscard]] const Page* page_of(std::string_view scorer) noexcept;

// The section of a scorer in docs/scorers.md, from its heading on.
[[nodiscard]] std::string markdown(const Page& page);

}  // namespace faceoff::score
