#include "extraction.h"

#include "extraction_steps.h"
#include "scores.h"
#include "words.h"

#include <faceoff/base/text.h>
#include <faceoff/score/asking.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::size_t kMaxSteps = 50;

const StepInfo* find_step(std::string_view name) {
  const auto table = step_table();
  const auto it = std::ranges::find(table, name, &StepInfo::name);
  return it == table.end() ? nullptr : &*it;
}

void report_unknown(const doc::Context& context, doc::Span span, std::string_view name) {
  std::vector<std::string_view> names;
  for (const StepInfo& step : step_table()) {
    names.push_back(step.name);
  }
  const auto near = closest(name, names);
  context.error(span,
                "unknown-step",
                fmt::format("unknown step '{}'", display_text(clip(name, 60))),
                near ? fmt::format("did you mean '{}'?", *near) : std::string(),
                fmt::format("steps: {}", fmt::join(names, ", ")));
}

void read_step(const doc::Context& context, const doc::Node& node, Pipeline& out) {
  const bool mapping = node.is_mapping() && node.members.size() == 1;
  if (!mapping && !(node.is_scalar() && !node.is_null())) {
    context.error(
        node.span,
        "wrong-type",
        fmt::format("a step is a name or one name with its value, found {}", doc::describe(node)));
    return;
  }
  const std::string& name = mapping ? node.members.front().key : node.text;
  const doc::Node* value =
      mapping && !node.members.front().value.is_null() ? &node.members.front().value : nullptr;
  const StepInfo* info = find_step(name);
  if (info == nullptr) {
    report_unknown(context, mapping ? node.members.front().key_span : node.span, name);
    return;
  }
  if (auto step = info->read(context, node, value)) {
    out.push_back({name, std::move(step)});
  }
}

struct Frame {
  Pipeline pipeline;
  std::string label;
  bool counts = true;
  std::optional<double> weight;
  std::optional<double> threshold;

  [[nodiscard]] Score around(Score score) const {
    score.label = label;
    score.counts = counts;
    score.weight = weight;
    if (threshold && score.verdict == Verdict::scored) {
      score.threshold = threshold;
      score.graded = score.value;
      score.value = score.value >= *threshold ? 1.0 : 0.0;
    }
    return score;
  }
};

// What a scorer sees of an answer; without a value the extraction found nothing.
struct Seen {
  std::optional<std::string> text;
  Score otherwise;  // why there is no text
  std::vector<TraceStep> trace;
};

Seen see(const std::string& scorer, const Pipeline& pipeline, std::string_view text) {
  auto found = extract(pipeline, text);
  if (!found) {
    return {.text = std::nullopt,
            .otherwise = not_judged(scorer, Verdict::unscored, found.error().message),
            .trace = {}};
  }
  Seen seen{.text = std::nullopt, .otherwise = {}, .trace = std::move(found->trace)};
  if (found->values.empty()) {
    seen.otherwise = not_judged(scorer,
                                Verdict::no_extraction,
                                fmt::format("step {} of {}, '{}', found nothing",
                                            seen.trace.size(),
                                            pipeline.size(),
                                            seen.trace.back().step));
  } else {
    seen.text = std::move(found->values.front());
  }
  return seen;
}

class Extracting final : public Scorer {
 public:
  Extracting(std::string name, std::unique_ptr<Scorer> inner, Frame frame)
      : name_(std::move(name)), inner_(std::move(inner)), frame_(std::move(frame)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    return frame_.around(frame_.pipeline.empty() ? inner_->score(input) : extracted(input));
  }

  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    return inner_->objection(item);
  }

  void add_needs(Needs& needs) const override { inner_->add_needs(needs); }

 private:
  [[nodiscard]] Score extracted(const Input& input) const {
    Seen seen = see(name_, frame_.pipeline, input.completion.text);
    Score score = std::move(seen.otherwise);
    if (seen.text) {
      chat::Completion taken = input.completion;
      taken.text = *std::move(seen.text);
      score = inner_->score({input.item, taken, input.outside, input.measured});
    }
    score.trace = std::move(seen.trace);
    return score;
  }

  std::string name_;
  std::unique_ptr<Scorer> inner_;
  Frame frame_;
};

// The same around a scorer that asks a model.
class FramedAsking final : public AskingScorer {
 public:
  FramedAsking(std::unique_ptr<Scorer> inner, Frame frame)
      : inner_(std::move(inner)), frame_(std::move(frame)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return inner_->asking()->name(); }
  [[nodiscard]] std::vector<Asks> asks() const override { return inner_->asking()->asks(); }
  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    return inner_->objection(item);
  }
  [[nodiscard]] Score score(const Input& input) const override {
    return frame_.around(inner_->score(input));
  }
  [[nodiscard]] Next<Score> next(const Input& input,
                                 std::span<const Exchange> so_far) const override {
    if (frame_.pipeline.empty()) {
      return around(inner_->asking()->next(input, so_far), {});
    }
    Seen seen = see(std::string(name()), frame_.pipeline, input.completion.text);
    if (!seen.text) {
      return around(std::move(seen.otherwise), std::move(seen.trace));
    }
    chat::Completion taken = input.completion;
    taken.text = *std::move(seen.text);
    return around(inner_->asking()->next({input.item, taken, input.outside, input.measured}, so_far),
                  std::move(seen.trace));
  }

 private:
  [[nodiscard]] Next<Score> around(Next<Score> next, std::vector<TraceStep> trace) const {
    if (auto* score = std::get_if<Score>(&next)) {
      *score = frame_.around(std::move(*score));
      score->trace = std::move(trace);
    }
    return next;
  }

  std::unique_ptr<Scorer> inner_;
  Frame frame_;
};

class FramedPairs final : public PairScorer {
 public:
  FramedPairs(std::unique_ptr<Scorer> inner, Frame frame)
      : inner_(std::move(inner)), frame_(std::move(frame)) {}

  [[nodiscard]] std::string_view name() const noexcept override {
    return inner_->pairing()->name();
  }
  [[nodiscard]] std::vector<Asks> asks() const override { return inner_->pairing()->asks(); }
  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    return inner_->objection(item);
  }
  [[nodiscard]] Score score(const Input& input) const override {
    return frame_.around(inner_->score(input));
  }
  [[nodiscard]] Next<Outcome> next(const suite::Case& item,
                                   const Contestant& first,
                                   const Contestant& second,
                                   std::span<const Exchange> so_far) const override {
    return inner_->pairing()->next(item, first, second, so_far);
  }
  [[nodiscard]] Score settle(const suite::Case& item, Judged judged) const override {
    return frame_.around(inner_->pairing()->settle(item, std::move(judged)));
  }

 private:
  std::unique_ptr<Scorer> inner_;
  Frame frame_;
};

std::unique_ptr<Scorer> framed(std::string name, std::unique_ptr<Scorer> inner, Frame frame) {
  if (inner->asking() != nullptr) {
    return std::make_unique<FramedAsking>(std::move(inner), std::move(frame));
  }
  if (inner->pairing() != nullptr) {
    return std::make_unique<FramedPairs>(std::move(inner), std::move(frame));
  }
  return std::make_unique<Extracting>(std::move(name), std::move(inner), std::move(frame));
}

bool is_frame_key(std::string_view key) {
  return key == "via" || key == "as" || key == "counts" || key == "weight" || key == "threshold";
}

Frame read_frame(const doc::Context& context, const doc::Node& options) {
  Frame frame;
  if (const doc::Node* via = options.find("via")) {
    frame.pipeline = read_pipeline(context, *via);
  }
  if (const doc::Node* as = options.find("as")) {
    frame.label = doc::as_string(context, *as, "as").value_or("");
    if (frame.label.size() > 60 || is_blank(frame.label)) {
      context.error(as->span, "wrong-value", "'as' must be a name of 1 to 60 bytes");
    }
  }
  if (const doc::Node* counts = options.find("counts")) {
    frame.counts = doc::as_bool(context, *counts, "counts").value_or(true);
  }
  if (const doc::Node* weight = options.find("weight")) {
    frame.weight = doc::as_number(context, *weight, "weight");
    if (frame.weight && !(*frame.weight > 0.0 && *frame.weight <= 1e6)) {
      context.error(weight->span,
                    "wrong-value",
                    fmt::format("'weight' must be more than 0 and at most a million, found '{}'",
                                weight->text),
                    {},
                    "write 'counts: false' for a scorer that shall change no value");
    }
  }
  if (const doc::Node* threshold = options.find("threshold")) {
    frame.threshold = doc::as_number(context, *threshold, "threshold");
    if (frame.threshold && !(*frame.threshold > 0.0 && *frame.threshold <= 1.0)) {
      context.error(threshold->span,
                    "wrong-value",
                    fmt::format("'threshold' must be more than 0 and at most 1, found '{}'",
                                threshold->text));
    }
  }
  return frame;
}

}  // namespace

Pipeline read_pipeline(const doc::Context& context, const doc::Node& node) {
  Pipeline pipeline;
  if (!node.is_sequence()) {
    read_step(context, node, pipeline);
    return pipeline;
  }
  if (node.items.empty() || node.items.size() > kMaxSteps) {
    context.error(
        node.span,
        "wrong-value",
        fmt::format("a pipeline has 1 to {} steps, found {}", kMaxSteps, node.items.size()));
    return pipeline;
  }
  for (const doc::Node& item : node.items) {
    read_step(context, item, pipeline);
  }
  return pipeline;
}

Result<Extraction> extract(const Pipeline& pipeline, std::string_view text) {
  Extraction out{{to_valid_utf8(text)}, {}};
  for (const NamedStep& named : pipeline) {
    FACEOFF_TRY_ASSIGN(out.values, named.step->apply(out.values));
    TraceStep step{named.name, std::nullopt};
    if (!out.values.empty()) {
      step.taken = clip(out.values.front());
      if (out.values.size() > 1) {
        *step.taken += fmt::format(" (and {} more)", out.values.size() - 1);
      }
    }
    out.trace.push_back(std::move(step));
    if (out.values.empty()) {
      break;
    }
  }
  return out;
}

std::unique_ptr<Scorer> create_with_extraction(const suite::ScorerSpec& spec,
                                               MakeScorer make,
                                               doc::Diagnostics& diagnostics) {
  if (!spec.options.is_mapping() ||
      std::ranges::none_of(spec.options.members,
                           [](const doc::Member& member) { return is_frame_key(member.key); })) {
    return make(spec, diagnostics);
  }
  const std::size_t mistakes = diagnostics.size();
  Frame frame = read_frame({spec.source, "suite", &diagnostics}, spec.options);
  suite::ScorerSpec own = spec;
  std::erase_if(own.options.members,
                [](const doc::Member& member) { return is_frame_key(member.key); });
  auto inner = make(own, diagnostics);
  if (inner == nullptr || diagnostics.size() != mistakes) {
    return nullptr;
  }
  if (inner->pairing() != nullptr && !frame.pipeline.empty()) {
    diagnostics.add(
        {.code = "suite::wrong-value",
         .message = fmt::format("scorer '{}' compares whole answers and takes no 'via'", spec.name),
         .source = spec.source,
         .span = spec.span,
         .label = {},
         .notes = {},
         .help = {}});
    return nullptr;
  }
  return framed(spec.name, std::move(inner), std::move(frame));
}

}  // namespace faceoff::score
