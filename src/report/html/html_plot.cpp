#include "html_plot.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace faceoff::report {
namespace {

constexpr double kWidth = 140;
constexpr double kMiddle = 8;

double along(double share) noexcept {
  return 2 + std::clamp(share, 0.0, 1.0) * (kWidth - 4);
}

void open(Html& out, std::string_view kind) {
  out.raw("<svg").attribute("class", kind);
  out.raw(
      " viewBox=\"0 0 140 16\" width=\"140\" height=\"16\" aria-hidden=\"true\" "
      "focusable=\"false\"><path class=\"rail\" d=\"M2 8H138\"/>");
}

void interval(Html& out, double from, double to) {
  out.raw("<rect class=\"span\" rx=\"2.5\" y=\"4.5\" height=\"7\"")
      .attribute("x", from)
      .attribute("width", std::max(1.5, to - from))
      .raw("/>");
}

void point(Html& out, double at) {
  out.raw("<circle class=\"dot\" r=\"3.4\"").attribute("cx", at).attribute("cy", kMiddle).raw("/>");
}

// `place` maps a figure to a share of the rail; an open end runs off the rail.
template <typename Place>
void estimate(Html& out,
              const compare::Comparison& comparison,
              std::string_view scale,
              Place place) {
  const compare::Estimate& e = comparison.estimate;
  std::string kind = "bar diff ";
  kind += scale;
  kind += comparison.verdict == compare::Verdict::better  ? " up"
          : comparison.verdict == compare::Verdict::worse ? " down"
                                                          : " open";
  open(out, kind);
  out.raw("<path class=\"zero\" d=\"M70 1V15\"/>");
  if (e.value) {
    if (e.lo && e.hi) {
      interval(out, along(place(*e.lo)), along(place(*e.hi)));
    }
    point(out, along(place(*e.value)));
  }
  out.raw("</svg>");
}

}  // namespace

void share_bar(Html& out,
               const std::optional<double>& value,
               const std::optional<double>& lo,
               const std::optional<double>& hi,
               std::size_t column) {
  open(out, "bar c" + std::to_string(column % 6));
  if (value) {
    if (lo && hi) {
      interval(out, along(*lo), along(*hi));
    }
    point(out, along(*value));
  }
  out.raw("</svg>");
}

void difference_bar(Html& out, const compare::Comparison& comparison, double reach) {
  estimate(out, comparison, "points", [reach](double x) { return 0.5 + x / reach / 2; });
}

void ratio_bar(Html& out, const compare::Comparison& comparison, double reach) {
  estimate(out, comparison, "ratio", [reach](double x) {
    return x <= 0 ? 0.0 : 0.5 + std::log(x) / std::log(reach) / 2;
  });
}

}  // namespace faceoff::report
