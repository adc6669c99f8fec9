#include "html_trend_chart.h"

#include "../look.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

// The room for points in a picture of 560 by 290.
constexpr double kLeft = 52;
constexpr double kRight = 548;
constexpr double kTop = 24;
constexpr double kBottom = 250;

struct Tick {
  double at = 0;
  std::string text;
};

// From figures to heights. Round ends where there is room for them.
class Scale {
 public:
  Scale(double lo, double hi, bool share) : log_(!share) {
    if (share) {
      linear(lo, hi);
    } else {
      logarithmic(lo, hi);
    }
  }

  [[nodiscard]] double y(double value) const {
    const double part = log_ ? std::log(std::max(value, lo_) / lo_) / std::log(hi_ / lo_)
                             : (value - lo_) / (hi_ - lo_);
    return kBottom - std::clamp(part, 0.0, 1.0) * (kBottom - kTop);
  }
  [[nodiscard]] const std::vector<Tick>& ticks() const noexcept { return ticks_; }

 private:
  void linear(double lo, double hi) {
    constexpr std::array kSteps{0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25};
    constexpr double kMostSteps = 6;
    double step = kSteps.back();
    for (const double candidate : kSteps) {
      if ((hi - lo) / candidate <= kMostSteps - 1) {
        step = candidate;
        break;
      }
    }
    lo_ = std::max(0.0, std::floor(lo / step + 1e-9) * step);
    hi_ = std::min(1.0, std::ceil(hi / step - 1e-9) * step);
    if (hi_ - lo_ < 2 * step) {
      lo_ = std::max(0.0, lo_ - step);
      hi_ = std::min(1.0, hi_ + step);
    }
    for (double at = lo_; at <= hi_ + step * 1e-6; at += step) {
      ticks_.push_back({at, fmt::format("{:.{}f}%", at * 100, step < 0.01 ? 1 : 0)});
    }
  }

  void logarithmic(double lo, double hi) {
    lo_ = lo / 1.12;
    hi_ = hi * 1.12;
    if (hi_ < lo_ * 2) {
      const double widen = std::sqrt(lo_ * 2 / hi_);
      lo_ /= widen;
      hi_ *= widen;
    }
    const double decades = std::log10(hi_ / lo_);
    const std::vector<double> digits =
        decades > 2.5   ? std::vector<double>{1}
        : decades > 1   ? std::vector<double>{1, 2, 5}
        : decades > 0.5 ? std::vector<double>{1, 1.5, 2, 3, 5, 7}
                        : std::vector<double>{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8};
    for (double decade = std::floor(std::log10(lo_)); decade <= std::log10(hi_); ++decade) {
      for (const double digit : digits) {
        const double at = digit * std::pow(10, decade);
        if (at >= lo_ && at <= hi_) {
          ticks_.push_back({at, fmt::format("{:.3g}", at)});
        }
      }
    }
  }

  bool log_;
  double lo_ = 0;
  double hi_ = 1;
  std::vector<Tick> ticks_;
};

// Dates where the day changes, else the time of day, and no more than there is room for.
std::vector<std::string> run_labels(const TrendView& view, double slot) {
  constexpr double kRoom = 58;
  const auto step = static_cast<std::size_t>(std::max(1.0, std::ceil(kRoom / slot)));
  std::vector<std::string> labels(view.runs.size());
  std::string day;
  // From the newest back, which always has its label.
  std::vector<std::size_t> shown;
  for (std::size_t i = view.runs.size(); i > 0; i -= std::min(i, step)) {
    shown.insert(shown.begin(), i - 1);
  }
  for (const std::size_t i : shown) {
    const std::string when = minute_of(view.runs[i].any->started_utc);
    if (when.size() != 16) {
      labels[i] = fit_width(display_text(when), 8);
      continue;
    }
    labels[i] = when.substr(0, 10) == day ? when.substr(11) : when.substr(5, 5);
    day = when.substr(0, 10);
  }
  return labels;
}

class Picture {
 public:
  Picture(Html& out, const TrendView& view, const TrendMetric& metric, std::string_view run)
      : out_(out),
        view_(view),
        metric_(metric),
        run_(run),
        slot_((kRight - kLeft) / static_cast<double>(std::max<std::size_t>(1, view.runs.size()))) {
    find_ends();
  }

  [[nodiscard]] bool empty() const noexcept { return !lo_; }

  void draw() {
    const Scale scale(*lo_, *hi_, metric_.share);
    out_.raw("<svg class=\"chart\" viewBox=\"0 0 560 290\" role=\"img\"><title>")
        .text(metric_.title)
        .raw(
            " over the runs</title><desc>Each run at its place in time, with its interval; the "
            "figures stand in the table below</desc>");
    marks();
    for (const Tick& tick : scale.ticks()) {
      const double y = scale.y(tick.at);
      out_.raw("<path class=\"grid\"")
          .attribute("d", fmt::format("M{} {:.1f}H{}", kLeft, y, kRight))
          .raw("/><text class=\"tick\" text-anchor=\"end\"")
          .attribute("x", kLeft - 6)
          .attribute("y", y + 4)
          .raw(">")
          .text(tick.text)
          .raw("</text>");
    }
    axis();
    for (std::size_t backend = 0; backend < view_.backends.size(); ++backend) {
      line(backend, scale);
      for (std::size_t i = 0; i < view_.runs.size(); ++i) {
        if (const TrendPoint* point = view_.runs[i].points[backend]; point != nullptr) {
          mark(i, backend, *point, scale);
        }
      }
    }
    out_.raw("</svg>");
  }

 private:
  void find_ends() {
    const auto see = [this](const std::optional<double>& value) {
      if (value && std::isfinite(*value) && (metric_.share || *value > 0)) {
        lo_ = std::min(lo_.value_or(*value), *value);
        hi_ = std::max(hi_.value_or(*value), *value);
      }
    };
    for (const TrendRun& run : view_.runs) {
      for (const TrendPoint* point : run.points) {
        if (point != nullptr && (point->*metric_.figure).value) {
          see((point->*metric_.figure).lo);
          see((point->*metric_.figure).value);
          see((point->*metric_.figure).hi);
        }
      }
    }
  }

  [[nodiscard]] double x(std::size_t run) const {
    return kLeft + (static_cast<double>(run) + 0.5) * slot_;
  }
  // Side by side, so that intervals do not hide each other.
  [[nodiscard]] double x(std::size_t run, std::size_t backend) const {
    const auto n = static_cast<double>(view_.backends.size());
    const double gap = std::min(9.0, slot_ / (n + 1));
    return x(run) + (static_cast<double>(backend) - (n - 1) / 2) * gap;
  }

  // What a reader must know of a run before comparing its points.
  void marks() {
    for (std::size_t i = 0; i < view_.runs.size(); ++i) {
      const TrendRun& run = view_.runs[i];
      std::string_view above;
      if (!run_.empty() && run.any->run == run_) {
        out_.raw("<rect class=\"now\"")
            .attribute("x", x(i) - std::min(26.0, slot_ / 2))
            .attribute("width", std::min(52.0, slot_))
            .attribute("y", kTop)
            .attribute("height", kBottom - kTop)
            .raw("/>");
        above = "this run";
      } else if (!run.any->baseline.empty()) {
        above = "baseline";
      }
      if (!above.empty()) {
        // Not beyond the right edge.
        const bool last = x(i) > kRight - 30;
        out_.raw("<text class=\"tick\"")
            .attribute("text-anchor", last ? "end" : "middle")
            .attribute("x", last ? kRight : x(i))
            .attribute("y", kTop - 8)
            .raw(">")
            .text(above)
            .raw("</text>");
      }
      if (run.suite_changed) {
        out_.raw("<path class=\"change\"")
            .attribute("d", fmt::format("M{:.1f} {}V{}", x(i) - slot_ / 2, kTop, kBottom))
            .raw("><title>the suite's text changed here</title></path>");
      }
    }
  }

  void axis() {
    const auto labels = run_labels(view_, slot_);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!labels[i].empty()) {
        out_.raw("<text class=\"tick\" text-anchor=\"middle\"")
            .attribute("x", x(i))
            .attribute("y", kBottom + 16)
            .raw(">")
            .text(labels[i])
            .raw("</text>");
      }
    }
    out_.raw("<text class=\"axis-name\" text-anchor=\"end\"")
        .attribute("x", kRight)
        .attribute("y", 286.0)
        .raw(">")
        .text(metric_.share ? "runs by start, UTC" : "runs by start, UTC; seconds, logarithmic")
        .raw("</text>");
  }

  // Only between points that say the same of the same thing.
  void line(std::size_t backend, const Scale& scale) {
    std::string path;
    const TrendPoint* before = nullptr;
    for (std::size_t i = 0; i < view_.runs.size(); ++i) {
      const TrendPoint* point = view_.runs[i].points[backend];
      if (point == nullptr || !(point->*metric_.figure).value) {
        continue;
      }
      const bool joined = before != nullptr && continues(*point, *before);
      path += fmt::format("{}{:.1f} {:.1f}",
                          joined ? 'L' : 'M',
                          x(i, backend),
                          scale.y(*(point->*metric_.figure).value));
      before = point;
    }
    if (!path.empty()) {
      out_.raw("<path").attribute("class", fmt::format("curve thin c{}", backend % 6));
      out_.attribute("d", path).raw("/>");
    }
  }

  void mark(std::size_t run, std::size_t backend, const TrendPoint& point, const Scale& scale) {
    const TrendFigure& figure = point.*metric_.figure;
    if (!figure.value) {
      return;
    }
    const double at = x(run, backend);
    const double y = scale.y(*figure.value);
    out_.raw("<g").attribute("class", fmt::format("c{}", backend % 6)).raw("><title>");
    out_.text(fmt::format("{}, {}, {}: {}",
                          end_of_id(point.run),
                          minute_of(point.started_utc),
                          point.backend,
                          trend_text(figure, metric_)));
    const std::string note = trend_note(point, view_.before(run, backend));
    out_.text(note.empty() ? "" : "; " + note).raw("</title>");
    if (figure.lo && figure.hi) {
      const double top = std::isfinite(*figure.hi) ? scale.y(*figure.hi) : kTop;
      out_.raw("<path class=\"whisker\"")
          .attribute("d", fmt::format("M{:.1f} {:.1f}V{:.1f}", at, scale.y(*figure.lo), top))
          .raw("/>");
    }
    out_.raw("<path").attribute("class", point.state == "complete" ? "mark" : "mark hollow");
    out_.attribute("d", shape(backend, at, y)).raw("/></g>");
  }

  // The signs of the legend.
  static std::string shape(std::size_t backend, double x, double y) {
    switch (backend % 6) {
      case 1:
        return fmt::format("M{:.1f} {:.1f}h7v7h-7z", x - 3.5, y - 3.5);
      case 2:
        return fmt::format("M{:.1f} {:.1f}l4.4 8h-8.8z", x, y - 4.6);
      case 3:
        return fmt::format("M{:.1f} {:.1f}l4.6 4.6l-4.6 4.6l-4.6 -4.6z", x, y - 4.6);
      case 4:
        return fmt::format("M{:.1f} {:.1f}l-4.4 -8h8.8z", x, y + 4.6);
      default:
        return fmt::format("M{:.1f} {:.1f}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", x - 4, y);
    }
  }

  Html& out_;
  const TrendView& view_;
  const TrendMetric& metric_;
  std::string_view run_;
  double slot_;
  std::optional<double> lo_;
  std::optional<double> hi_;
};

void figures(Html& out, const TrendView& view, const TrendMetric& metric) {
  out.raw(
      "<details class=\"behind\"><summary>Figures of this chart</summary><div class=\"scroll\" "
      "tabindex=\"0\" role=\"region\"");
  out.attribute("aria-label", fmt::format("{}, figures", metric.title));
  out.raw("><table><caption class=\"sr\">")
      .text(metric.title)
      .raw(
          " by run</caption><thead><tr><th scope=\"col\">Run</th><th scope=\"col\">Started (UTC)"
          "</th>");
  for (const std::string& backend : view.backends) {
    out.raw("<th scope=\"col\"><bdi>").text(backend).raw("</bdi></th>");
  }
  out.raw("</tr></thead><tbody>");
  for (const TrendRun& run : view.runs) {
    out.raw("<tr><th scope=\"row\"><bdi>").text(end_of_id(run.any->run)).raw("</bdi></th><td>");
    out.text(minute_of(run.any->started_utc)).raw("</td>");
    for (const TrendPoint* point : run.points) {
      out.raw("<td>")
          .text(point == nullptr ? "–" : trend_text(point->*metric.figure, metric))
          .raw("</td>");
    }
    out.raw("</tr>");
  }
  out.raw("</tbody></table></div></details>");
}

}  // namespace

std::string trend_text(const TrendFigure& figure, const TrendMetric& metric) {
  return metric.share ? share_text(figure) : seconds_text(figure, true, "–");
}

void trend_chart(Html& out,
                 const TrendView& view,
                 const TrendMetric& metric,
                 std::string_view run,
                 const NameWriter& name) {
  Picture picture(out, view, metric, run);
  if (picture.empty()) {
    return;
  }
  out.raw("<figure class=\"card\"><figcaption><b>").text(metric.title).raw("</b></figcaption>");
  picture.draw();
  out.raw("<p class=\"legend\">");
  for (std::size_t backend = 0; backend < view.backends.size(); ++backend) {
    out.raw("<span>");
    name(backend);
    out.raw("</span> ");
  }
  out.raw("</p>");
  figures(out, view, metric);
  out.raw("</figure>");
}

}  // namespace faceoff::report
