#include "extraction.h"

#include "extraction_steps.h"
#include "scores.h"
#include "words.h"

#include <faceoff/base/text.h>

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
};

class Extracting final : public Scorer {
 public:
  Extracting(std::string name, std::unique_ptr<Scorer> inner, Frame frame)
      : name_(std::move(name)), inner_(std::move(inner)), frame_(std::move(frame)) {}

  [[nodiscard]] Score score(const Input& input) const override {
    Score score = frame_.pipeline.empty() ? inner_->score(input) : extracted(input);
    score.label = frame_.label;
    score.counts = frame_.counts;
    return score;
  }

  [[nodiscard]] std::optional<std::string> objection(const suite::Case& item) const override {
    return inner_->objection(item);
  }

  void add_needs(Needs& needs) const override { inner_->add_needs(needs); }

 private:
  [[nodiscard]] Score extracted(const Input& input) const {
    auto found = extract(frame_.pipeline, input.completion.text);
    if (!found) {
      return not_judged(name_, Verdict::unscored, found.error().message);
    }
    Score score;
    if (found->values.empty()) {
      score = not_judged(name_,
                         Verdict::no_extraction,
                         fmt::format("step {} of {}, '{}', found nothing",
                                     found->trace.size(),
                                     frame_.pipeline.size(),
                                     found->trace.back().step));
    } else {
      chat::Completion taken = input.completion;
      taken.text = found->values.front();
      score = inner_->score({input.item, taken, input.outside});
    }
    score.trace = std::move(found->trace);
    return score;
  }

  std::string name_;
  std::unique_ptr<Scorer> inner_;
  Frame frame_;
};

bool is_frame_key(std::string_view key) {
  return key == "via" || key == "as" || key == "counts";
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
  return std::make_unique<Extracting>(spec.name, std::move(inner), std::move(frame));
}

}  // namespace faceoff::score
