#pragma once

// What is known of llama-server's command line. Private to run.

#include <string_view>

namespace faceoff::run {

// A word of a command line that is a flag and not a value: not "-1".
[[nodiscard]] bool is_flag(std::string_view word);

// A flag, or FLAG=VALUE, that says how the model runs, not what the server reads, writes or serves.
// False for a flag that is not known.
[[nodiscard]] bool names_no_file(std::string_view flag);

}  // namespace faceoff::run
