#include "resume_hint.h"

#include <faceoff/base/text.h>

namespace faceoff::cli {

std::string resume_hint(const std::vector<std::string>& command_line,
                        const std::filesystem::path& folder) {
  std::string out = "faceoff";
  for (std::size_t i = 1; i < command_line.size(); ++i) {
    const std::string& word = command_line[i];
    if (word == "-o" || word == "--output") {
      ++i;
    } else if (word != "--resume" && !word.starts_with("--output=")) {
      out += " " + shell_word(word);
    }
  }
  return out + " --resume -o " + shell_word(folder.string());
}

}  // namespace faceoff::cli
