#include <faceoff/base/names.h>
#include <faceoff/base/text.h>
#include <faceoff/base/units.h>
#include <faceoff/load/slo.h>

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace faceoff::load {
namespace {

struct Operator {
  std::string_view sign;
  Slo::Test test;
};
// Longer signs first.
constexpr std::array kOperators{Operator{"<=", Slo::Test::at_most},
                                Operator{">=", Slo::Test::at_least},
                                Operator{"<", Slo::Test::below},
                                Operator{">", Slo::Test::above}};

Result<chat::Metric> metric_named(std::string_view name, std::string_view text) {
  if (const auto metric = chat::parse_metric(name)) {
    return *metric;
  }
  std::vector<std::string_view> names;
  for (const auto& row : chat::metric_table()) {
    names.push_back(row.name);
  }
  const auto near = closest(name, names);
  return fail(ErrorKind::usage,
              fmt::format("'{}': no figure is called '{}'{}; docs/metrics.md has the list",
                          text,
                          name,
                          near ? fmt::format("; did you mean '{}'?", *near) : ""));
}

}  // namespace

Result<Slo> parse_slo(std::string_view text) {
  const std::size_t at = text.find_first_of("<>");
  const auto* op = std::ranges::find_if(kOperators, [&](const Operator& o) {
    return at != std::string_view::npos && text.substr(at).starts_with(o.sign);
  });
  if (op == kOperators.end()) {
    return fail(
        ErrorKind::usage,
        fmt::format("'{}' is no objective; write one as ttft<500ms or tok_s_user>20", text));
  }
  Slo slo;
  slo.text = text;
  slo.test = op->test;
  FACEOFF_TRY_ASSIGN(slo.metric, metric_named(trim(text.substr(0, at)), text));
  const std::string_view limit = trim(text.substr(at + op->sign.size()));
  if (chat::info(slo.metric).unit.starts_with("ms")) {
    auto duration = parse_duration(limit);
    if (!duration) {
      return tl::make_unexpected(
          with_context(std::move(duration).error(), fmt::format("'{}'", text)));
    }
    slo.limit = to_ms(*duration);
    return slo;
  }
  auto number = parse_double(limit);
  if (!number) {
    return tl::make_unexpected(with_context(std::move(number).error(), fmt::format("'{}'", text)));
  }
  slo.limit = *number;
  return slo;
}

bool meets(const chat::MetricValues& values, const Slo& slo) noexcept {
  const auto& value = chat::of(values, slo.metric);
  if (!value) {
    return false;
  }
  switch (slo.test) {
    case Slo::Test::below:
      return *value < slo.limit;
    case Slo::Test::at_most:
      return *value <= slo.limit;
    case Slo::Test::above:
      return *value > slo.limit;
    case Slo::Test::at_least:
      return *value >= slo.limit;
  }
  return false;
}

bool meets_all(const chat::MetricValues& values, std::span<const Slo> slos) noexcept {
  return std::ranges::all_of(slos, [&](const Slo& slo) { return meets(values, slo); });
}

}  // namespace faceoff::load
