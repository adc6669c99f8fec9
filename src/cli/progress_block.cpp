#include "progress_block.h"

#include <faceoff/base/text.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::size_t kUsualWidth = 80;
constexpr std::size_t kLeastName = 6;

std::string clock_text(Duration d) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(d).count();
  return seconds < 3600
             ? fmt::format("{}:{:02}", seconds / 60, seconds % 60)
             : fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string dim(const std::string& text, const Style& style) {
  return style.colour && !text.empty() ? "\x1b[2m" + text + "\x1b[0m" : text;
}

// How much of a bar's line is shown.
struct BarLine {
  std::size_t bar = 30;
  bool rate = true;
  bool in_flight = true;
  bool left = true;
  bool share = true;
  std::size_t name = 0;
};

std::string figures_of(const LaneView& lane, const BarLine& shows, std::size_t count_width) {
  std::string out = pad(fmt::format("{}/{}", lane.done, lane.planned), count_width, Align::right);
  if (shows.share) {
    const double share = lane.planned == 0
                             ? 1.0
                             : static_cast<double>(lane.done) / static_cast<double>(lane.planned);
    out += fmt::format("  {:>3.0f}%", std::min(share, 1.0) * 100);
  }
  if (shows.in_flight) {
    out += fmt::format("  {:>3} in flight", lane.in_flight);
    out += lane.limit > 0 ? fmt::format(" (at most {})", lane.limit) : "";
  }
  if (shows.rate && lane.rate) {
    out += fmt::format("  {:.1f}/s", *lane.rate);
  }
  if (shows.left && lane.left) {
    out += fmt::format("  {} left", clock_text(*lane.left));
  }
  return out;
}

std::string bar_of(const LaneView& lane, std::size_t width, const Style& style) {
  const double share =
      lane.planned == 0
          ? 1.0
          : std::min(1.0, static_cast<double>(lane.done) / static_cast<double>(lane.planned));
  const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
  std::string done;
  std::string rest;
  for (std::size_t i = 0; i < width; ++i) {
    if (i < full) {
      done += style.unicode ? "━" : "#";
    } else {
      rest += style.unicode ? "─" : "-";
    }
  }
  return (style.colour ? "\x1b[32m" + done + "\x1b[0m" : done) + dim(rest, style);
}

std::size_t widest(const std::vector<LaneView>& lanes, const auto& text_of) {
  std::size_t width = 0;
  for (const LaneView& lane : lanes) {
    width = std::max(width, display_width(text_of(lane)));
  }
  return width;
}

void add_bars(const ProgressView& view,
              const Style& style,
              std::size_t width,
              std::vector<std::string>& lines) {
  const std::size_t name_width = widest(view.lanes, [](const LaneView& l) { return l.name; });
  const std::size_t count_width =
      widest(view.lanes, [](const LaneView& l) { return fmt::format("{}/{}", l.done, l.planned); });
  constexpr std::array<BarLine, 8> kChoices{{
      {.bar = 30},
      {.bar = 20},
      {.bar = 20, .rate = false},
      {.bar = 10, .rate = false},
      {.bar = 10, .rate = false, .in_flight = false},
      {.bar = 8, .rate = false, .in_flight = false, .left = false},
      {.bar = 0, .rate = false, .in_flight = false, .left = false},
      {.bar = 0, .rate = false, .in_flight = false, .left = false, .share = false},
  }};
  BarLine shows = kChoices.back();
  for (BarLine choice : kChoices) {
    const std::size_t figures =
        widest(view.lanes, [&](const LaneView& l) { return figures_of(l, choice, count_width); });
    const std::size_t rest = 2 + (choice.bar > 0 ? choice.bar + 2 : 0) + 2 + figures;
    if (rest + std::min(name_width, kLeastName) <= width) {
      shows = choice;
      shows.name = std::min(name_width, width - rest);
      // A name that is cut short costs more than a bar.
      if (shows.name == name_width || choice.bar <= 10) {
        break;
      }
    }
  }
  for (const LaneView& lane : view.lanes) {
    std::string line =
        "  " + pad(fit_width(lane.name, std::max(shows.name, std::size_t{1})), shows.name) + "  ";
    if (shows.bar > 0) {
      line += bar_of(lane, shows.bar, style) + "  ";
    }
    lines.push_back(line + figures_of(lane, shows, count_width));
  }
}

std::string seconds_text(const std::optional<double>& value, const Style& style) {
  if (!value) {
    return style.unicode ? "–" : "-";
  }
  return *value < 0.0995 ? fmt::format("{:.3f} s", *value) : fmt::format("{:.2f} s", *value);
}

using Cells = std::vector<std::string>;

Cells cells_of(const LaneView& lane, const Style& style) {
  const std::string none = style.unicode ? "–" : "-";
  std::string score = none;
  if (lane.score) {
    score = fmt::format("{:.1f}%", *lane.score * 100);
    if (lane.half_width) {
      score += fmt::format(" {}{:.1f}", style.unicode ? "±" : "+-", *lane.half_width * 100);
    }
  }
  return {lane.name,
          score,
          seconds_text(lane.ttft, style),
          seconds_text(lane.e2e, style),
          lane.tokens_per_second ? fmt::format("{:.0f}", *lane.tokens_per_second) : none,
          std::to_string(lane.failed),
          lane.spent ? format_money(*lane.spent) : none};
}

void add_table(const ProgressView& view,
               const Style& style,
               std::size_t width,
               std::vector<std::string>& lines) {
  std::vector<Cells> rows{
      {"so far", "score", "first token", "full answer", "tok/s", "errors", "spent"}};
  for (const LaneView& lane : view.lanes) {
    rows.push_back(cells_of(lane, style));
  }
  const auto width_of = [&rows](std::size_t column) {
    std::size_t most = 0;
    for (const Cells& cells : rows) {
      most = std::max(most, display_width(cells[column]));
    }
    return most;
  };
  // Left out in this order where there is no room.
  std::vector<bool> shown(rows.front().size(), true);
  constexpr std::array<std::size_t, 5> kDropped{4, 6, 3, 2, 5};
  std::size_t name = width_of(0);
  const auto total = [&] {
    std::size_t sum = 2 + name;
    for (std::size_t i = 1; i < shown.size(); ++i) {
      sum += shown[i] ? 2 + width_of(i) : 0;
    }
    return sum;
  };
  for (const std::size_t column : kDropped) {
    if (total() > width) {
      shown[column] = false;
    }
  }
  if (total() > width) {
    const std::size_t excess = total() - width;
    name = name > excess + kLeastName ? name - excess : kLeastName;
  }
  for (const Cells& cells : rows) {
    std::string line = "  " + pad(fit_width(cells[0], name), name);
    for (std::size_t i = 1; i < cells.size(); ++i) {
      if (shown[i]) {
        line += "  " + pad(cells[i], width_of(i), Align::right);
      }
    }
    line = fit_width(line, width);
    lines.push_back(&cells == rows.data() ? dim(line, style) : line);
  }
}

std::string foot(const ProgressView& view, std::size_t width) {
  const std::string elapsed = fmt::format("  {} elapsed", clock_text(view.elapsed));
  const std::string saved =
      view.saved ? fmt::format("; saved {:.1f} s ago", to_seconds(*view.saved)) : std::string();
  const std::array<std::string, 3> choices{
      elapsed + saved + "; Ctrl-C stops cleanly and keeps the answers",
      elapsed + "; Ctrl-C keeps the answers",
      elapsed};
  for (const std::string& choice : choices) {
    if (display_width(choice) <= width) {
      return choice;
    }
  }
  return fit_width(elapsed, width);
}

}  // namespace

std::vector<std::string> progress_lines(const ProgressView& view,
                                        const Style& style,
                                        std::size_t rows) {
  // The last column stays free: some terminals wrap a line that fills it.
  const std::size_t width = (style.width == 0 ? kUsualWidth : style.width) - 1;
  std::vector<std::string> bars;
  add_bars(view, style, width, bars);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < view.lanes.size(); ++i) {
    lines.push_back(bars[i]);
    if (!view.lanes[i].wait.empty()) {
      lines.push_back("    " + fit_width(view.lanes[i].wait, width > 4 ? width - 4 : 1));
    }
  }
  std::vector<std::string> table;
  const auto has_score = [](const LaneView& lane) { return lane.scored > 0; };
  if (std::ranges::any_of(view.lanes, has_score)) {
    table.emplace_back();
    add_table(view, style, width, table);
    table.emplace_back();
  }
  if (rows == 0 || lines.size() + table.size() + 1 <= rows) {
    std::ranges::move(table, std::back_inserter(lines));
  }
  lines.push_back(dim(foot(view, width), style));
  if (rows > 0 && lines.size() > rows) {
    lines.resize(rows);
  }
  return lines;
}

}  // namespace faceoff::cli
