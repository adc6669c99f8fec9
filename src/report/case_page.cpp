#include "case_marks.h"
#include "case_text.h"
#include "look.h"
#include "terminal_text.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/report/case_page.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

constexpr std::size_t kLeastColumn = 30;
constexpr std::size_t kMostRepeats = 20;

std::string_view bar_of(const RenderOptions& options) {
  return options.unicode ? "│ " : "| ";
}

// "✓ 1.00 · 0.41 s · 12 tokens · $0.0031".
Line figures_of(const store::Record& record, const RenderOptions& options) {
  const bool failed = record.outcome == score::Outcome::failed;
  Line line{mark_of(record.value, failed, options)};
  const auto add = [&](const std::string& text) {
    line.push_back({std::string(glyphs_of(options).separator) + text, Style::dim});
  };
  if (!failed && record.outcome != score::Outcome::scored) {
    add(std::string(score::to_string(record.outcome)));
  }
  if (record.timing.e2e) {
    add(format_duration(*record.timing.e2e));
  }
  if (record.completion.usage.completion_tokens) {
    add(counted(static_cast<std::uint64_t>(*record.completion.usage.completion_tokens), "token"));
  }
  if (record.cost) {
    add(format_money(*record.cost));
  }
  if (record.attempts.size() > 1) {
    add(counted(record.attempts.size(), "attempt"));
  }
  if (record.cached) {
    add("not asked now");
  }
  return line;
}

// The line as far as it fits; 0: all of it.
Line fit(const Line& text, std::size_t width) {
  if (width == 0 || width_of(text) <= width) {
    return text;
  }
  Line out;
  std::size_t used = 0;
  for (Span span : text) {
    const std::size_t size = display_width(span.text);
    if (used + size > width) {
      span.text = fit_width(span.text, width - used);
      out.push_back(std::move(span));
      return out;
    }
    used += size;
    out.push_back(std::move(span));
  }
  return out;
}

class CasePage {
 public:
  CasePage(const CaseView& item, std::span<const CaseColumn> columns, const RenderOptions& options)
      : item_(item), columns_(columns), options_(options) {}

  std::string write() {
    title();
    prompt();
    std::size_t repeats = 1;
    for (const auto& answers : item_.answers) {
      repeats = std::max(repeats, answers.size());
    }
    for (std::size_t i = 0; i < std::min(repeats, kMostRepeats); ++i) {
      line({});
      line({{repeats > 1 ? fmt::format("Answers, repeat {} of {}", i + 1, repeats) : "Answers",
             Style::bold}});
      answers(i);
      why(i);
    }
    if (repeats > kMostRepeats) {
      line({{fmt::format("{} more repeats", repeats - kMostRepeats), Style::dim}});
    }
    return std::move(out_);
  }

 private:
  void line(const Line& text) { out_ += terminal_line(text, options_); }

  void cut_line(const Line& text) { line(fit(text, options_.width)); }

  // Foreign text behind a bar, wrapped.
  void quoted(std::string_view foreign, std::size_t most_lines = 200) {
    const std::size_t room = options_.width > 8 ? options_.width - 4 : options_.width;
    const auto lines = wrap_words(words_of(display_text(foreign, Lines::keep)), room, {}, options_);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i == most_lines) {
        line(
            {{fmt::format("  {}({} more lines)", bar_of(options_), lines.size() - i), Style::dim}});
        return;
      }
      Line text{{"  " + std::string(bar_of(options_)), Style::dim}};
      append(text, lines[i]);
      line(text);
    }
  }

  void title() {
    const std::string separator(glyphs_of(options_).separator);
    Line text{{"case ", Style::bold}, {display_text(item_.id), Style::bold, true}};
    if (!item_.tags.empty()) {
      text.push_back({separator + display_text(join(item_.tags, ", ")), Style::plain, true});
    }
    if (!item_.cluster.empty()) {
      text.push_back({separator + "cluster " + display_text(item_.cluster), Style::plain, true});
    }
    cut_line(text);
  }

  void prompt() {
    if (item_.messages.empty()) {
      line({{"the prompt is not recorded", Style::dim}});
    }
    for (const chat::Message& message : item_.messages) {
      line({});
      line({{std::string(chat::to_string(message.role)), Style::bold}});
      quoted(message.text);
    }
    if (!item_.same_prompt) {
      line({{"the columns were asked different prompts; this is the first one's", Style::dim}});
    }
    if (!item_.targets.empty()) {
      line({});
      line({{item_.targets.size() == 1 ? "Target" : "Targets, any of", Style::bold}});
      for (const std::string& target : item_.targets) {
        quoted(target);
      }
    }
  }

  // Words of every column's answer; what differs from the first is marked, in the first what
  // differs from the only other.
  std::vector<std::vector<DiffWord>> compared(std::size_t repeat, bool& too_long) const {
    std::vector<std::vector<DiffWord>> words;
    for (const auto& answers : item_.answers) {
      words.push_back(repeat < answers.size()
                          ? words_of(display_text(answer_text(answers[repeat]), Lines::keep))
                          : std::vector<DiffWord>{});
    }
    for (std::size_t i = 1; i < words.size(); ++i) {
      std::vector<DiffWord> first = words.front();
      const bool both = repeat < item_.answers.front().size() && repeat < item_.answers[i].size();
      if (both && !mark_differences(words.size() == 2 ? words.front() : first, words[i])) {
        too_long = true;
      }
    }
    return words;
  }

  // Cut to the room; 0: whole.
  Line name_of(std::size_t column, std::size_t repeat, std::size_t room) const {
    const bool asked = repeat < item_.answers[column].size();
    const std::string mark = asked && item_.answers[column][repeat].simulated ? " (simulated)" : "";
    std::string name = display_text(columns_[column].label);
    if (room > 0) {
      name = fit_width(name, std::max<std::size_t>(room > mark.size() ? room - mark.size() : 0, 8));
    }
    Line line{{std::move(name), Style::bold, true}};
    if (!mark.empty()) {
      line.push_back({mark});
    }
    return line;
  }

  // Begins with a gap.
  Line outcome_of(std::size_t column, std::size_t repeat) const {
    Line line{{"  "}};
    if (repeat >= item_.answers[column].size()) {
      line.push_back({"not asked", Style::dim});
    } else {
      append(line, figures_of(item_.answers[column][repeat], options_));
    }
    return line;
  }

  void answers(std::size_t repeat) {
    bool too_long = false;
    auto words = compared(repeat, too_long);
    const std::size_t count = words.size();
    const std::size_t gaps = 4 + 3 * (count - 1);
    const std::size_t room =
        options_.width > gaps && count > 1 ? (options_.width - gaps) / count : 0;
    const std::size_t most = options_.width > 8 ? options_.width - 4 : options_.width;
    std::vector<std::vector<Line>> blocks;
    for (std::size_t i = 0; i < count; ++i) {
      const DiffLook look =
          i == 0 ? DiffLook{.mark = Style::bad, .open = "[-", .close = "-]"} : DiffLook{};
      blocks.push_back(
          wrap_words(std::move(words[i]), room >= kLeastColumn ? room : most, look, options_));
      if (blocks.back().empty() || (blocks.back().size() == 1 && width_of(blocks.back()[0]) == 0)) {
        blocks.back() = {{{"(empty)", Style::dim}}};
      }
    }
    if (room >= kLeastColumn) {
      side_by_side(blocks, room, repeat);
    } else {
      stacked(blocks, repeat);
    }
    if (too_long) {
      line({{"  too long to be compared word by word", Style::dim}});
    }
  }

  void stacked(const std::vector<std::vector<Line>>& blocks, std::size_t repeat) {
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      Line head{{"  "}};
      append(head, name_of(i, repeat, 0));
      append(head, outcome_of(i, repeat));
      if (options_.width == 0 || width_of(head) <= options_.width) {
        line(head);
      } else {
        Line name{{"  "}};
        append(name, name_of(i, repeat, options_.width > 2 ? options_.width - 2 : 0));
        line(name);
        cut_line(outcome_of(i, repeat));
      }
      if (repeat >= item_.answers[i].size()) {
        continue;
      }
      for (const Line& text : blocks[i]) {
        Line quoted{{"  " + std::string(bar_of(options_)), Style::dim}};
        append(quoted, text);
        line(quoted);
      }
    }
  }

  void side_by_side(const std::vector<std::vector<Line>>& blocks,
                    std::size_t room,
                    std::size_t repeat) {
    std::size_t height = 0;
    for (const auto& block : blocks) {
      height = std::max(height, block.size());
    }
    const auto row = [&](const auto& cell_of) {
      Line text{{"  "}};
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Line cell = fit(cell_of(i), room);
        text.push_back({(i == 0 ? "" : " ") + std::string(bar_of(options_)), Style::dim});
        append(text, cell);
        const std::size_t width = width_of(cell);
        text.push_back({std::string(room > width ? room - width : 0, ' ')});
      }
      line(text);
    };
    // Names above their figures where not all of them fit beside each other.
    bool fits = true;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      Line head = name_of(i, repeat, 0);
      append(head, outcome_of(i, repeat));
      fits = fits && width_of(head) <= room;
    }
    if (fits) {
      row([&](std::size_t i) {
        Line head = name_of(i, repeat, 0);
        append(head, outcome_of(i, repeat));
        return head;
      });
    } else {
      row([&](std::size_t i) { return name_of(i, repeat, room); });
      row([&](std::size_t i) {
        Line figures = outcome_of(i, repeat);
        figures.erase(figures.begin());  // the gap behind the name
        return figures;
      });
    }
    for (std::size_t y = 0; y < height; ++y) {
      row([&](std::size_t i) { return y < blocks[i].size() ? blocks[i][y] : Line{}; });
    }
  }

  void why(std::size_t repeat) {
    bool headed = false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (repeat >= item_.answers[i].size()) {
        continue;
      }
      const store::Record& record = item_.answers[i][repeat];
      const std::string text = reasons(record);
      if (text.empty()) {
        continue;
      }
      if (!std::exchange(headed, true)) {
        line({});
        line({{"Why", Style::bold}});
      }
      cut_line({{"  "}, {display_text(columns_[i].label), Style::plain, true}});
      quoted(text);
    }
  }

  // Scores with what each extraction step took, then attempts where there was trouble.
  static std::string reasons(const store::Record& record) {
    std::string out = why_text(record);
    for (const score::Score& score : record.scores) {
      for (const score::TraceStep& step : score.trace) {
        out += fmt::format("\n{}: {} took {}",
                           score.label.empty() ? score.scorer : score.label,
                           step.step,
                           step.taken ? fmt::format("'{}'", *step.taken) : std::string("nothing"));
      }
    }
    for (const store::Attempt& attempt : record.attempts) {
      if (!attempt.failure && attempt.note.empty()) {
        continue;
      }
      out +=
          fmt::format("\nattempt {}: {}{}{}{}",
                      attempt.number,
                      attempt.http_status > 0 ? fmt::format("HTTP {} ", attempt.http_status) : "",
                      attempt.failure ? backend::to_string(*attempt.failure) : "ok",
                      attempt.message.empty() ? "" : ": " + attempt.message,
                      attempt.note.empty() ? "" : "; " + attempt.note);
    }
    for (const std::string& warning : record.warnings) {
      out += "\nwarning: " + warning;
    }
    return out.starts_with('\n') ? out.substr(1) : out;
  }

  const CaseView& item_;
  std::span<const CaseColumn> columns_;
  const RenderOptions& options_;
  std::string out_;
};

}  // namespace

std::string write_case(const CaseView& item,
                       std::span<const CaseColumn> columns,
                       const RenderOptions& options) {
  return CasePage(item, columns, options).write();
}

}  // namespace faceoff::report
