#include "../judge_prompt.h"
#include "../options.h"
#include "../scores.h"
#include "../table.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace faceoff::score {
namespace {

constexpr std::string_view kName = "judge/pairwise";
constexpr std::string_view kFirst = "first";
constexpr std::string_view kSecond = "second";
constexpr std::string_view kTie = "tie";
constexpr std::string_view kCriteria =
    "Which answer serves the one who asked better: is it more correct, more helpful, more to the "
    "point? Neither the length of an answer nor its place counts.";

struct Rules {
  JudgeOptions judges;
  std::string criteria;
  bool ties = true;
  bool reference = true;
};

Preferred swapped(Preferred preferred) {
  switch (preferred) {
    case Preferred::self:
      return Preferred::other;
    case Preferred::other:
      return Preferred::self;
    default:
      return preferred;
  }
}

// What a verdict on two slots means to the answer in the first one.
Preferred meaning(std::string_view verdict) {
  return verdict == kFirst    ? Preferred::self
         : verdict == kSecond ? Preferred::other
                              : Preferred::neither;
}

// A win needs both orders; all else is a tie.
Preferred of_both(const DuelVerdict& verdict) {
  if (verdict.shown_first == Preferred::nothing || verdict.shown_second == Preferred::nothing) {
    return Preferred::nothing;
  }
  return verdict.shown_first == verdict.shown_second ? verdict.shown_first : Preferred::neither;
}

Preferred of_all(const std::vector<DuelVerdict>& verdicts) {
  std::array<std::size_t, 3> votes{};
  std::size_t voters = 0;
  for (const auto& verdict : verdicts) {
    if (const Preferred one = of_both(verdict); one != Preferred::nothing) {
      ++votes.at(static_cast<std::size_t>(one));
      ++voters;
    }
  }
  for (const auto preferred : {Preferred::self, Preferred::other}) {
    if (2 * votes.at(static_cast<std::size_t>(preferred)) > voters) {
      return preferred;
    }
  }
  return voters == 0 ? Preferred::nothing : Preferred::neither;
}

class Pairwise final : public PairScorer {
 public:
  explicit Pairwise(Rules rules) : rules_(std::move(rules)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return kName; }
  [[nodiscard]] std::vector<Asks> asks() const override;
  [[nodiscard]] Next<Outcome> next(const suite::Case& item,
                                   const Contestant& first,
                                   const Contestant& second,
                                   std::span<const Exchange> so_far) const override;
  [[nodiscard]] Score settle(const suite::Case& item, Judged judged) const override;

 private:
  [[nodiscard]] Brief own_words() const;
  [[nodiscard]] Brief brief(const suite::Case& item,
                            std::string_view first,
                            std::string_view second) const;

  Rules rules_;
};

Brief Pairwise::own_words() const {
  Brief brief{.task = "You compare two answers to the same task.",
              .criteria = rules_.criteria,
              .menu = {{std::string(kFirst), "the first answer is better"},
                       {std::string(kSecond), "the second answer is better"}},
              .parts = {}};
  if (rules_.ties) {
    brief.menu.push_back({std::string(kTie), "neither is better"});
  }
  return brief;
}

Brief Pairwise::brief(const suite::Case& item,
                      std::string_view first,
                      std::string_view second) const {
  Brief brief = own_words();
  brief.parts.push_back({.name = "the task", .text = task_text(item)});
  if (rules_.reference) {
    for (const auto& target : item.targets) {
      brief.parts.push_back({.name = "a right answer", .text = target});
    }
  }
  brief.parts.push_back({.name = "the first answer", .text = std::string(first)});
  brief.parts.push_back({.name = "the second answer", .text = std::string(second)});
  return brief;
}

std::vector<Asks> Pairwise::asks() const {
  std::vector<Asks> asks;
  for (const auto& judge : rules_.judges.judges) {
    asks.push_back({.backend = judge,
                    .questions = 2.0 + rules_.judges.canaries,
                    .own_tokens = own_tokens(own_words()),
                    .max_tokens = rules_.judges.params.max_tokens});
  }
  return asks;
}

Next<PairScorer::Outcome> Pairwise::next(const suite::Case& item,
                                         const Contestant& first,
                                         const Contestant& second,
                                         std::span<const Exchange> so_far) const {
  const Brief forward = brief(item, first.completion.text, second.completion.text);
  const Brief backward = brief(item, second.completion.text, first.completion.text);
  Outcome outcome;
  outcome.duel.opponent = second.backend;
  std::vector<Question> questions;
  const auto look = [&](Inquiry& inquiry) {
    const auto state = inquiry.look(so_far);
    if (state == Inquiry::State::open) {
      questions.push_back(inquiry.question());
    } else if (state == Inquiry::State::failed) {
      outcome.awaits = true;
      outcome.duel.note = fmt::format(
          "judge '{}' did not answer: {}", inquiry.judge(), clip(inquiry.failure(), 120));
    }
    outcome.asked.insert(outcome.asked.end(), inquiry.asked().begin(), inquiry.asked().end());
    return state;
  };
  for (const auto& judge : rules_.judges.judges) {
    DuelVerdict verdict{.judge = judge};
    Inquiry one(rules_.judges, judge, fmt::format("{}, {} first", judge, first.backend), forward);
    Inquiry two(rules_.judges, judge, fmt::format("{}, {} first", judge, second.backend), backward);
    if (look(one) == Inquiry::State::verdict) {
      verdict.shown_first = meaning(one.verdict());
    }
    if (look(two) == Inquiry::State::verdict) {
      verdict.shown_second = swapped(meaning(two.verdict()));
    }
    outcome.duel.verdicts.push_back(std::move(verdict));
  }
  if (questions.empty() &&
      is_canary(rules_.judges, item, first.completion.text + second.completion.text)) {
    for (const auto& verdict : outcome.duel.verdicts) {
      // The second answer asks for a win that it did not get.
      if (verdict.shown_first == Preferred::nothing || verdict.shown_first == Preferred::other) {
        continue;
      }
      const Brief bait =
          brief(item, first.completion.text, with_canary(second.completion.text, kSecond));
      Inquiry canary(rules_.judges, verdict.judge, verdict.judge + ", canary", bait);
      if (look(canary) == Inquiry::State::verdict) {
        outcome.canaries.push_back({.judge = verdict.judge, .held = canary.verdict() != kSecond});
      }
    }
  }
  if (!questions.empty()) {
    return questions;
  }
  if (!outcome.awaits) {
    outcome.duel.outcome = of_all(outcome.duel.verdicts);
    if (outcome.duel.outcome == Preferred::nothing) {
      outcome.duel.note = "no verdict of the list, even when asked again";
    }
  }
  return outcome;
}

Score Pairwise::settle(const suite::Case& item, Judged judged) const {
  double points = 0.0;
  std::size_t decided = 0;
  std::size_t won = 0;
  std::size_t tied = 0;
  std::string note;
  for (const auto& duel : judged.duels) {
    if (duel.outcome == Preferred::nothing) {
      note = duel.note;
      continue;
    }
    ++decided;
    won += duel.outcome == Preferred::self ? 1 : 0;
    tied += duel.outcome == Preferred::neither ? 1 : 0;
    points += duel.outcome == Preferred::self      ? 1.0
              : duel.outcome == Preferred::neither ? 0.5
                                                   : 0.0;
  }
  judged.prompt = prompt_version("pairwise/1", own_words());
  judged.menu = {"win", "tie", "loss"};
  judged.human = human_label(item, kName);
  Score score;
  if (decided == 0) {
    score = not_judged(
        kName, Verdict::unscored, note.empty() ? "there is no other answer to compare with" : note);
  } else {
    const std::size_t lost = decided - won - tied;
    score = graded(kName,
                   points / static_cast<double>(decided),
                   decided > 1 ? fmt::format("{} won, {} tied, {} lost", won, tied, lost)
                   : won > 0   ? "win"
                   : tied > 0  ? "tie"
                               : "loss",
                   fmt::format("against {} other answer{}: {} won, {} tied, {} lost",
                               decided,
                               decided == 1 ? "" : "s",
                               won,
                               tied,
                               lost));
  }
  score.judged = std::move(judged);
  return score;
}

std::unique_ptr<Scorer> create(const suite::ScorerSpec& spec, doc::Diagnostics& diagnostics) {
  Options options(spec, diagnostics);
  Rules rules{.judges = read_judge_options(options), .criteria = std::string(kCriteria)};
  if (const doc::Node* criteria = options.node("criteria")) {
    rules.criteria = doc::as_string(options.context(), *criteria, "criteria").value_or("");
  }
  rules.ties = options.flag("ties", true);
  rules.reference = options.flag("reference", true);
  return options.finish() ? std::make_unique<Pairwise>(std::move(rules)) : nullptr;
}

}  // namespace

constinit const Info judge_pairwise_scorer{
    .name = "judge/pairwise",
    .summary = "a model compares the answers of two backends, in both orders",
    .options = "criteria, ties, reference, judge, judges, params, schema, canaries",
    .version = 1,
    .needs_target = false,
    .create = create};

}  // namespace faceoff::score
