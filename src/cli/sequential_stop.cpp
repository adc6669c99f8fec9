#include "sequential_stop.h"

#include <faceoff/base/random.h>
#include <faceoff/compare/gate.h>

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace faceoff::cli {
namespace {

constexpr std::size_t kMostCases = 200'000;

class VectorSource final : public suite::CaseSource {
 public:
  explicit VectorSource(const std::vector<suite::Case>& cases) : cases_(cases) {}
  Result<std::optional<suite::Case>> next(doc::Diagnostics& /*diagnostics*/) override {
    return at_ < cases_.size() ? std::optional(cases_[at_++]) : std::nullopt;
  }

 private:
  const std::vector<suite::Case>& cases_;
  std::size_t at_ = 0;
};

class ShuffledSuite final : public suite::Suite {
 public:
  ShuffledSuite(const suite::Suite& suite, std::vector<suite::Case> cases)
      : suite_(suite), cases_(std::move(cases)) {}
  const std::string& name() const noexcept override { return suite_.name(); }
  const std::string& description() const noexcept override { return suite_.description(); }
  const std::filesystem::path& path() const noexcept override { return suite_.path(); }
  const std::string& digest() const noexcept override { return suite_.digest(); }
  std::unique_ptr<suite::CaseSource> open() const override {
    return std::make_unique<VectorSource>(cases_);
  }

 private:
  const suite::Suite& suite_;
  std::vector<suite::Case> cases_;
};

}  // namespace

Status check_stopping(const store::Gating& gating, std::size_t backends) {
  if (backends < 2 && gating.gates.empty()) {
    return fail(ErrorKind::usage, "--stop-when-sure: needs two backends to compare");
  }
  for (const std::string& text : gating.gates) {
    const auto gate = compare::parse_gate(text);
    if (!gate || gate->kind != compare::GateKind::score || !gate->tag.empty()) {
      return fail(ErrorKind::usage,
                  fmt::format("--stop-when-sure: the gate '{}' needs a number of cases that is "
                              "fixed before; only thresholds on the score of all cases may stop a "
                              "run",
                              text));
    }
  }
  return {};
}

void SequentialStop::watch_gates(const store::Gating& gating, std::uint64_t cases) {
  // All gates together keep their level.
  const double alpha =
      gating.alpha / static_cast<double>(std::max<std::size_t>(1, gating.gates.size()) *
                                         std::max<std::size_t>(1, backends_.size()));
  for (const std::string& text : gating.gates) {
    const auto gate = compare::parse_gate(text);
    for (const std::string& backend : backends_) {
      if (gate && (gate->backend.empty() || gate->backend == backend)) {
        thresholds_.emplace_back(backend, gate->limit, cases, alpha);
      }
    }
  }
}

bool SequentialStop::settled() const {
  return thresholds_.empty()
             ? watch_.sure()
             : std::ranges::all_of(thresholds_, [](const compare::ThresholdWatch& threshold) {
                 return threshold.state() != stats::Curtailed::undecided;
               });
}

Status SequentialStop::read_earlier(const std::filesystem::path& folder) {
  FACEOFF_TRY_ASSIGN(const auto read,
                     store::read_records(folder, [this](store::Record&& record) { look(record); }));
  static_cast<void>(read);
  return {};
}

Status SequentialStop::append(const store::Record& record, std::string_view line) {
  FACEOFF_TRY(next_.append(record, line));
  look(record);
  return {};
}

void SequentialStop::look(const store::Record& record) {
  // What waits for a judge has no value yet, and a judge's own answer is no case.
  if (record.awaits || record.asked_for) {
    return;
  }
  watch_.add(record);
  for (auto& threshold : thresholds_) {
    threshold.add(record);
  }
  if (!stopped_ && settled()) {
    stopped_ = true;
    stop_.drain = true;
  }
}

Result<std::unique_ptr<suite::Suite>> in_random_order(
    const suite::Suite& suite,
    const std::function<bool(const suite::Case&)>& selects,
    std::uint64_t limit,
    std::uint64_t seed) {
  std::vector<suite::Case> cases;
  doc::Diagnostics diagnostics;
  const auto source = suite.open();
  while (limit == 0 || cases.size() < limit) {
    FACEOFF_TRY_ASSIGN(auto item, source->next(diagnostics));
    if (!item) {
      break;
    }
    if (selects && !selects(*item)) {
      continue;
    }
    if (cases.size() == kMostCases) {
      return fail(ErrorKind::usage,
                  fmt::format("--stop-when-sure: asks the cases in random order and holds them in "
                              "memory for that, at most {}; select fewer with --limit",
                              kMostCases));
    }
    cases.push_back(*std::move(item));
  }
  Random random(seed);
  for (std::size_t i = cases.size(); i > 1; --i) {
    std::swap(cases[i - 1], cases[random.below(i)]);
  }
  return std::make_unique<ShuffledSuite>(suite, std::move(cases));
}

void note_early_stop(const run::Tally& tally, store::Manifest& manifest) {
  std::uint64_t recorded = 0;
  const std::uint64_t planned = manifest.trials;
  for (std::size_t i = 0; i < tally.lanes.size() && i < manifest.backends.size(); ++i) {
    manifest.backends[i].trials = tally.lanes[i].finished + tally.lanes[i].reused;
    recorded += manifest.backends[i].trials;
  }
  manifest.trials = recorded;
  manifest.notes.push_back(
      fmt::format("--stop-when-sure: the outcome was clear after {} of {} trials; verdict, "
                  "interval and p are valid for stopping then",
                  recorded,
                  planned));
}

}  // namespace faceoff::cli
