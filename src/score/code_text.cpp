#include "code_text.h"

#include "python_text.h"

#include <faceoff/base/text.h>
#include <faceoff/base/unicode.h>

namespace faceoff::score {

std::vector<CodeBlock> code_blocks(const std::string& text) {
  std::vector<CodeBlock> out;
  bool open = false;
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view bare = strip(line);
    if (bare.starts_with("```")) {
      open = !open;
      if (open) {
        const std::string_view info = strip(bare, "`");
        out.push_back({.language = lower(info.substr(0, info.find(' '))), .text = {}});
      }
    } else if (open) {
      out.back().text.append(line).push_back('\n');
    }
  }
  return out;
}

}  // namespace faceoff::score
