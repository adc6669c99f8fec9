#include "html_parts.h"
#include "html_trial.h"

#include <faceoff/base/base64.h>
#include <faceoff/base/deflate.h>
#include <faceoff/base/text.h>
#include <faceoff/compare/trial.h>
#include <faceoff/report/case_views.h>
#include <faceoff/report/reporter.h>
#include <faceoff/store/json_line.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

using store::JsonLine;

// A file of at most 10 MB: what is compressed grows by a third as base64.
constexpr std::size_t kMostTextBytes = 6'200'000;
constexpr std::size_t kBlockBytes = 192UL * 1024;
// Above this only flips and answers that did not come out plainly are listed.
constexpr std::size_t kMostListed = 20'000;
constexpr std::size_t kMostPoints = 2'500;  // of one column in the timeline
constexpr std::size_t kMostSteps = 400;     // of one curve
constexpr std::size_t kSnippet = 120;

double significant(double value, double digits) {
  if (value == 0 || !std::isfinite(value)) {
    return value;
  }
  const double scale = std::pow(10.0, digits - std::ceil(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

Json seconds_json(const std::optional<double>& seconds) {
  return seconds && std::isfinite(*seconds) ? Json(significant(*seconds, 4)) : Json(nullptr);
}

void write_seconds(JsonLine& out, const std::optional<double>& seconds) {
  if (seconds && std::isfinite(*seconds)) {
    out.value(significant(*seconds, 4));
  } else {
    out.null();
  }
}

std::string snippet_of(const CaseView& view) {
  const auto at = std::find_if(view.messages.rbegin(), view.messages.rend(), [](const auto& m) {
    return m.role == chat::Role::user;
  });
  std::string text = at == view.messages.rend() ? "" : cut_text(at->text, kSnippet);
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// Numbers names in order of first appearance.
class Names {
 public:
  std::size_t number(const std::string& name) {
    const auto [at, fresh] = numbers_.try_emplace(name, list_.size());
    if (fresh) {
      list_.push_back(cut_text(name, 200));
    }
    return at->second;
  }
  [[nodiscard]] const Json& list() const noexcept { return list_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  Json list_ = Json::array();
};

class CaseReader {
 public:
  explicit CaseReader(const CaseViews& views)
      : views_(views),
        rows_(views.size()),
        points_(views.columns().size()),
        parameters_(views.columns().size()) {
    data_.ttft.resize(views.columns().size());
    data_.e2e.resize(views.columns().size());
  }

  Status read() {
    const std::vector<std::size_t> order = reading_order();
    for (const std::size_t item : order) {
      FACEOFF_TRY_ASSIGN(const CaseView view, views_.at(item));
      add_row(item, view);
      add_text(item, view);
    }
    close_block();
    data_.cases = views_.size();
    data_.listed = order.size();
    data_.complete = order.size() == views_.size();
    return {};
  }

  CaseData finish(const Report& report) {
    Json columns = Json::array();
    for (const CaseColumn& column : views_.columns()) {
      const std::size_t at = column_of(report, column.label);
      columns.push_back(
          {{"name", cut_text(column.label, 200)},
           {"simulated", at < report.columns.size() && is_simulated(report.columns[at])}});
    }
    data_.json = {{"run", cut_text(report.manifest.id, 200)},
                  {"suite", cut_text(report.manifest.suite, 200)},
                  {"columns", std::move(columns)},
                  {"total", data_.cases},
                  {"ecdf", {{"ttft", curves(data_.ttft)}, {"e2e", curves(data_.e2e)}}},
                  {"timeline", timeline()},
                  {"index", to_base64(deflate(index_text()))},
                  {"blocks", std::move(blocks_)},
                  {"summary", to_base64(deflate(write_json(report, {})))}};
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      data_.parameters.push_back(parameters_[i].value_or("–") +
                                 (differing_.contains(i) ? " (differs between cases)" : ""));
    }
    return std::move(data_);
  }

 private:
  // What a reader looks for comes first, for the case that not everything fits.
  [[nodiscard]] std::vector<std::size_t> reading_order() const {
    std::vector<std::size_t> first;
    std::vector<std::size_t> others;
    for (std::size_t item = 0; item < views_.size(); ++item) {
      (is_telling(item) ? first : others).push_back(item);
    }
    first.insert(first.end(), others.begin(), others.end());
    first.resize(std::min(first.size(), kMostListed));
    return first;
  }

  [[nodiscard]] bool is_telling(std::size_t item) const {
    for (std::size_t column = 0; column < views_.columns().size(); ++column) {
      const CaseStanding standing = views_.standing(item, column);
      if (standing.failed > 0 || standing.outcome != score::Outcome::scored ||
          (column > 0 && views_.flipped(item, 0, column))) {
        return true;
      }
    }
    return false;
  }

  // One case of the list, written as it is read; where its texts are is known later.
  struct Row {
    std::string head;                                                         // [id, tags
    std::string tail;                                                         // snippet, cells]
    std::optional<std::pair<std::size_t, std::size_t>> place = std::nullopt;  // block, place in it
  };

  // {"tags": [...], "scorers": [...], "cases": [[id, tags, block, place, snippet, cells], ...]}
  std::string index_text() const {
    std::string text = Json{{"tags", tags_.list()}, {"scorers", scorers_.list()}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
    text.back() = ',';
    text += "\"cases\":[";
    bool first = true;
    for (const Row& row : rows_) {
      if (row.head.empty()) {
        continue;
      }
      text += first ? "" : ",";
      first = false;
      text += row.head;
      text +=
          row.place ? fmt::format(",{},{},", row.place->first, row.place->second) : ",null,null,";
      text += row.tail;
    }
    return text + "]}";
  }

  void add_row(std::size_t item, const CaseView& view) {
    JsonLine head;
    head.open('[').value(cut_text(view.id, 400)).open('[');
    for (const std::string& tag : view.tags) {
      head.value(tags_.number(tag));
    }
    head.close(']');
    JsonLine cells;
    cells.open('[');
    for (std::size_t column = 0; column < view.answers.size(); ++column) {
      cell(item, column, view.answers[column], cells);
    }
    cells.close(']');
    JsonLine snippet;
    snippet.value(snippet_of(view));
    rows_[item].head = head.take();
    rows_[item].tail = snippet.take() + "," + cells.take() + "]";
  }

  // [outcome, value, full answer, first token, retries, value by scorer]; times are medians of the
  // repeats' and null where there is none.
  void cell(std::size_t item,
            std::size_t column,
            const std::vector<store::Record>& trials,
            JsonLine& out) {
    if (trials.empty()) {
      out.null();
      return;
    }
    std::vector<double> ttft;
    std::vector<double> e2e;
    std::size_t retries = 0;
    std::map<std::size_t, std::pair<double, int>> by_scorer;
    for (const store::Record& record : trials) {
      const compare::Trial trial = compare::trial_of(record);
      if (trial.ttft) {
        ttft.push_back(*trial.ttft);
      }
      if (trial.e2e) {
        e2e.push_back(*trial.e2e);
      }
      retries += trial.retries.size();
      add_point(column, trial);
      add_parameters(column, record);
      for (const score::Score& score : record.scores) {
        if (score.verdict != score::Verdict::unscored) {
          const std::string name = scorer_name(score);
          auto& total = data_.scorers[name];
          total.resize(views_.columns().size());
          total[column].first += score.verdict == score::Verdict::scored ? score.value : 0.0;
          ++total[column].second;
          auto& [sum, n] = by_scorer[scorers_.number(name)];
          sum += score.verdict == score::Verdict::scored ? score.value : 0.0;
          ++n;
        }
      }
    }
    data_.ttft[column].insert(data_.ttft[column].end(), ttft.begin(), ttft.end());
    data_.e2e[column].insert(data_.e2e[column].end(), e2e.begin(), e2e.end());
    const auto median = [](std::vector<double>& times) -> std::optional<double> {
      if (times.empty()) {
        return std::nullopt;
      }
      std::ranges::sort(times);
      return times[times.size() / 2];
    };
    const CaseStanding standing = views_.standing(item, column);
    out.open('[').value(static_cast<int>(standing.outcome));
    if (standing.value) {
      out.value(significant(*standing.value, 4));
    } else {
      out.null();
    }
    write_seconds(out, median(e2e));
    write_seconds(out, median(ttft));
    out.value(retries).open('[');
    for (const auto& [number, total] : by_scorer) {
      out.open('[').value(number).value(significant(total.first / total.second, 3)).close(']');
    }
    out.close(']').close(']');
  }

  struct Point {
    double at = 0;
    double took = 0;
    int kind = 0;  // 0 an answer, 1 one after retries, 2 a failure
  };
  void add_point(std::size_t column, const compare::Trial& trial) {
    if (!trial.started || !trial.ended || trial.cached) {
      return;
    }
    const int kind = !trial.answered() ? 2 : trial.retries.empty() ? 0 : 1;
    points_[column].push_back(
        {.at = *trial.started, .took = *trial.ended - *trial.started, .kind = kind});
    begin_ = std::min(begin_, *trial.started);
  }

  void add_parameters(std::size_t column, const store::Record& record) {
    const std::string text = parameters_text(record.params);
    if (!parameters_[column]) {
      parameters_[column] = text;
    } else if (*parameters_[column] != text) {
      differing_.insert(column);
    }
  }

  void add_text(std::size_t item, const CaseView& view) {
    if (full_) {
      return;
    }
    block_ += block_.empty() ? '[' : ',';
    block_ += case_json(view);
    rows_[item].place = {blocks_.size(), members_.size()};
    members_.push_back(item);
    if (block_.size() >= kBlockBytes) {
      close_block();
    }
  }

  void close_block() {
    if (block_.empty()) {
      return;
    }
    const std::string bytes = deflate(block_ + "]");
    block_.clear();
    if (used_ + bytes.size() > kMostTextBytes) {
      full_ = true;
      for (const std::size_t item : members_) {
        rows_[item].place.reset();
      }
    } else {
      used_ += bytes.size();
      data_.with_text += members_.size();
      blocks_.push_back(to_base64(bytes));
    }
    members_.clear();
  }

  // Sorted seconds with null for a time limit; of many, as many quantiles.
  static Json curves(std::vector<std::vector<double>>& columns) {
    Json all = Json::array();
    for (auto& times : columns) {
      std::ranges::sort(times);
      Json steps = Json::array();
      const std::size_t n = times.size();
      const std::size_t count = std::min(n, kMostSteps);
      for (std::size_t i = 0; i < count; ++i) {
        // The last step is always the greatest time.
        steps.push_back(seconds_json(times[(i + 1) * n / count - 1]));
      }
      all.push_back({{"n", n}, {"x", std::move(steps)}});
    }
    return all;
  }

  Json timeline() {
    Json all = Json::array();
    for (auto& points : points_) {
      std::ranges::sort(points, {}, &Point::at);
      const std::size_t step = (points.size() + kMostPoints - 1) / kMostPoints;
      Json shown = Json::array();
      std::size_t seen = 0;
      for (const Point& point : points) {
        if (point.kind == 0 && seen++ % std::max<std::size_t>(1, step) != 0) {
          continue;
        }
        shown.push_back(
            {significant(point.at - begin_, 6), significant(point.took, 4), point.kind});
      }
      all.push_back({{"n", points.size()}, {"p", std::move(shown)}});
    }
    return all;
  }

  const CaseViews& views_;
  CaseData data_;
  Names tags_;
  Names scorers_;
  std::vector<Row> rows_;
  std::vector<std::vector<Point>> points_;
  double begin_ = std::numeric_limits<double>::infinity();
  std::vector<std::optional<std::string>> parameters_;
  std::set<std::size_t> differing_;
  Json blocks_ = Json::array();
  std::string block_;
  std::vector<std::size_t> members_;  // cases of the open block
  std::size_t used_ = 0;
  bool full_ = false;
};

}  // namespace

Result<CaseData> read_case_data(const Report& report) {
  if (report.cases == nullptr || report.cases->size() == 0) {
    return CaseData{};
  }
  CaseReader reader(*report.cases);
  FACEOFF_TRY(reader.read());
  return reader.finish(report);
}

void cases_part(Html& out, const Report& report, const CaseData& data) {
  if (data.json.is_null()) {
    return;
  }
  out.raw(
         "<section class=\"part\" aria-labelledby=\"cases\"><h2 id=\"cases\">Cases</h2>"
         "<noscript><p>The list of cases needs JavaScript; <code>faceoff show ")
      .text(report.manifest.id)
      .raw(" CASE</code> prints one in a terminal.</p></noscript>");
  if (data.listed < data.cases) {
    out.raw("<p class=\"note\">")
        .text(fmt::format("{} of {} cases are listed: flips, failures and other answers that did "
                          "not come out plainly first.",
                          data.listed,
                          data.cases))
        .raw("</p>");
  }
  if (data.with_text < data.listed) {
    out.raw("<p class=\"note\">")
        .text(fmt::format("Prompts and answers of {} of them are in this file; those of the others "
                          "stand in the run's records.",
                          data.with_text))
        .raw("</p>");
  }
  out.raw("<div class=\"needs-script\" id=\"browser\"></div></section>");
}

}  // namespace faceoff::report
