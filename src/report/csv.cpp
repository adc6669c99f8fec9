// RFC 4180, UTF-8 without a byte order mark: one row a trial.

#include "case_text.h"
#include "media.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/report/case_views.h>
#include <faceoff/report/reporter.h>

#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace faceoff::report {
namespace {

constexpr std::string_view kHeader =
    "suite,case,backend,repeat,tags,cluster,outcome,score,error,error_message,prompt,target,answer,"
    "reasons,finish,model,first_token_s,answer_s,prompt_tokens,completion_tokens,cost_usd,attempts,"
    "simulated,cached,started\r\n";

class Row {
 public:
  explicit Row(CsvText kind) : kind_(kind) {}
  void text(std::string_view foreign) { cell(csv_field(foreign, kind_)); }
  void figure(std::string_view own) { cell(std::string(own)); }
  template <typename T>
  void figure(const std::optional<T>& value) {
    cell(value ? fmt::format("{}", *value) : std::string());
  }
  void seconds(const std::optional<Duration>& value) {
    cell(value ? fmt::format("{:.6f}", to_seconds(*value)) : std::string());
  }
  [[nodiscard]] std::string take() { return std::move(out_) + "\r\n"; }

 private:
  void cell(const std::string& field) {
    out_ += (begun_ ? "," : "") + field;
    begun_ = true;
  }
  CsvText kind_;
  std::string out_;
  bool begun_ = false;
};

std::string row_of(const CaseView& item,
                   const std::string& backend,
                   const store::Record& record,
                   CsvText kind) {
  Row row(kind);
  row.text(record.suite);
  row.text(item.id);
  row.text(backend);
  row.figure(std::to_string(record.repeat));
  row.text(join(item.tags, ";"));
  row.text(item.cluster);
  row.figure(score::to_string(record.outcome));
  row.figure(record.value);
  row.figure(record.error ? backend::to_string(*record.error) : std::string_view());
  row.text(record.error_message);
  row.text(prompt_text(item.same_prompt ? item.messages : record.messages));
  row.text(join(record.targets, "\n"));
  row.text(answer_text(record));
  row.text(why_text(record));
  row.figure(record.outcome == score::Outcome::failed ? std::string_view()
                                                      : chat::to_string(record.completion.finish));
  row.text(record.completion.model);
  // As in every summary: a cached or retried answer has no latency figure of its own there, here
  // stands what was recorded.
  row.seconds(record.timing.ttft);
  row.seconds(record.timing.e2e);
  row.figure(record.completion.usage.prompt_tokens);
  row.figure(record.completion.usage.completion_tokens);
  row.figure(record.cost ? decimal_dollars(*record.cost) : std::string());
  row.figure(std::to_string(record.attempts.size()));
  row.figure(record.simulated ? "true" : "false");
  row.figure(record.cached ? "true" : "false");
  row.text(record.attempts.empty() ? std::string_view() : record.attempts.front().started_utc);
  return row.take();
}

}  // namespace

Status write_csv(const Report& report, const RenderOptions& options, const Sink& sink) {
  FACEOFF_TRY(sink(kHeader));
  if (report.cases == nullptr) {
    return {};
  }
  const CaseViews& cases = *report.cases;
  const CsvText kind = options.csv_raw ? CsvText::raw : CsvText::safe;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    FACEOFF_TRY_ASSIGN(const CaseView item, cases.at(i));
    std::string rows;
    for (std::size_t column = 0; column < item.answers.size(); ++column) {
      for (const store::Record& record : item.answers[column]) {
        rows += row_of(item, cases.columns()[column].label, record, kind);
      }
    }
    FACEOFF_TRY(sink(rows));
  }
  return {};
}

}  // namespace faceoff::report
