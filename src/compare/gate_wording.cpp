#include "gate_draft.h"

#include <faceoff/base/units.h>

#include <cmath>
#include <string>

#include <fmt/format.h>

namespace faceoff::compare {
namespace {

std::string points(double share) {
  return fmt::format("{:+.1f}", std::round(share * 1000.0) / 10.0 + 0.0);
}
// Without a sign, with as many digits as the limit was written with.
std::string plain_points(double share) {
  return fmt::format("{:.4g} pp", share * 100.0);
}
std::string percent(double share) {
  return fmt::format("{:.1f}%", share * 100.0);
}
std::string time_text(double seconds) {
  const int decimals = seconds < 0.0995 ? 3 : seconds < 9.995 ? 2 : seconds < 99.95 ? 1 : 0;
  return std::isinf(seconds) ? std::string("no end") : fmt::format("{:.{}f}", seconds, decimals);
}
std::string cases(std::uint64_t n, std::string_view noun = "case") {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string interval(const GateResult& r, auto&& text) {
  const std::string level = fmt::format("{:.3g}% interval", r.conf * 100.0);
  if (r.lo && r.hi) {
    return fmt::format("{} {} to {}", level, text(*r.lo), text(*r.hi));
  }
  if (r.lo) {
    return fmt::format("{} from {}, no upper end", level, text(*r.lo));
  }
  return r.hi ? fmt::format("{} up to {}, no lower end", level, text(*r.hi)) : "no interval";
}

std::string p_text(const GateResult& r) {
  const auto& p = r.p_adjusted ? r.p_adjusted : r.p;
  if (!p) {
    return {};
  }
  const std::string value = *p < 0.001 ? "p < 0.001" : fmt::format("p = {:.2g}", *p);
  return r.p_adjusted ? fmt::format("{}, adjusted for {} gates", value, r.family_size) : value;
}

// ": about 1390 cases would decide it" with the assumption behind the number.
std::string needed(const GateResult& r, std::string_view assumption) {
  if (!r.needs_cases) {
    return "; no number of cases within reach would decide it";
  }
  if (*r.needs_cases <= r.n) {
    return "; it lies at the limit, where hardly any number of cases decides";
  }
  return fmt::format("; {}{}about {} would decide it",
                     assumption,
                     assumption.empty() ? "" : ", ",
                     cases(*r.needs_cases));
}

std::string split(const GateDraft& draft) {
  const Comparison& c = *draft.comparison;
  return fmt::format("worse on {}, better on {} of {}", c.n_lower, c.n_higher, cases(c.n_pairs));
}

std::string alarm_text(const GateDraft& draft) {
  const GateResult& r = draft.result;
  const std::string figures =
      fmt::format("{}; {}; {}", interval(r, points), split(draft), p_text(r));
  if (r.state == GateState::inconclusive) {
    return fmt::format(
        "it could not fail with {}; {} at least are needed", cases(r.n), r.needs_cases.value_or(0));
  }
  if (r.state == GateState::fail) {
    return fmt::format("regression: {} pp against the reference{} ({})",
                       points(*r.value),
                       r.gate.limit > 0.0 ? ", more than " + plain_points(r.gate.limit) : "",
                       figures);
  }
  std::string text = fmt::format(
      "no regression shown: {} pp against the reference ({})", points(*r.value), figures);
  if (r.lo && *r.lo < 0.0) {
    text += fmt::format("; a drop of up to {:.1f} pp cannot be excluded", -*r.lo * 100.0);
  }
  return text;
}

std::string margin_text(const GateDraft& draft) {
  const GateResult& r = draft.result;
  const bool both = r.gate.kind == GateKind::equivalent;
  const std::string figures = fmt::format(
      "{} pp against the reference ({}, {})", points(*r.value), interval(r, points), cases(r.n));
  const std::string margin = plain_points(r.gate.limit);
  if (r.state == GateState::pass) {
    return fmt::format(
        "{} of {} or more is excluded: {}", both ? "a difference" : "a drop", margin, figures);
  }
  if (r.state == GateState::fail) {
    return fmt::format(
        "{} by more than {}: {}; {}", both ? "different" : "worse", margin, figures, p_text(r));
  }
  return fmt::format("not decided: {}{}", figures, needed(r, "if the models are equal"));
}

std::string drop_text(const GateDraft& draft) {
  const GateResult& r = draft.result;
  std::string text =
      fmt::format("{} pp against the reference ({})", points(*r.value), split(draft));
  if (r.false_alarm) {
    text +=
        fmt::format("; a limit on the raw drop stops an unchanged model in {:.2g} of 100 such runs",
                    *r.false_alarm * 100.0);
  }
  return text;
}

std::string share_text(const GateDraft& draft) {
  const GateResult& r = draft.result;
  const bool errors = r.gate.kind == GateKind::error_rate;
  const auto number = [](double share) { return fmt::format("{:.1f}", share * 100.0); };
  std::string text = fmt::format("{} of {} ({})",
                                 percent(*r.value),
                                 cases(r.n, errors ? "trial" : "case"),
                                 interval(r, number));
  if (errors) {
    text = fmt::format("{} failed", text);
  }
  if (r.state == GateState::inconclusive) {
    text = fmt::format("not decided: {}{}",
                       text,
                       needed(r, fmt::format("if {} is the true rate", percent(*r.value))));
  } else if (r.state == GateState::fail && r.method != "count") {
    text += "; " + p_text(r);
  }
  return text;
}

std::string quantile_text(const GateDraft& draft) {
  const GateResult& r = draft.result;
  const std::string text =
      fmt::format("{} ({}, {})",
                  r.value ? time_text(*r.value) + " s" : std::string("beyond a time limit"),
                  interval(r, time_text),
                  cases(r.n, "answer"));
  if (r.state != GateState::inconclusive) {
    return r.state == GateState::fail ? text + "; " + p_text(r) : text;
  }
  if (!r.hi && r.needs_cases) {
    return fmt::format("not decided: {}; it needs at least {}", text, cases(*r.needs_cases));
  }
  return fmt::format("not decided: {}{}", text, needed(r, ""));
}

std::string slowdown_text(const GateDraft& draft) {
  const GateResult& r = draft.result;
  const auto factor = [](double x) { return fmt::format("{:.3g}", x); };
  const std::string text = fmt::format("{} times as long as the reference to {} ({}, {})",
                                       factor(*r.value),
                                       r.gate.metric == Metric::ttft ? "start" : "finish",
                                       interval(r, factor),
                                       cases(r.n));
  return r.state == GateState::inconclusive
             ? fmt::format("not decided: {}{}", text, needed(r, "if that is the true factor"))
             : text;
}

std::string cost_text(const GateDraft& draft) {
  const GateResult& r = draft.result;
  const auto money = [](double dollars) {
    return format_money({static_cast<std::int64_t>(std::llround(dollars * 1e12))});
  };
  return fmt::format("{} for 1000 answers ({} with a price), at most {} wanted",
                     money(*r.value),
                     cases(r.n, "trial"),
                     money(r.gate.limit));
}

}  // namespace

std::string message_of(const GateDraft& draft) {
  if (!draft.result.comparable) {
    return "not judged: " + draft.reason;
  }
  switch (draft.result.gate.kind) {
    case GateKind::alarm:
      return alarm_text(draft);
    case GateKind::not_worse:
    case GateKind::equivalent:
      return margin_text(draft);
    case GateKind::score:
    case GateKind::error_rate:
      return share_text(draft);
    case GateKind::quantile:
      return quantile_text(draft);
    case GateKind::max_drop:
      return drop_text(draft);
    case GateKind::cost:
      return cost_text(draft);
    case GateKind::max_slowdown:
      break;
  }
  return slowdown_text(draft);
}

}  // namespace faceoff::compare
