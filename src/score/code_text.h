#pragma once

#include <string>
#include <vector>

namespace faceoff::score {

// A fenced block of an answer.
struct CodeBlock {
  std::string language;  // the first word behind the fence, in lower case; may be empty
  std::string text;
};

// In order; a block that is left open runs to the end.
[[nodiscard]] std::vector<CodeBlock> code_blocks(const std::string& text);

}  // namespace faceoff::score
