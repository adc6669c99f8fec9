#include "trend_view.h"

#include "look.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {

TrendView::TrendView(const Trend& trend, std::vector<std::string> wanted)
    : backends(std::move(wanted)) {
  const bool all = backends.empty();
  for (const TrendPoint& point : trend.points) {
    auto place = std::ranges::find(backends, point.backend);
    if (place == backends.end()) {
      if (!all) {
        continue;
      }
      backends.push_back(point.backend);
      place = std::prev(backends.end());
    }
    if (runs.empty() || runs.back().any->run != point.run) {
      TrendRun run{.points = {}, .any = &point};
      run.suite_changed = !runs.empty() && runs.back().any->suite_digest != point.suite_digest;
      runs.push_back(std::move(run));
    }
    const auto at = static_cast<std::size_t>(place - backends.begin());
    runs.back().points.resize(std::max(runs.back().points.size(), at + 1));
    runs.back().points[at] = &point;
  }
  for (TrendRun& run : runs) {
    run.points.resize(backends.size());
  }
}

const TrendPoint* TrendView::before(std::size_t run, std::size_t backend) const noexcept {
  while (run-- > 0) {
    if (runs[run].points[backend] != nullptr) {
      return runs[run].points[backend];
    }
  }
  return nullptr;
}

bool continues(const TrendPoint& point, const TrendPoint& before) noexcept {
  return point.suite_digest == before.suite_digest && point.model == before.model;
}

std::string trend_note(const TrendPoint& point, const TrendPoint* before) {
  std::vector<std::string> notes;
  if (!point.baseline.empty()) {
    notes.push_back("baseline " + display_text(point.baseline));
  }
  if (point.state != "complete") {
    notes.push_back(display_text(point.state));
  }
  if (before != nullptr && before->suite_digest != point.suite_digest) {
    notes.emplace_back("suite changed");
  }
  if (before != nullptr && before->model != point.model) {
    notes.emplace_back("other model");
  }
  return join(notes, ", ");
}

std::string minute_of(const std::string& utc) {
  return utc.size() >= 16 && utc[10] == 'T' ? utc.substr(0, 10) + " " + utc.substr(11, 5) : utc;
}

std::string end_of_id(const std::string& id) {
  const auto dash = id.rfind('-');
  return dash == std::string::npos || dash + 1 == id.size() ? id : id.substr(dash + 1);
}

std::string share_text(const TrendFigure& figure) {
  const std::string text =
      share_with_interval(figure.value, figure.lo, figure.hi, unicode_glyphs());
  return text.substr(std::min(text.size(), text.find_first_not_of(' ')));
}

std::string seconds_text(const TrendFigure& figure, bool interval, std::string_view none) {
  if (!figure.value) {
    return std::string(none);
  }
  std::string out = seconds(*figure.value) + " s";
  if (interval && figure.lo && figure.hi) {
    out += fmt::format(" [{}, {}]", seconds(*figure.lo), seconds(*figure.hi));
  }
  return out;
}

}  // namespace faceoff::report
