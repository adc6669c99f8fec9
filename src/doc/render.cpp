#include "source_text.h"

#include <faceoff/base/text.h>
#include <faceoff/base/wrap.h>
#include <faceoff/doc/fitted.h>

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace faceoff::doc {
namespace {

// Longer lines are shown as a window around the mistake.
constexpr std::size_t kMaxQuoted = 100;
constexpr std::size_t kBeforeMark = 40;

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kBlue = "\x1b[1;34m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kPlain = "\x1b[0m";

// A place to underline in a quoted line.
struct Pointer {
  Span span;
  std::string_view text;
  bool main = false;
};

struct Quote {
  std::string line;
  std::size_t indent = 0;  // columns before the underlined part
  std::size_t width = 1;   // columns of the underlined part
};

// Byte offset of the code point number `index` (from 0), at most the size.
std::size_t byte_of(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U && index-- == 0) {
      return at;
    }
  }
  return text.size();
}

// Where the underline ends, in code points from 0: in the same line, and at its text at the latest.
std::size_t end_in_line(std::string_view line, Span span) {
  const std::size_t begin = span.begin.column - 1;
  std::size_t end = span.end.column - 1;
  if (span.end.line != span.begin.line) {
    const auto last = line.find_last_not_of(" \t\r");
    end = last == std::string_view::npos ? begin : count_code_points(line.substr(0, last + 1));
  }
  return std::max(end, begin + 1);
}

Quote quote(std::string_view line, Span span, std::string_view ellipsis, std::size_t most) {
  const std::size_t begin = span.begin.column - 1;
  const std::size_t end = end_in_line(line, span);
  const std::size_t length = count_code_points(line);
  const std::size_t before = std::min(kBeforeMark, most * 2 / 5);
  const std::size_t from = length > most && begin > before ? begin - before : 0;
  const std::size_t from_byte = byte_of(line, from);
  std::size_t count = most;
  // Letters may be wider than one column.
  while (count > 1 && display_width(display_text(
                          line.substr(from_byte, byte_of(line.substr(from_byte), count)))) > most) {
    --count;
  }
  const std::size_t to_byte = from_byte + byte_of(line.substr(from_byte), count);
  const std::string_view shown = line.substr(from_byte, to_byte - from_byte);
  const auto columns = [&](std::size_t code_point) {
    return display_width(display_text(shown.substr(0, byte_of(shown, code_point - from))));
  };
  Quote result;
  result.line = fmt::format("{}{}{}",
                            from_byte > 0 ? ellipsis : "",
                            display_text(shown),
                            to_byte < line.size() ? ellipsis : "");
  result.indent = columns(begin) + (from_byte > 0 ? display_width(ellipsis) : 0);
  result.width = std::max<std::size_t>(1, columns(end) - columns(begin));
  return result;
}

class Renderer {
 public:
  Renderer(const RenderOptions& options, std::size_t width) : options_(options), width_(width) {}

  void diagnostic(const Diagnostic& d) {
    line(wrap_text(paint(kRed, fmt::format("error[{}]", display_text(d.code))) +
                       paint(kBold, ": " + display_text(d.message)),
                   width_));
    std::vector<Pointer> pointers{{d.span, d.label, true}};
    for (const auto& note : d.notes) {
      pointers.push_back({note.span, note.message, false});
    }
    std::ranges::stable_sort(pointers, {}, [](const Pointer& p) { return p.span.begin; });
    const auto last = pointers.back().span.begin.line;
    gutter_ = std::to_string(last).size();
    line(fmt::format("{:{}}{} {}:{}:{}",
                     "",
                     gutter_,
                     paint(kBlue, "-->"),
                     display_text(d.source->name),
                     d.span.begin.line,
                     d.span.begin.column));
    quotes(*d.source, pointers);
    if (!d.help.empty()) {
      line(wrap_text(
          fmt::format("{:{}} {} {}", "", gutter_, paint(kBlue, "="), display_text(d.help)),
          width_));
    }
    line("");
  }

  void line(std::string_view text) {
    out_ += text;
    // A source line may be empty or end in blanks; the output has none.
    out_.erase(out_.find_last_not_of(' ') + 1);
    out_ += '\n';
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  [[nodiscard]] std::string paint(std::string_view colour, std::string_view text) const {
    return options_.colour ? fmt::format("{}{}{}", colour, text, kPlain) : std::string(text);
  }

  void quotes(const Source& source, const std::vector<Pointer>& pointers) {
    bool any = false;
    std::uint32_t shown = 0;
    for (const auto& pointer : pointers) {
      const std::uint32_t number = pointer.span.begin.line;
      const auto text = line_text(source, number);
      if (!text) {
        continue;
      }
      if (!any) {
        line(bar(""));
      }
      const Quote q = quote(*text, pointer.span, options_.unicode ? "\xE2\x80\xA6" : "...", room());
      if (!any || number != shown) {
        line(bar(std::to_string(number)) + " " + q.line);
      }
      any = true;
      shown = number;
      underline(q, pointer);
    }
  }

  // The label stands behind the marks or, where there is no room, below them.
  void underline(const Quote& q, const Pointer& pointer) {
    const std::string_view colour = pointer.main ? kRed : kBlue;
    const std::size_t left = gutter_ + 3 + q.indent;
    const std::size_t most = width_ > left ? std::min(q.width, width_ - left) : q.width;
    const std::string marks(most, pointer.main ? '^' : '-');
    const std::string label = display_text(pointer.text);
    const std::size_t whole = left + most + 1 + display_width(label);
    if (label.empty() || width_ == 0 || whole <= width_) {
      line(fmt::format("{} {:{}}{}",
                       bar(""),
                       "",
                       q.indent,
                       paint(colour, label.empty() ? marks : marks + " " + label)));
      return;
    }
    line(fmt::format("{} {:{}}{}", bar(""), "", q.indent, paint(colour, marks)));
    const std::size_t wide = gutter_ + 3 + display_width(label);
    const std::size_t indent = wide < width_ ? std::min(q.indent, width_ - wide) : 0;
    const std::string text = wrap_text(label, room(), 0);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      line(
          fmt::format("{} {:{}}{}", bar(""), "", indent, paint(colour, text.substr(at, end - at))));
      at = end + 1;
    }
  }

  // Columns for a quoted line, its ellipses apart.
  [[nodiscard]] std::size_t room() const {
    const std::size_t taken =
        gutter_ + 3 + 2 * display_width(options_.unicode ? "\xE2\x80\xA6" : "...");
    return width_ == 0
               ? kMaxQuoted
               : std::clamp<std::size_t>(width_ > taken ? width_ - taken : 0, 16, kMaxQuoted);
  }

  [[nodiscard]] std::string bar(std::string_view number) const {
    return paint(kBlue, fmt::format("{:>{}} |", number, gutter_));
  }

  const RenderOptions& options_;
  std::size_t width_;
  std::size_t gutter_ = 1;
  std::string out_;
};

}  // namespace

std::string render(const Diagnostics& diagnostics, const RenderOptions& options) {
  return render_fitted(diagnostics, options, 0);
}

std::string render_fitted(const Diagnostics& diagnostics,
                          const RenderOptions& options,
                          std::size_t width) {
  Renderer renderer(options, width);
  const auto list = diagnostics.sorted();
  const std::size_t shown = std::min(list.size(), options.limit);
  for (std::size_t i = 0; i < shown; ++i) {
    renderer.diagnostic(list[i]);
  }
  if (shown < diagnostics.size()) {
    renderer.line(fmt::format(
        "{} {} more", options.unicode ? "\xE2\x80\xA6" : "...", diagnostics.size() - shown));
    renderer.line("");
  }
  for (const auto& file : diagnostics.files()) {
    renderer.line(wrap_text(fmt::format("{}: {} error{}{}{}.",
                                        display_text(file.name),
                                        file.errors,
                                        file.errors == 1 ? "" : "s",
                                        options.outcome.empty() ? "" : "; ",
                                        options.outcome),
                            width));
  }
  return renderer.take();
}

}  // namespace faceoff::doc
