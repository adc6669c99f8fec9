#include "look.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

constexpr Glyphs kUnicode{};
constexpr Glyphs kAscii{"+", "-", "~", " | ", "-", "inf", false};

// Without the minus sign of a zero that was rounded to.
double rounded(double value, double step) noexcept {
  return std::round(value / step) * step + 0.0;
}

int decimals_for(double value) noexcept {
  if (value < 0.0995) {
    return 3;
  }
  if (value < 9.995) {
    return 2;
  }
  return value < 99.95 ? 1 : 0;
}

}  // namespace

const Glyphs& unicode_glyphs() noexcept {
  return kUnicode;
}
const Glyphs& ascii_glyphs() noexcept {
  return kAscii;
}

std::string Footnotes::sign(std::size_t number) const {
  if (!glyphs_.superscripts) {
    return fmt::format("({})", number);
  }
  constexpr std::array<std::string_view, 10> kDigits{
      "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out;
  for (const char digit : std::to_string(number)) {
    out += kDigits.at(static_cast<std::size_t>(digit - '0'));
  }
  return out;
}

std::string Footnotes::mark(const std::string& text) {
  auto at = std::find(texts_.begin(), texts_.end(), text);
  if (at == texts_.end()) {
    texts_.push_back(text);
    at = std::prev(texts_.end());
  }
  return " " + sign(static_cast<std::size_t>(at - texts_.begin()) + 1);
}

std::vector<Line> Footnotes::lines() const {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    lines.push_back({{sign(i + 1) + " " + texts_[i], Style::dim}});
  }
  for (const std::string& remark : remarks_) {
    lines.push_back({{remark, Style::dim}});
  }
  return lines;
}

Span name_span(std::string_view foreign, const Detail& detail) {
  std::string name = display_text(foreign);
  if (detail.name_width > 0) {
    name = fit_width(name, detail.name_width);
  }
  return {std::move(name), Style::plain, true};
}

bool is_simulated(const Column& column) noexcept {
  return column.entry.simulated || column.summary.simulated;
}

Line label_of(const Column& column, const Detail& detail) {
  Line label{name_span(column.summary.backend, detail)};
  if (is_simulated(column)) {
    label.push_back({" (simulated)"});
  }
  return label;
}

Line label_of(const Report& report, std::string_view name, const Detail& detail) {
  for (const Column& column : report.columns) {
    if (column.summary.backend == name) {
      return label_of(column, detail);
    }
  }
  return {name_span(name, detail)};
}

std::string marked_name(const Report& report, const std::string& name) {
  for (const Column& column : report.columns) {
    if (column.summary.backend == name && is_simulated(column)) {
      return name + " (simulated)";
    }
  }
  return name;
}

void append(Line& line, const Line& more) {
  line.insert(line.end(), more.begin(), more.end());
}

std::string interval_name(const Report& report) {
  const double conf = report.columns.empty() ? 0.95 : report.columns.front().summary.conf;
  return fmt::format("{:.3g}% interval", conf * 100);
}

double as_points(double share) noexcept {
  return rounded(share * 100.0, 0.1);
}

std::string percent(double share) {
  return fmt::format("{:.1f}%", as_points(share));
}

std::string share_with_interval(const std::optional<double>& value,
                                const std::optional<double>& lo,
                                const std::optional<double>& hi,
                                const Glyphs& glyphs) {
  if (!value) {
    return pad(glyphs.none, 6, Align::right);
  }
  std::string text = fmt::format("{:>6}", percent(*value));
  if (lo && hi) {
    text += fmt::format(" [{:.1f}, {:.1f}]", as_points(*lo), as_points(*hi));
  }
  return text;
}

std::string points_with_interval(const compare::Estimate& estimate,
                                 bool with_interval,
                                 bool wide,
                                 const Glyphs& glyphs) {
  const int width = wide ? 6 : 5;
  if (!estimate.value) {
    return pad(glyphs.none, static_cast<std::size_t>(width), Align::right);
  }
  std::string text = fmt::format("{:>+{}.1f} pp", as_points(*estimate.value), width);
  if (with_interval && estimate.lo && estimate.hi) {
    text += fmt::format(" [{:>+{}.1f}, {:>+{}.1f}]",
                        as_points(*estimate.lo),
                        width,
                        as_points(*estimate.hi),
                        width);
  }
  return text;
}

std::string seconds(double value) {
  return fmt::format("{:.{}f}", value, decimals_for(value));
}

std::string seconds_with_interval(const compare::QuantileEstimate& estimate,
                                  bool with_interval,
                                  const Glyphs& glyphs) {
  if (!estimate.value) {
    return estimate.beyond_limit ? "timed out" : std::string(glyphs.none);
  }
  const int decimals = decimals_for(*estimate.value);
  std::string text = fmt::format("{:.{}f}", *estimate.value, decimals);
  if (!with_interval || (!estimate.lo && !estimate.hi)) {
    return text;
  }
  const std::string hi =
      estimate.hi ? fmt::format("{:.{}f}", *estimate.hi, decimals) : std::string(glyphs.infinity);
  return text + fmt::format(" [{:.{}f}, {}]", estimate.lo.value_or(0.0), decimals, hi);
}

std::string rate(double value) {
  if (value >= 9.95) {
    return fmt::format("{:.0f}", value);
  }
  return fmt::format("{:.{}f}", value, value >= 0.995 ? 1 : 2);
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace faceoff::report
