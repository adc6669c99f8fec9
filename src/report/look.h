#pragma once

#include "page.h"

#include <faceoff/compare/comparison.h>
#include <faceoff/report/report.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::report {

// Signs that have an ASCII form.
struct Glyphs {
  std::string_view higher = "▲";
  std::string_view lower = "▼";
  std::string_view same = "~";
  std::string_view separator = " · ";
  std::string_view none = "–";
  std::string_view infinity = "∞";
  bool superscripts = true;
};
[[nodiscard]] const Glyphs& unicode_glyphs() noexcept;
[[nodiscard]] const Glyphs& ascii_glyphs() noexcept;

enum class Layout : std::uint8_t {
  matrix,  // backends are columns of the score table, tags its rows
  list,    // backends are rows
  blocks,  // one block of lines for each backend
};

// How much a page shows; the terminal drops from it until the page fits.
struct Detail {
  Glyphs glyphs;
  Layout layout = Layout::matrix;
  std::size_t name_width = 0;  // names are cut to this many columns; 0: whole
  bool p95_intervals = true;
  bool rates = true;
  bool p95 = true;
  bool tags = true;
  bool tags_dropped_for_width = false;
};

// Numbered notes of one section; the same text has one number.
class Footnotes {
 public:
  explicit Footnotes(const Glyphs& glyphs) : glyphs_(glyphs) {}
  // What to put behind the figure.
  [[nodiscard]] std::string mark(const std::string& text);
  // A remark on the whole section, without a number; stands after the numbered ones.
  void remark(std::string text) { remarks_.push_back(std::move(text)); }
  [[nodiscard]] std::vector<Line> lines() const;

 private:
  [[nodiscard]] std::string sign(std::size_t number) const;
  Glyphs glyphs_;
  std::vector<std::string> texts_;
  std::vector<std::string> remarks_;
};

// A foreign name as a span, cut to the detail's width.
[[nodiscard]] Span name_span(std::string_view foreign, const Detail& detail);
// A backend wherever its name stands: "(simulated)" behind the name of the stand-in endpoint.
[[nodiscard]] bool is_simulated(const Column& column) noexcept;
[[nodiscard]] Line label_of(const Column& column, const Detail& detail);
[[nodiscard]] Line label_of(const Report& report, std::string_view name, const Detail& detail);
// The same as raw text, for machines.
[[nodiscard]] std::string marked_name(const Report& report, const std::string& name);
void append(Line& line, const Line& more);

// "95% interval": the level that the summaries were made with.
[[nodiscard]] std::string interval_name(const Report& report);
// A share in percentage points, rounded to the tenth that every medium shows; never -0.
[[nodiscard]] double as_points(double share) noexcept;
// 84.0%
[[nodiscard]] std::string percent(double share);
// " 84.0% [78.3, 88.4]": the figure right-aligned, so that a column of them lines up.
[[nodiscard]] std::string share_with_interval(const std::optional<double>& value,
                                              const std::optional<double>& lo,
                                              const std::optional<double>& hi,
                                              const Glyphs& glyphs);
// "+12.0 pp [ +0.6, +23.4]"; `wide` leaves room for -100.0.
[[nodiscard]] std::string points_with_interval(const compare::Estimate& estimate,
                                               bool with_interval,
                                               bool wide,
                                               const Glyphs& glyphs);
// Seconds with two to three significant digits and no unit: 0.093, 0.41, 12.3, 140.
[[nodiscard]] std::string seconds(double value);
// "0.41 [0.39, 0.44]", an unbounded end as infinity.
[[nodiscard]] std::string seconds_with_interval(const compare::QuantileEstimate& estimate,
                                                bool with_interval,
                                                const Glyphs& glyphs);
// 78, 7.8 or 0.78
[[nodiscard]] std::string rate(double value);
// "1 case", "2 cases"
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace faceoff::report
