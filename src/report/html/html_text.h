#pragma once

// The one way of text into the HTML report. Private to report.

#include "../json_values.h"
#include "../page.h"

#include <string>
#include <string_view>

namespace faceoff::report {

// HTML under construction. Markup enters as literals of ours, which the compiler checks; everything
// else passes text(), attribute() or json(), where it cannot become markup, a link or a script.
class Html {
 public:
  struct Literal {
    // NOLINTNEXTLINE(google-explicit-constructor)
    consteval Literal(const char* ours) : text(ours) {}
    std::string_view text;
  };

  Html& raw(Literal ours);
  // Characters that control a terminal, the direction of text or nothing visible are shown as their
  // code; everything stays text.
  Html& text(std::string_view foreign);
  Html& lines(std::string_view foreign);  // the same, and lines stay lines
  Html& count(std::uint64_t value);
  Html& decimal(double value, int decimals);  // finite
  // ` name="value"`; never for style, event handlers or addresses other than our own fragments.
  Html& attribute(Literal name, std::string_view value);
  Html& attribute(Literal name, double value);
  Html& line(const Line& line);
  // Heading h3, table, statements, quotes and footnotes of a section that is shown as it is.
  Html& section(const Section& section);
  // JSON inside a script element of type application/json: without a character that could end the
  // element or begin a comment, ASCII only.
  Html& json(const Json& value);
  // A file of ours, embedded when faceoff was built.
  Html& ours(std::string_view embedded);

  [[nodiscard]] const std::string& str() const noexcept { return out_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void escape(std::string_view shown);
  void grid(const Section& section);
  std::string out_;
};

// The fragment that opens a case: "#case=add-1", percent-encoded.
[[nodiscard]] std::string case_fragment(std::string_view id);
// The first `bytes` of it or a little less, never half a character; invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string cut_text(std::string_view text, std::size_t bytes);

}  // namespace faceoff::report
