#include "pages.h"

#include <algorithm>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

// `text` between backticks, however many it holds itself; nothing for nothing.
std::string code(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  std::string shown;
  for (const char c : text) {
    shown += c == '\n' ? std::string("\\n") : c == '|' ? std::string("\\|") : std::string(1, c);
  }
  const bool ticks = shown.find('`') != std::string::npos;
  return ticks ? "`` " + shown + " ``" : "`" + shown + "`";
}

}  // namespace

const Page* page_of(std::string_view scorer) noexcept {
  for (const auto pages : {pages_of_texts(), pages_of_similarity(), pages_of_forms()}) {
    const auto found = std::ranges::find(pages, scorer, &Page::scorer);
    if (found != pages.end()) {
      return &*found;
    }
  }
  return nullptr;
}

std::string markdown(const Page& page) {
  std::string out = fmt::format("## {}\n\n{}\n", page.scorer, page.rule);
  if (!page.source.empty()) {
    out += fmt::format("\nReference: {}.\n", page.source);
  }
  if (!page.options.empty()) {
    out += "\n| option | default | meaning |\n|---|---|---|\n";
    for (const OptionPage& option : page.options) {
      out += fmt::format("| `{}` | {} | {} |\n", option.name, option.usual, option.meaning);
    }
  }
  if (!page.examples.empty()) {
    out += "\n| answer | target | options | score |\n|---|---|---|---|\n";
    for (const ExamplePage& example : page.examples) {
      out += fmt::format("| {} | {} | {} | {} |\n",
                         code(example.answer),
                         code(example.target),
                         code(example.options),
                         example.value);
    }
  }
  return out;
}

}  // namespace faceoff::score
