#include "terminal.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/base/wrap.h>

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

namespace faceoff::cli {
namespace {

constexpr std::size_t kUsualWidth = 80;

bool is_set(const backend::Environment& environment, std::string_view name) {
  const auto value = environment(name);
  return value && !value->empty();
}

bool forces(const backend::Environment& environment, std::string_view name) {
  return is_set(environment, name) && *environment(name) != "0";
}

bool wants_colour(bool tty, const backend::Environment& environment) {
  if (is_set(environment, "NO_COLOR")) {
    return false;
  }
  if (forces(environment, "CLICOLOR_FORCE") || forces(environment, "FORCE_COLOR")) {
    return true;
  }
  if (environment("CLICOLOR") == "0") {
    return false;
  }
  return tty && environment("TERM") != "dumb";
}

bool is_utf8_locale(const backend::Environment& environment) {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (is_set(environment, name)) {
      const std::string locale = ascii_lower(*environment(name));
      return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    }
  }
  return false;
}

std::size_t width_of(int fd, const backend::Environment& environment) {
  if (const auto size = size_of(fd)) {
    return size->columns;
  }
  if (const auto columns = environment("COLUMNS")) {
    if (const auto parsed = parse_int(*columns); parsed && *parsed > 0) {
      return static_cast<std::size_t>(*parsed);
    }
  }
  return kUsualWidth;
}

// Command lines stay whole; `hang` tells how far in the rest of a line stands.
std::string wrap_lines(std::string_view text,
                       std::size_t width,
                       const std::function<std::size_t(std::string_view line)>& hang) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::string_view words = trim(line);
    // "faceoff run ..." and no sentence that begins with the name.
    const bool is_command = words.starts_with("faceoff ") && words.find(": ") == words.npos;
    out += is_command ? std::string(line) : wrap_text(line, width, hang(line));
    out += end < text.size() ? "\n" : "";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

Result<Style> style_of(int fd,
                       const std::optional<std::string>& colour_flag,
                       const backend::Environment& environment) {
  Style style;
  style.tty = ::isatty(fd) == 1;
  style.width = style.tty ? width_of(fd, environment) : 0;
  // Files and pipes are UTF-8; a terminal shows what its locale says.
  style.unicode = !style.tty || is_utf8_locale(environment);
  const std::string when = colour_flag.value_or("auto");
  if (when == "always") {
    style.colour = true;
  } else if (when == "never") {
    style.colour = false;
  } else if (when == "auto") {
    style.colour = wants_colour(style.tty, environment);
  } else {
    return fail(ErrorKind::usage,
                fmt::format("--color: '{}' is none of auto, always, never", when));
  }
  return style;
}

std::optional<TerminalSize> size_of(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return std::nullopt;
  }
  return TerminalSize{.columns = size.ws_col, .rows = size.ws_row};
}

std::size_t width_now(int fd, const Style& stream) {
  const auto size = stream.tty ? size_of(fd) : std::nullopt;
  return size ? size->columns : stream.width;
}

std::string fitted(std::string_view text, const Style& stream) {
  return wrap_lines(text, stream.width, [](std::string_view) { return std::size_t{2}; });
}

std::string fitted_columns(std::string_view text, const Style& stream) {
  return wrap_lines(text, stream.width, [](std::string_view line) {
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t gap = line.rfind("  ");
    return gap == std::string_view::npos || gap <= begin ? std::size_t{2} : gap + 2 - begin;
  });
}

void tell(const Context& context, std::string_view text) {
  Style now = context.err;
  now.width = width_now(STDERR_FILENO, now);
  print_err(fitted(text, now));
}

}  // namespace faceoff::cli
