// Many cases, a line each.

#include "case_marks.h"
#include "terminal_text.h"

#include <faceoff/base/text.h>
#include <faceoff/report/case_page.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

Span standing_mark(const CaseStanding& standing, const RenderOptions& options) {
  if (standing.trials == 0) {
    return {std::string(glyphs_of(options).none), Style::dim};
  }
  Span mark = mark_of(standing.value, standing.failed == standing.trials, options);
  if (standing.outcome != score::Outcome::scored && standing.outcome != score::Outcome::failed) {
    mark.text += " " + std::string(score::to_string(standing.outcome));
  }
  return mark;
}

}  // namespace

Span mark_of(const std::optional<double>& value, bool failed, const RenderOptions& options) {
  if (failed) {
    return {options.unicode ? "✗ failed" : "x failed", Style::bad};
  }
  if (!value) {
    return {"? no score", Style::dim};
  }
  const bool passed = *value >= 0.5;
  const std::string_view sign = options.unicode ? (passed ? "✓" : "✗") : (passed ? "+" : "x");
  return {fmt::format("{} {:.2f}", sign, *value), passed ? Style::good : Style::bad};
}

std::string write_case_list(const std::string& heading,
                            const CaseViews& cases,
                            std::span<const std::size_t> items,
                            const RenderOptions& options) {
  constexpr std::size_t kNarrowest = 8;
  const auto make = [&](std::size_t name_width, bool with_tags) {
    const auto cut = [&](std::string_view foreign) {
      const std::string safe = display_text(foreign);
      return name_width == 0 ? safe : fit_width(safe, name_width);
    };
    Section section;
    section.heading = {{heading, Style::bold}};
    section.grid.columns.push_back({{{"case"}}, Align::left});
    for (const CaseColumn& column : cases.columns()) {
      section.grid.columns.push_back({{{cut(column.label), Style::plain, true}}, Align::left});
    }
    if (with_tags) {
      section.grid.columns.push_back({{{"tags"}}, Align::left});
    }
    for (const std::size_t item : items) {
      std::vector<Line> row{{{cut(cases.id(item)), Style::plain, true}}};
      for (std::size_t column = 0; column < cases.columns().size(); ++column) {
        row.push_back({standing_mark(cases.standing(item, column), options)});
      }
      if (with_tags) {
        row.push_back({{cut(join(cases.tags(item), ", ")), Style::dim, true}});
      }
      section.grid.rows.push_back(std::move(row));
    }
    return section;
  };
  Section section = make(0, true);
  for (const auto& [width, tags] : {std::pair<std::size_t, bool>{40, true},
                                    {24, true},
                                    {24, false},
                                    {16, false},
                                    {kNarrowest, false}}) {
    if (options.width == 0 || section.grid.width() <= options.width) {
      break;
    }
    section = make(width, tags);
  }
  std::string out = terminal_line(section.heading, options);
  section.heading.clear();
  Page page;
  page.sections.push_back(std::move(section));
  // A page begins with its title and an empty line, which a list has no use for.
  const std::string text = terminal_page(page, options);
  return out + text.substr(std::min(text.find_first_not_of('\n'), text.size()));
}

Result<std::string> write_failures(const CaseViews& cases,
                                   std::span<const std::size_t> items,
                                   const RenderOptions& options) {
  Page page;
  Section section;
  std::size_t count = 0;
  for (const std::size_t item : items) {
    FACEOFF_TRY_ASSIGN(const CaseView view, cases.at(item));
    for (std::size_t column = 0; column < view.answers.size(); ++column) {
      for (const store::Record& record : view.answers[column]) {
        if (record.outcome != score::Outcome::failed) {
          continue;
        }
        ++count;
        Quote quote;
        quote.intro = {{display_text(view.id), Style::bold, true},
                       {" on "},
                       {display_text(cases.columns()[column].label), Style::plain, true},
                       {fmt::format(": {} after {}",
                                    record.error ? backend::to_string(*record.error) : "failed",
                                    counted(record.attempts.size(), "attempt"))}};
        quote.text = record.error_message;
        section.quotes.push_back(std::move(quote));
      }
    }
  }
  section.heading = {{counted(count, "trial") + " failed", Style::bold}};
  page.sections.push_back(std::move(section));
  const std::string text = terminal_page(page, options);
  return text.substr(std::min(text.find_first_not_of('\n'), text.size()));
}

}  // namespace faceoff::report
