#include "gate_words.h"

#include <faceoff/base/text.h>
#include <faceoff/base/units.h>

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace faceoff::compare {
namespace {

// The shortest decimal text that reads back as `value` after `back`.
template <class Back>
std::string shortest(double shown, double value, Back back) {
  for (int digits = 1; digits < 17; ++digits) {
    const std::string text = fmt::format("{:.{}g}", shown, digits);
    const auto again = parse_double(text);
    if (again && back(*again) == value && text.find('e') == std::string::npos) {
      return text;
    }
  }
  return fmt::format("{:.17f}", shown);
}

std::string percent_text(double value) {
  return shortest(value * 100.0, value, [](double x) { return x / 100.0; });
}

double seconds_of(double value) {
  return to_seconds(from_ms(value * 1000.0));
}

std::optional<Metric> metric_named(std::string_view word) {
  if (word == "ttft") {
    return Metric::ttft;
  }
  return word == "e2e" ? std::optional(Metric::e2e) : std::nullopt;
}

WordMistake unknown_kind(std::string_view word) {
  std::vector<std::string_view> names{"non-inferior", "e2e.p50", "ttft.p50", "e2e.p95"};
  for (const KindRow& row : kKindRows) {
    names.push_back(row.word);
  }
  const auto near = closest(word, names);
  return {fmt::format("unknown gate '{}'", word),
          near ? fmt::format("did you mean '{}'?", *near)
               : "write alarm, not-worse, equivalent, score, ttft.p95, e2e.p50, error-rate, "
                 "max-drop, max-slowdown or cost-per-1k"};
}

std::optional<WordMistake> read_quantile(std::string_view word, Gate& gate) {
  const auto percent = parse_double(word.substr(1));
  if (!percent || *percent <= 0.0 || *percent >= 100.0) {
    return WordMistake{fmt::format("'{}' is no quantile", word),
                       "write p50, p90, p95 or p99: a number between 0 and 100 behind p"};
  }
  gate.kind = GateKind::quantile;
  gate.quantile = *percent / 100.0;
  return std::nullopt;
}

std::optional<WordMistake> read_points(std::string_view word, Gate& gate) {
  const bool has_unit = word.ends_with("pp");
  const auto number = parse_double(has_unit ? word.substr(0, word.size() - 2) : word);
  if (!has_unit || !number) {
    return WordMistake{fmt::format("'{}' is no difference of scores", word),
                       "write percentage points, e.g. 3pp"};
  }
  const bool may_be_zero = gate.kind == GateKind::alarm || gate.kind == GateKind::max_drop;
  if (*number < 0.0 || *number >= 100.0 || (*number == 0.0 && !may_be_zero)) {
    return WordMistake{
        fmt::format("'{}' must be {} 0 and below 100pp", word, may_be_zero ? "at least" : "above"),
        ""};
  }
  gate.limit = *number / 100.0;
  return std::nullopt;
}

std::optional<WordMistake> read_share(std::string_view word, Gate& gate) {
  const bool has_unit = word.ends_with('%');
  const auto number = parse_double(has_unit ? word.substr(0, word.size() - 1) : word);
  // A bare 1 could be one percent or all of them.
  const bool bare = !has_unit && word.find('.') == std::string_view::npos;
  if (!number || bare) {
    return WordMistake{fmt::format("'{}' is no share", word), "write a percentage, e.g. 80%"};
  }
  const double share = has_unit ? *number / 100.0 : *number;
  const bool slowdown = gate.kind == GateKind::max_slowdown;
  if (slowdown && !has_unit) {
    return WordMistake{fmt::format("'{}' is no slowdown", word), "write a percentage, e.g. 20%"};
  }
  if (share < 0.0 || (share > 1.0 && !slowdown) || share > 100.0) {
    return WordMistake{
        fmt::format("'{}' must be from 0% to {}", word, slowdown ? "10000%" : "100%"), ""};
  }
  gate.limit = share;
  return std::nullopt;
}

std::optional<WordMistake> read_time(std::string_view word, Gate& gate) {
  const auto time = parse_duration(word);
  if (!time) {
    return WordMistake{time.error().message, ""};
  }
  if (*time <= Duration::zero()) {
    return WordMistake{fmt::format("'{}' must be above 0", word), ""};
  }
  gate.limit = to_seconds(*time);
  return std::nullopt;
}

std::optional<WordMistake> read_dollars(std::string_view word, Gate& gate) {
  const auto money = parse_dollars(word.starts_with('$') ? word.substr(1) : word);
  if (!money) {
    return WordMistake{fmt::format("'{}' is no amount of money", word),
                       "write US dollars, e.g. $2 or 0.35"};
  }
  gate.limit = static_cast<double>(money->picodollars) / 1e12;
  return std::nullopt;
}

}  // namespace

const KindRow& row_of(GateKind kind) noexcept {
  return *std::ranges::find(kKindRows, kind, &KindRow::kind);
}

std::optional<WordMistake> read_kind(std::string_view word, Gate& gate) {
  const auto dot = word.find('.');
  if (const auto metric = metric_named(word.substr(0, dot));
      metric && dot != std::string_view::npos) {
    gate.metric = *metric;
    const std::string_view what = word.substr(dot + 1);
    if (what == row_of(GateKind::max_slowdown).word) {
      gate.kind = GateKind::max_slowdown;
      return std::nullopt;
    }
    if (what.starts_with('p')) {
      return read_quantile(what, gate);
    }
    return WordMistake{fmt::format("unknown figure '{}'", what),
                       fmt::format("write a quantile, e.g. {}.p95", to_string(*metric))};
  }
  if (metric_named(word)) {
    return WordMistake{fmt::format("'{}' needs a quantile", word),
                       fmt::format("write e.g. {}.p95 <= 1.5s", word)};
  }
  if (word == "non-inferior") {
    gate.kind = GateKind::not_worse;
    return std::nullopt;
  }
  const auto* row = std::ranges::find(kKindRows, word, &KindRow::word);
  if (row == kKindRows.end()) {
    return unknown_kind(word);
  }
  gate.kind = row->kind;
  gate.metric = gate.kind == GateKind::max_slowdown ? Metric::e2e : Metric::score;
  return std::nullopt;
}

std::string kind_word(const Gate& gate) {
  if (gate.kind == GateKind::quantile) {
    const std::string percent =
        shortest(gate.quantile * 100.0, gate.quantile, [](double x) { return x / 100.0; });
    return fmt::format("{}.p{}", to_string(gate.metric), percent);
  }
  if (gate.kind == GateKind::max_slowdown && gate.metric == Metric::ttft) {
    return "ttft.max-slowdown";
  }
  return std::string(row_of(gate.kind).word);
}

std::optional<WordMistake> read_amount(std::string_view word, Gate& gate) {
  switch (row_of(gate.kind).amount) {
    case Amount::points:
      return read_points(word, gate);
    case Amount::share:
    case Amount::slowdown:
      return read_share(word, gate);
    case Amount::dollars:
      return read_dollars(word, gate);
    case Amount::time:
      break;
  }
  return read_time(word, gate);
}

std::string amount_word(const Gate& gate) {
  switch (row_of(gate.kind).amount) {
    case Amount::points:
      return percent_text(gate.limit) + "pp";
    case Amount::share:
    case Amount::slowdown:
      return percent_text(gate.limit) + "%";
    case Amount::dollars:
      return "$" + shortest(gate.limit, gate.limit, [](double x) { return x; });
    case Amount::time:
      break;
  }
  return shortest(gate.limit, gate.limit, seconds_of) + "s";
}

std::optional<WordMistake> check_parts(const Gate& gate) {
  if (gate.kind == GateKind::max_slowdown && !gate.tag.empty()) {
    return WordMistake{"a slowdown is taken over all cases", "leave the tag out"};
  }
  if (gate.kind == GateKind::cost && !gate.tag.empty()) {
    return WordMistake{"a cost is taken over all cases", "leave the tag out"};
  }
  return std::nullopt;
}

}  // namespace faceoff::compare
