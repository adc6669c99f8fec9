#pragma once

// What a stream can show. Private to cli.

#include "command.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace faceoff::cli {

// `colour_flag`: the value of --color (auto, always, never), which FACEOFF_COLOR may have set. Then
// NO_COLOR, CLICOLOR_FORCE and FORCE_COLOR, CLICOLOR=0, and whether `fd` is a terminal other than
// dumb decide. A stream that is no terminal has no width.
[[nodiscard]] Result<Style> style_of(int fd,
                                     const std::optional<std::string>& colour_flag,
                                     const backend::Environment& environment);

// Of the terminal behind `fd`; nullopt: there is none, or it does not tell.
struct TerminalSize {
  std::size_t columns = 0;
  std::size_t rows = 0;
};
[[nodiscard]] std::optional<TerminalSize> size_of(int fd);

// Columns of the stream as it is now: a terminal may have been resized since the start. 0: no
// terminal, any width.
[[nodiscard]] std::size_t width_now(int fd, const Style& stream);

// Text for people, broken at blanks where the stream is a terminal. Command lines stay whole, to be
// copied.
[[nodiscard]] std::string fitted(std::string_view text, const Style& stream);
// Text whose lines have two columns, what a thing is beside its name: the second one stays a
// column.
[[nodiscard]] std::string fitted_columns(std::string_view text, const Style& stream);
// Sentences on standard error.
void tell(const Context& context, std::string_view text);

}  // namespace faceoff::cli
